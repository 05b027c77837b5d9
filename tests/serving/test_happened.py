"""`GET /v1/events`: what happened for a job or to a freelancer, newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.serving.live import a_service, an_event, put, send

ODD = "zażółć/☕?&=:'%"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    database = tmp_path_factory.mktemp("live") / "m.db"
    with a_service(f"sqlite:///{database}") as client:
        yield client


def asked(client: TestClient, **query: object) -> dict[str, Any]:
    answer = client.get("/v1/events", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(client: TestClient, **query: object) -> list[str]:
    return [one["event_id"] for one in asked(client, **query)["events"]]


def refused(client: TestClient, **query: object) -> str:
    answer = client.get("/v1/events", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    return answer.json()["detail"]


def test_what_was_sent_is_there_at_once_with_every_column(live):
    put(live, "jobs/columns", title="go")
    seat = {"decision_id": "d1", "position": 3, "propensity": 0.25}
    sent = an_event("shown-1", "shown", job_id="columns", **seat)
    hired = an_event("hired-1", at="2024-06-06T00:00:00Z", job_id="columns", value=55.0)
    send(live, sent, hired)
    unknown = dict.fromkeys(("decision_id", "position", "propensity", "value"))
    assert asked(live, job_id="columns") == {
        "events": [{**unknown, **hired}, {**unknown, **sent}],
        "next": None,
    }


def test_a_job_a_freelancer_a_kind_and_all_of_them(live):
    put(live, "jobs/several", title="go")
    send(
        live,
        an_event("s1", "invited", job_id="several", freelancer_id="f3"),
        an_event("s2", "invited", job_id="several", freelancer_id="f4"),
        an_event("s3", "shortlisted", job_id="several", freelancer_id="f4"),
        an_event("s4", "invited", job_id="j/1", freelancer_id="f4"),
    )
    assert ids(live, job_id="several") == ["s1", "s2", "s3"]
    assert ids(live, freelancer_id="f4") == ["s2", "s3", "s4"]
    assert ids(live, freelancer_id="f4", job_id="several") == ["s2", "s3"]
    assert ids(live, freelancer_id="f4", kind="invited") == ["s2", "s4"]
    assert ids(live, freelancer_id="f4", job_id="several", kind="rejected") == []


def test_what_the_bundle_brought_is_among_them_and_what_nobody_knows_has_none(live):
    assert ids(live, job_id="j/2") == ["e2"]
    assert asked(live, job_id="nowhere") == {"events": [], "next": None}
    assert asked(live, freelancer_id=ODD) == {"events": [], "next": None}


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
def test_pages_hold_every_event_once_newest_first_and_ties_by_id(live, limit):
    put(live, "jobs/paged", title="go")
    days = {"p:b": 3, "p:a": 3, "p-z": 9, ODD: 3, "p-old": 1, "p-☕": 2}
    times = {id_: f"2024-06-0{day}T00:00:00Z" for id_, day in days.items()}
    send(live, *(an_event(id_, at=at, job_id="paged") for id_, at in times.items()))
    found, after, pages = [], {}, 0
    while after is not None:
        page = asked(live, job_id="paged", limit=limit, **after)
        found += [one["event_id"] for one in page["events"]]
        after = page["next"] and {"after": page["next"]}
        pages += 1
    assert found == sorted(days, key=lambda id_: (-days[id_], id_))
    assert pages == -(-len(days) // limit)


def test_an_event_that_comes_between_two_pages_moves_nothing(live):
    put(live, "jobs/moving", title="go")
    send(live, *(an_event(f"m{n}", job_id="moving") for n in range(4)))
    first = asked(live, job_id="moving", limit=2)
    send(live, an_event("m-new", at="2024-06-09T00:00:00Z", job_id="moving"))
    assert ids(live, job_id="moving", limit=2, after=first["next"]) == ["m2", "m3"]


def test_before_1970_is_a_time_as_well(live):
    put(live, "jobs/old", title="go", posted_at="1960-01-01T00:00:00Z")
    send(live, *(an_event(f"o{n}", at=f"1969-12-0{n}T00:00:00Z", job_id="old") for n in (1, 2)))
    page = asked(live, job_id="old", limit=1)
    assert ids(live, job_id="old", after=page["next"]) == ["o1"]


def test_everything_at_once_is_no_question(live):
    assert "a job_id, a freelancer_id, or both" in refused(live)
    assert "a job_id, a freelancer_id, or both" in refused(live, kind="hired")


@pytest.mark.parametrize(
    "query",
    [
        *({"limit": 0}, {"limit": 1_001}, {"limit": "x"}, {"kind": "fired"}, {"kind": ""}),
        *({"job_id": ""}, {"job_id": "a b"}, {"job_id": "x" * 201}, {"who": "f1"}),
        *({"after": ""}, {"after": "1"}, {"after": "x:y"}, {"after": "1:"}, {"after": "1:a\n"}),
        *({"after": "1:a b"}, {"after": "9" * 19 + ":a"}, {"after": "٣:a"}, {"after": "--1:a"}),
    ],
)
def test_what_cannot_be_asked_is_refused(live, query):
    refused(live, **{"job_id": "j/0", **query})


def test_a_deleted_job_keeps_its_past_and_an_erased_person_has_none(live):
    put(live, "jobs/gone", title="go")
    put(live, "freelancers/leaver", title="go")
    send(
        live,
        an_event("g1", job_id="gone", freelancer_id="f5"),
        an_event("g2", job_id="gone", freelancer_id="leaver"),
    )
    assert live.delete("/v1/jobs/gone").status_code == 204
    assert ids(live, job_id="gone") == ["g1", "g2"]
    assert live.delete("/v1/freelancers/leaver?erase=true").status_code == 202
    assert ids(live, job_id="gone") == ["g1"]
    assert ids(live, freelancer_id="leaver") == []


def test_without_a_database_there_are_none(client):
    answer = client.get("/v1/events", params={"job_id": "j/0"})
    assert (answer.status_code, answer.json()["code"]) == (409, "read-only")
