"""`matcher explain`: a place on a list, taken apart until it adds up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features import FEATURES
from matcher.bundle import Bundle
from matcher.domain import instant_of
from matcher.store import decisions, overrides
from matcher.store.decision import Decision
from matcher.store.decisions import Prepared
from matcher.store.overrides import Override
from matcher.store.store import Store
from serving.decisions import Origin, of_jobs, of_matches
from serving.jobs_service import JobsService
from serving.schemas import JobsRequest, MatchRequest
from serving.service import MatchService, Served
from tests.bundles import sealed
from tests.commands import Matcher, Ran
from tests.fakes import FakeEncoder
from tests.serving.test_lean import LOADED, UNNEEDED

K = 5
Explain = Callable[..., Ran]


@pytest.fixture(scope="module")
def served(small_bundle: Path) -> Served:
    return Served.of(Bundle.open(small_bundle, features=FEATURES), encoder=FakeEncoder())


@pytest.fixture(scope="module")
def decision(served: Served) -> Decision:
    """A list for the last job, as of its posting."""
    jobs = served.engine.snapshot.jobs
    request = MatchRequest(job_id=jobs.records[-1].job_id, k=K)
    return of_matches(MatchService(served=served).matched(request), origin(served))


@pytest.fixture(scope="module")
def of_a_freelancer(served: Served) -> Decision:
    people, until = served.engine.snapshot.freelancers, served.engine.snapshot.jobs.records[-1]
    service = JobsService(served=served)
    as_of = until.posted_at + timedelta(hours=1) if until.posted_at else None
    for id_ in people.ids:
        matched = service.matched(id_, JobsRequest(k=K, as_of=as_of))
        if matched.answer.matches:
            return of_jobs(matched, origin(served))
    raise AssertionError("no job is open")


@pytest.fixture(scope="module")
def database(
    tmp_path_factory: pytest.TempPathFactory, decision: Decision, of_a_freelancer: Decision
) -> Path:
    file = tmp_path_factory.mktemp("explain") / "m.db"
    put(f"sqlite:///{file}", decision, of_a_freelancer)
    return file


@pytest.fixture
def url(database: Path, tmp_path: Path) -> str:
    """A copy of its own."""
    shutil.copy(database, tmp_path / "m.db")
    return f"sqlite:///{tmp_path / 'm.db'}"


@pytest.fixture
def explain(
    url: str,
    small_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Explain:
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    matcher = Matcher(monkeypatch, capsys)

    def explained(
        of: Decision | str, id_: str, *options: object, bundle: Path | None = None
    ) -> Ran:
        name = of if isinstance(of, str) else of.summary.decision_id
        where = ("--database", url, "--bundle", bundle or small_bundle)
        return matcher("explain", name, id_, *where, *options)

    return explained


def origin(served: Served) -> Origin:
    return Origin(served=served, store="0" * 32, seq=0)


def put(url: str, *made: Decision) -> None:
    with Store.open(url) as store, store.database.writing() as connection:
        decisions.keep(connection, Prepared.of(made))


def said(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


# What it tells


@pytest.mark.parametrize("seat", range(K))
def test_what_every_family_added_comes_to_the_score(explain, decision, seat):
    found = said(explain(decision, decision.shown[seat], "--json"))
    added = [one["contribution"] for one in found["families"]]
    assert {one["family"] for one in found["families"]} == set(map(FEATURES.family, FEATURES.names))
    assert found["policy"] == "ranker"
    assert found["base"] + sum(added) == pytest.approx(found["score"], abs=1e-4)
    assert [abs(one) for one in added] == sorted(map(abs, added), reverse=True)
    assert all(one["text"] for one in found["families"])


def test_it_says_all_that_is_on_record_of_the_seat(explain, decision):
    found = said(explain(decision, decision.shown[1], "--json"))
    assert (found["position"], found["shown"], found["rank"]) == (2, K, 2)
    assert found["ranked"] == K + len(decision.rest)
    assert (found["job_id"], found["freelancer_id"]) == (
        decision.summary.job_id,
        decision.shown[1],
    )
    assert found["p_hire"] == float(decision.figures["p_hire"][1])
    assert set(found["factors"]) == set(decision.named("factors"))
    assert set(found["factor_families"]) <= set(found["factors"])
    assert found["factor_families"]
    assert set(found["sources"]) == set(found["components"]) - {"fused"}
    assert (found["explored"], found["propensity"]) == (False, 1.0)


def test_the_table_says_the_same(explain, decision):
    id_ = decision.shown[0]
    content, table = said(explain(decision, id_, "--json")), explain(decision, id_).out
    assert table.startswith(f"{id_}: seat 1 of {K} in decision {decision.summary.decision_id}")
    assert f"p(hire) {content['p_hire']:.1%}" in table
    for one in content["families"]:
        assert one["family"] in table
    assert f"{content['families'][0]['contribution']:+.3f}" in table
    assert all(source in table for source in content["sources"])
    assert all(name in table for name in content["factor_families"])


def test_a_seat_that_was_drawn_says_so(explain, decision, url):
    drawn = np.arange(K) == 3
    other = replace(
        decision, explored=drawn, summary=replace(decision.summary, decision_id="other")
    )
    put(url, other)
    assert said(explain(other, decision.shown[3], "--json"))["sources"][-1] == "newcomer"
    assert "the seat was drawn, and is no verdict" in explain(other, decision.shown[3]).out
    assert "drawn" not in explain(other, decision.shown[2]).out


def test_somebody_who_was_ranked_and_had_no_seat_has_a_rank(explain, decision):
    someone = decision.rest[2]
    found = said(explain(decision, someone, "--json"))
    assert (found["position"], found["rank"]) == (None, K + 3)
    assert found["score"] == float(decision.rest_scores[2])
    assert (found["base"], found["families"], found["factor_families"]) == (None, [], {})
    assert (found["p_hire"], found["factors"], found["sources"]) == (None, {}, [])
    assert "no seat of 5" in explain(decision, someone).out


def test_a_job_on_a_freelancers_list_is_explained_by_the_other_ranker(explain, of_a_freelancer):
    job_id = of_a_freelancer.shown[0]
    found = said(explain(of_a_freelancer, job_id, "--json"))
    assert (found["direction"], found["job_id"]) == ("jobs", job_id)
    assert found["freelancer_id"] == of_a_freelancer.summary.freelancer_id
    added = sum(one["contribution"] for one in found["families"])
    assert found["base"] + added == pytest.approx(found["score"], abs=1e-4)
    assert found["factor_families"] == {}
    assert job_id in explain(of_a_freelancer, job_id).out


def test_what_people_said_and_what_happened_is_told_in_order(explain, decision, url, served):
    first, second = decision.shown[:2]
    at = instant_of(served.engine.snapshot.jobs.records[-1].posted_at)
    notes = [
        Override(at=at + 1, ranking=(first,), by="ana", reason="loud \x1b[31m[bold]"),
        Override(at=at + 3, ranking=(second, first), by="bo", reason=""),
        Override(at=at + 4, ranking=(second,), by="bo", reason="of somebody else"),
    ]
    job = {"job_id": decision.summary.job_id, "title": "x", "posted_at": "2020-01-01T00:00:00Z"}
    event = {"event_id": "e", "at": "2030-01-01T00:00:00Z", "kind": "hired", "value": 45.0}
    with Store.open(url) as store:
        for id_ in (first, second):
            store.put_freelancer({"freelancer_id": id_})
        store.put_job(job)
        store.put_job({**job, "job_id": "another"})
        sent = [
            {**event, "job_id": decision.summary.job_id, "freelancer_id": first},
            {**event, "job_id": decision.summary.job_id, "freelancer_id": second, "event_id": "f"},
            {**event, "job_id": "another", "freelancer_id": first, "event_id": "g"},
        ]
        assert {one.status for one in store.add_events(sent)} == {"accepted"}
        with store.database.writing() as connection:
            for note in notes:
                overrides.add(connection, decision.summary.decision_id, note)
    found = said(explain(decision, first, "--json"))
    assert [(one["by"], one["order"]) for one in found["overrides"]] == [
        ("ana", [first]),
        ("bo", [second, first]),
    ]
    assert [(one["event_id"], one["kind"], one["value"]) for one in found["events"]] == [
        ("e", "hired", 45.0)
    ]
    *_, noted, placed, hired = explain(decision, first).out.splitlines()
    assert noted.endswith("ana noted: loud ?[31m[bold]")
    assert placed.endswith("bo put this 2 of 2")
    assert hired == "2030-01-01T00:00:00Z  hired (45)"


# What it refuses


def test_somebody_of_whom_the_decision_knows_nothing_is_told(explain, decision):
    for stranger in ("nobody", "☕", "'; DROP TABLE decisions; --", "x" * 1000):
        ran = explain(decision, stranger)
        assert ran.code == 3
        assert "neither showed nor ranked" in ran.err
        assert f"one of its pool of {K + len(decision.rest)}" in ran.err
        assert len(ran.err) < 400


def test_an_unknown_decision_is_told(explain, decision):
    ran = explain("none", decision.shown[0])
    assert ran.code == 3
    assert "no decision 'none' is on record" in ran.err


def test_another_bundle_or_a_damaged_one_is_told(explain, decision, small_bundle, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(small_bundle, other)
    (other / "card.md").write_text("another", encoding="utf-8")
    assert explain(decision, decision.shown[0], bundle=other).code == 4, "it is damaged"
    sealed(other)
    ran = explain(decision, decision.shown[0], bundle=other)
    assert ran.code == 4
    assert "name the one that made it" in ran.err


def test_somebody_who_was_erased_cannot_be_explained(explain, decision, url):
    someone = decision.shown[2]
    with Store.open(url) as store:
        store.put_freelancer({"freelancer_id": someone})
        store.erasures.ask(someone)
        store.erasures.finish()
    assert explain(decision, someone).code == 3
    found = said(explain(decision, decision.shown[3], "--json"))
    assert (found["position"], found["shown"]) == (4, K - 1), "the seat stays what it was"


@pytest.mark.slow
def test_it_loads_nothing_that_only_training_needs(url, decision, small_bundle, tmp_path):
    code = f"""
import json, sys
from matcher import cli
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["matcher", *arguments]
    try:
        cli.main()
    except SystemExit as ended:
        assert not ended.code, ended.code
    print()
    {LOADED}
"""
    id_, where = decision.summary.decision_id, ["--database", url]
    asked = [
        ["shortlist", id_, "--json", *where],
        ["explain", id_, decision.shown[0], "--json", *where, "--bundle", str(small_bundle)],
    ]
    found = subprocess.run(
        [sys.executable, "-c", code, json.dumps(asked)],
        env={"MATCHER_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert found.returncode == 0, found.stderr
    first, second = (json.loads(one) for one in found.stdout.splitlines() if one[:2] == '["')
    assert {*UNNEEDED, "lightgbm", "faiss", "scipy", "openvino"} & set(first) == set()
    assert UNNEEDED & set(second) == set()
