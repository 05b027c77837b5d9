"""The client against the service as it is: what goes in comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from matcher.client import MatcherClient
from matcher.client.errors import ApiError
from matcher.domain import Job
from matcher.store.store import Store
from tests.serving.live import a_service, an_event

# A percent sign is left to a real port: starlette's test client decodes a path twice.
STRANGE = ["a/b", "..", ".", "/", "ü🖋", "a?b#c", "a+b&c;d", "jobs/x/jobs", "x" * 200]


class Through(httpx.BaseTransport):
    """Hands requests to an app, without a port."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._client.request(
            request.method,
            str(request.url),
            content=request.read(),
            headers=dict(request.headers),
        )
        return httpx.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MatcherClient]:
    folder: Path = tmp_path_factory.mktemp("store")
    with (
        a_service(f"sqlite:///{folder / 'm.db'}") as app,
        MatcherClient("http://localhost", transport=Through(app)) as client,
    ):
        yield client


def test_freelancers_for_a_job(asked):
    found = asked.match(
        {"title": "go api server", "skills": ["go"]},
        k=2,
        filters={"hourly_rate_usd": {"lte": 60}},
        as_of=datetime(2024, 6, 1, tzinfo=UTC),
        seed=7,
    )
    assert [one.rank for one in found.matches] == [1, 2]
    assert found.matches[0].reasons[0].text
    assert found.model.name == "tiny"
    assert found.as_of == datetime(2024, 6, 1, tzinfo=UTC)
    assert found.excluded["hourly_rate_usd_unknown"] == 1


def test_a_job_of_the_library_and_one_that_is_known(asked):
    by_fields = asked.match(Job(title="Need a go api server", skills=("go", "sql")))
    assert by_fields.matches
    assert asked.match(job_id="j/0", k=1).matches[0].rank == 1


def test_jobs_for_a_freelancer(asked):
    found = asked.jobs_for("f11", k=3, filters={"exclude": ["j/0"]}, as_of="2024-05-06T00:00:00Z")
    assert all(one.job_id.startswith("j/") for one in found.matches)
    assert "j/0" not in {one.job_id for one in found.matches}


def test_a_brief_is_read_and_asked_with_and_details_come_with_the_list(asked):
    brief = asked.brief("Go developer\n$30/hr, 10 hours a week")
    assert (brief.job["skills"], brief.filters) == (["go"], {"weekly_hours": {"gte": 10.0}})
    found = asked.match(brief.job, k=1, filters=brief.filters, details=True)
    assert found.matches[0].details["skills"]["matched"] == ["go"]
    assert found.similar_jobs[0]["hires"] == 1
    assert asked.match(brief.job, k=1).matches[0].details is None
    jobs = asked.jobs_for("f0", details=True)
    assert jobs.freelancer["profile"]["title"] == "go api server"
    assert jobs.advice[-1]["kind"] == "limits"


@pytest.mark.parametrize("id_", STRANGE)
def test_a_freelancer_of_any_id_is_written_read_and_deleted(asked, id_):
    written = asked.put_freelancer(id_, {"title": f"Tint {id_}", "skills": ["ink"]})
    assert written.outcome == "created"
    found = asked.freelancer(id_)
    assert (found.freelancer_id, found.title, found.skills) == (id_, f"Tint {id_}", ("ink",))
    assert found.version == written.version
    assert asked.jobs_for(id_, k=1).decision_id
    asked.delete_freelancer(id_)
    with pytest.raises(ApiError) as refused:
        asked.freelancer(id_)
    assert (refused.value.status, refused.value.code) == (404, "unknown-freelancer")


@pytest.mark.parametrize("id_", STRANGE)
def test_a_job_of_any_id_is_written_read_and_deleted(asked, id_):
    asked.put_job(id_, {"title": "A poster\twith a tab", "budget_usd_max": 300, "positions": 2})
    found = asked.job(id_)
    assert (found.title, found.positions) == ("A poster\twith a tab", 2)
    asked.delete_job(id_)
    with pytest.raises(ApiError, match="unknown-job"):
        asked.delete_job(id_)


def test_what_was_read_may_be_written_back_and_a_version_that_went_by_is_refused(asked):
    asked.put_freelancer("ada", {"title": "Illustrator", "weekly_hours": 20})
    first = asked.freelancer("ada")
    again = asked.put_freelancer("ada", first, if_match=first.version)
    assert again.outcome == "unchanged"
    changed = {**first.columns(), "title": "Painter"}
    assert asked.put_freelancer("ada", changed, if_match=first.version).outcome == "replaced"
    assert asked.freelancer("ada").title == "Painter"
    with pytest.raises(ApiError) as refused:
        asked.put_freelancer("ada", changed, if_match=first.version)
    assert (refused.value.status, refused.value.code) == (412, "stale-version")
    assert not refused.value.uncertain


