"""`matcher shortlist`: what people made of a list, the same from the terminal as over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from matcher.store.acts import Act
from matcher.store.store import Store
from serving.shortlist import standings
from tests.commands import Matcher, Ran
from tests.serving.live import a_service, put, until
from tests.serving.test_decisions import asked, listing, on_record, written

Shortlist = Callable[..., Ran]
K = 4


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('shortlist') / 'm.db'}"


@pytest.fixture(scope="module")
def live(url: str) -> Iterator[TestClient]:
    with a_service(url) as client:
        yield client


@pytest.fixture
def job_id(live: TestClient, request: pytest.FixtureRequest) -> str:
    """A job of the test's own."""
    name = f"brief-{abs(hash(request.node.name)):x}"
    put(live, f"jobs/{name}", title="go api server ☕", skills=["go"])
    return name


@pytest.fixture
def decision(live: TestClient, job_id: str) -> dict[str, Any]:
    return decided(live, job_id=job_id, k=K)


@pytest.fixture
def shortlist(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shortlist:
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    matcher = Matcher(monkeypatch, capsys)

    def told(decision: dict[str, Any], *options: object) -> Ran:
        return matcher("shortlist", decision["decision_id"], "--database", url, *options)

    return told


def decided(client: TestClient, **request: object) -> dict[str, Any]:
    answer = asked(client, **request)
    written(client, answer["decision_id"])
    return answer


def shown(decision: dict[str, Any]) -> list[str]:
    return [one["freelancer_id"] for one in decision["matches"]]


def people(ran: Ran) -> dict[str, dict[str, Any]]:
    assert ran.code == 0, ran.err
    return {one["freelancer_id"]: one for one in json.loads(ran.out)["people"]}


def states(ran: Ran) -> list[str | None]:
    return [one["state"] for one in people(ran).values()]


def events(url: str, decision: dict[str, Any]) -> list[dict[str, Any]]:
    with Store.open(url) as store:
        found = store.marketplace().events
    mine = found[found["decision_id"] == decision["decision_id"]]
    return mine.sort_values("at", kind="stable").to_dict("records")


def an_act(kind: str, *, at: int, who: str = "ada") -> Act:
    return Act(event_id=f"{kind}{at}", at=at, kind=kind, freelancer_id=who, value=None)


# Where somebody stands


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ([], None),
        (["shown", "viewed", "rated_private"], None),
        (["shortlisted"], "shortlisted"),
        (["shortlisted", "rejected"], "dismissed"),
        (["rejected", "shortlisted"], "shortlisted"),
        (["rejected", "applied"], "dismissed"),
        (["shortlisted", "invited", "shortlisted"], "invited"),
        (["invited", "invite_declined"], "declined"),
        (["invited", "invite_accepted", "applied"], "accepted"),
        (["invite_declined", "applied"], "applied"),
        (["invited", "rejected"], "dismissed"),
        (["hired", "rejected", "shortlisted"], "hired"),
        (["invited", "hired", "completed", "paid"], "completed"),
    ],
)
def test_the_last_word_counts_and_no_step_undoes_a_contract(kinds, state):
    acts = [an_act(kind, at=at) for at, kind in enumerate(kinds)]
    found = standings([*acts, an_act("viewed", at=99, who="bo")])
    assert [one.state for one in found.values()] == ([] if state is None else [state])


# The list


def test_a_list_of_which_nothing_was_made_is_as_it_was_shown(shortlist, decision):
    content = json.loads(shortlist(decision, "--json").out)
    assert [one["freelancer_id"] for one in content["people"]] == shown(decision)
    assert [one["position"] for one in content["people"]] == [1, 2, 3, 4]
    assert content["order"] is None
    for one, match in zip(content["people"], decision["matches"], strict=True):
        assert (one["state"], one["since"], one["notes"]) == (None, None, [])
        assert (one["score"], one["p_hire"]) == (match["score"], match["p_hire"])
    table = shortlist(decision).out
    assert [line.split()[2:4] for line in table.splitlines() if line[:1] in "1234"] == [
        ["-", id_] for id_ in shown(decision)
    ]