def test_events_have_their_verdicts_and_may_be_sent_again(asked):
    events = [an_event("n1"), an_event("n2", freelancer_id="nobody"), an_event("n1", value=7)]
    told = asked.add_events(iter(events))
    assert [one.status for one in told.verdicts] == ["accepted", "refused", "conflict"]
    assert (told.accepted, told.refused, told.conflict) == (1, 1, 1)
    assert "'nobody'" in told.verdicts[1].reason
    again = asked.add_events([{**an_event("n1"), "at": datetime(2024, 6, 5, tzinfo=UTC)}])
    assert again.duplicate == 1


def test_more_events_than_a_request_holds_all_arrive(asked):
    events = (an_event(f"m{at}", "viewed") for at in range(5_001))
    assert asked.add_events(events).accepted == 5_001


def test_an_event_that_holds_what_it_may_not_is_refused_alone(asked):
    odd = [
        an_event("o1", job_id="half \ud800"),
        an_event("o2", value=float("nan")),
        an_event("o3", job_id="a\nb"),
        an_event("o4\u2028", "viewed"),
        an_event("o5", "viewed"),
    ]
    statuses = [one.status for one in asked.add_events(odd).verdicts]
    assert statuses == ["refused", "refused", "refused", "refused", "accepted"]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"title": "half \ud800"}, "title"),
        ({"hourly_rate_usd": float("nan")}, "hourly_rate_usd"),
        ({"shoe_size": 43}, "shoe_size"),
    ],
)
def test_a_refusal_names_the_fields(asked, record, field):
    with pytest.raises(ApiError) as refused:
        asked.put_freelancer("bob", record)
    assert (refused.value.status, refused.value.code) == (422, "invalid-request")
    assert refused.value.fields[0]["field"] == field


@pytest.mark.parametrize(
    ("id_", "code"), [("a\nb", "unknown-route"), ("a b", "invalid-request"), ("\x00", "invalid")]
)
def test_an_id_that_none_may_have_arrives_and_is_refused(asked, id_, code):
    with pytest.raises(ApiError, match=code):
        asked.put_freelancer(id_, {"title": "x"})


def test_a_list_is_on_record_and_a_person_may_order_it_otherwise(asked):
    found = asked.match({"title": "go api server"}, k=2)
    first, second = (one.freelancer_id for one in found.matches)
    said = asked.override(found.decision_id, [second, first], by="ada", reason="Größe 🖋")
    assert said.order == (second, first)
    decision = asked.decision(found.decision_id)
    assert [one.id for one in decision.shown] == [first, second]
    assert decision.request["k"] == 2
    assert [one.reason for one in decision.overrides] == ["Größe 🖋"]


@pytest.mark.parametrize("id_", ["nobody", "a-b/c", "ü"])
def test_a_list_that_is_on_no_record_is_told(asked, id_):
    with pytest.raises(ApiError) as refused:
        asked.decision(id_)
    assert refused.value.status == 404


def test_documents_in_the_order_of_a_query(asked):
    ranked = asked.rerank("ink", ["go", {"text": "ink"}, "half ink"], top_n=2)
    assert [one.index for one in ranked.results] == [1, 2]
    assert ranked.results[0].relevance_score == pytest.approx(1)
    assert asked.rerank("ink", []).results == ()


def test_the_model_and_readiness(asked):
    card = asked.model()
    assert (card.name, card.policy, card.freelancers is not None) == ("tiny", "ranker", True)
    assert card.metrics == {"ndcg@10": 0.5}
    assert asked.is_ready()


def test_a_key_opens_what_it_may(tmp_path):
    url = f"sqlite:///{tmp_path / 'm.db'}"
    with Store.open(url) as store:
        key = store.keys.make("reader", scopes=["read"]).text
    with a_service(url) as app:
        keyless = MatcherClient("http://localhost", transport=Through(app))
        reader = MatcherClient("http://localhost", transport=Through(app), key=key)
        assert keyless.is_ready()
        with pytest.raises(ApiError, match="401 unauthenticated"):
            keyless.model()
        assert reader.model().name == "tiny"
        assert reader.rerank("ink", ["ink"]).results
        with pytest.raises(ApiError, match="403 forbidden"):
            reader.put_job("j", {"title": "x"})


def test_a_service_without_a_store_says_so(client):
    with (
        MatcherClient("http://localhost", transport=Through(client)) as asked,
        pytest.raises(ApiError) as refused,
    ):
        asked.put_job("j", {"title": "x"})
    assert (refused.value.status, refused.value.code) == (409, "read-only")