def test_what_came_over_http_is_shown(shortlist, live, decision):
    first, second, third, last = shown(decision)
    path = f"/v1/decisions/{decision['decision_id']}/override"
    for order, reason in (
        ([second, first], "an older order"),
        ([last, third, second, first], "knows \x1b[31mthe shop"),
        ([third], "prefers mornings"),
        ([third], ""),
    ):
        body = {"order": order, "by": "bo ☕", "reason": reason}
        assert live.post(path, json=body).status_code == 201
    sent = {"job_id": decision_job(live, decision), "at": "2030-01-01T00:00:00Z"}
    happened = [
        {**sent, "event_id": f"{decision['decision_id']}{n}", "kind": kind, "freelancer_id": id_}
        for n, (kind, id_) in enumerate((("shortlisted", first), ("hired", second)))
    ]
    assert live.post("/v1/events", json=happened).json()["accepted"] == 2
    found = people(shortlist(decision, "--json"))
    assert list(found) == [last, third, second, first]
    assert [one["state"] for one in found.values()] == [None, None, "hired", "shortlisted"]
    assert [(one["by"], one["reason"]) for one in found[third]["notes"]] == [
        ("bo ☕", "prefers mornings")
    ]
    table = shortlist(decision).out
    assert "bo ☕: prefers mornings" in table
    assert table.endswith("in the order of bo ☕: knows ?[31mthe shop\n")


# What is made of it


def test_what_is_made_of_a_list_is_on_record_as_events_and_overrides(
    shortlist, live, url, decision
):
    first, second, third, _ = shown(decision)
    options = ("--add", first, "--dismiss", second, "--why", "no time", "--invite", third)
    found = people(shortlist(decision, *options, "--by", "ana", "--json"))
    assert [one["state"] for one in found.values()] == ["shortlisted", "dismissed", "invited", None]
    kept = {one["kind"]: one for one in events(url, decision)}
    assert {kind: (one["freelancer_id"], one["position"]) for kind, one in kept.items()} == {
        "shortlisted": (first, 1),
        "rejected": (second, 2),
        "invited": (third, 3),
    }
    assert {one["job_id"] for one in kept.values()} == {decision_job(live, decision)}
    said = on_record(live, decision["decision_id"])["overrides"]
    assert [(one["order"], one["by"], one["reason"]) for one in said] == [
        ([second], "ana", "no time")
    ]
    with Store.open(url) as store:
        last = f"matcher_snapshot_seq {float(store.head())}"
    until(lambda: last in live.get("/metrics").text)


def test_a_later_word_wins_and_the_same_again_is_not_written(shortlist, url, decision):
    first, second = shown(decision)[:2]
    for kind, state, count in (
        ("--add", "shortlisted", 1),
        ("--add", "shortlisted", 1),
        ("--dismiss", "dismissed", 2),
        ("--dismiss", "dismissed", 2),
        ("--add", "shortlisted", 3),
        ("--invite", "invited", 4),
        ("--add", "invited", 4),
        ("--invite", "invited", 4),
    ):
        assert states(shortlist(decision, kind, first, kind, first, "--json"))[0] == state
        assert len(events(url, decision)) == count, kind
    for _ in range(2):
        noted = people(shortlist(decision, "--on", second, "--note", "☕", "--by", "bo", "--json"))
        assert [one["reason"] for one in noted[second]["notes"]] == ["☕"]
    assert len(events(url, decision)) == 4


def test_a_note_is_on_whom_it_names(shortlist, decision):
    first, second, third, _ = shown(decision)
    found = people(shortlist(decision, "--add", first, "--note", "a", "--json"))
    assert [len(one["notes"]) for one in found.values()] == [1, 0, 0, 0]
    options = ("--add", second, "--on", third, "--on", first, "--note", "b")
    found = people(shortlist(decision, *options, "--json"))
    assert [[one["reason"] for one in each["notes"]] for each in found.values()] == [
        ["a", "b"],
        [],
        ["b"],
        [],
    ]
    assert found[first]["notes"][0]["by"], "the account's name"


# What is refused


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--add", "nobody"), 3, "did not show 'nobody', expected one of the 4 ids"),
        (("--add", "FIRST", "--dismiss", "nobody"), 3, "did not show 'nobody'"),
        (("--on", "☕", "--note", "x"), 3, "did not show"),
        (("--add", "FIRST", "--dismiss", "FIRST"), 2, "dismissed and kept at once"),
        (("--dismiss", "FIRST", "--invite", "FIRST"), 2, "dismissed and kept at once"),
        (("--add", "FIRST", "--why", "x"), 2, "name whom with --dismiss"),
        (("--note", "x"), 2, "name whom with --on"),
        (("--on", "FIRST"), 2, "give the note with --note"),
        (("--dismiss", "FIRST", "--why", " "), 2, "is empty"),
        (("--add", "FIRST", "--note", "x" * 2001), 3, "at most 2000 characters"),
        (("--dismiss", "FIRST", "--why", "x", "--by", " "), 3, "by: found"),
        (("--dismiss", "FIRST", "--why", "x", "--by", "x" * 201), 3, "by: found"),
    ],
)
def test_what_contradicts_the_list_or_itself_is_refused_whole(
    shortlist, live, url, decision, options, code, words
):
    first = shown(decision)[0]
    ran = shortlist(decision, *(first if one == "FIRST" else one for one in options))
    assert ran.code == code, ran
    assert words in ran.err
    assert len(ran.err) < 400
    assert events(url, decision) == []
    assert on_record(live, decision["decision_id"])["overrides"] == []


def test_a_brief_that_is_no_job_can_be_noted_on_and_not_acted_on(shortlist, live, url):
    for job in ({"title": "go api server"}, {"title": "go api server", "job_id": "not-on-record"}):
        decision = decided(live, job=job, k=2)
        first = shown(decision)[0]
        ran = shortlist(decision, "--add", first, "--note", "x")
        assert ran.code == (3 if "job_id" in job else 2)
        assert "PUT /v1/jobs/ID" in ran.err or "put the job first" in ran.err
        assert on_record(live, decision["decision_id"])["overrides"] == []
        found = people(shortlist(decision, "--on", first, "--note", "x", "--json"))
        assert [one["reason"] for one in found[first]["notes"]] == ["x"]


def test_a_list_of_jobs_has_no_shortlist(shortlist, live):
    decision = decided(live, path="freelancers/f1/jobs", k=3)
    ran = shortlist(decision)
    assert (ran.code, "shows jobs for a freelancer" in ran.err) == (2, True)


def test_an_unknown_decision_is_told(shortlist, live):
    ran = shortlist({"decision_id": "none"}, "--add", "f1")
    assert (ran.code, "no decision 'none' is on record" in ran.err) == (3, True)


def test_a_list_of_nobody_says_so(shortlist, live):
    decision = decided(live, job={"title": "x"}, filters={"hourly_rate_usd": {"lte": 1}})
    assert shortlist(decision).out == "nobody was shown\n"


def test_somebody_who_was_deleted_since_keeps_the_seat_and_no_profile(shortlist, live, url, job_id):
    put(live, "freelancers/gone/1", title="go api server", skills=["go"], hourly_rate_usd=33)
    decision = decided(live, job_id=job_id, k=100)
    assert "33 USD/h" in shortlist(decision, "--invite", "gone/1").out
    assert live.delete("/v1/freelancers/gone/1").status_code == 204
    found = people(shortlist(decision, "--json"))["gone/1"]
    assert (found["title"], found["hourly_rate_usd"]) == (None, None)
    assert "33 USD/h" not in shortlist(decision).out
    with Store.open(url) as store:
        store.erasures.ask("gone/1")
    assert people(shortlist(decision, "--json"))["gone/1"]["state"] is None


def decision_job(client: TestClient, decision: dict[str, Any]) -> str:
    found = listing(client, limit=500)["decisions"]
    return next(one["job_id"] for one in found if one["decision_id"] == decision["decision_id"])
