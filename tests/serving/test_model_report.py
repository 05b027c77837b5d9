"""`GET /v1/model/report`: what was kept of the model, who was champion, how long lists take."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from features import FEATURES
from matcher.bundle import open_model
from matcher.ledger import Entry
from matcher.reports import keep
from matcher.succession import ledger
from serving.latency import latencies, latency_of, quantile
from serving.metrics import Metrics
from serving.model_report import report_on
from tests.serving.conftest import a_client, a_served, an_app, wait_until_ready

DIGEST = "d" * 64
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SYSTEM = {"ndcg@10": 0.5, "recall@100": 0.9, "mrr": 0.4, "n_jobs": 30, "ndcg@10_ci": [0.4, 0.6]}
RELIABILITY = [{"n": 10, "predicted": 0.1, "observed": 0.2}]
EVALUATION: dict[str, Any] = {
    "seed": 7,
    "test": {
        "from": "2024-04-01T00:00:00+00:00",
        "to": "2024-05-01T00:00:00+00:00",
        "jobs": 33,
        "left_out": 3,
    },
    "systems": {"random": {**SYSTEM, "ndcg@10_ci": None}, "ranker": SYSTEM},
    "ranker_minus": {"random": {"ndcg@10": 0.2, "ci": [0.1, 0.3]}},
    "calibration": {
        "pairs": 10,
        "base_rate": 0.1,
        "ece": 0.02,
        "brier": 0.1,
        "reliability": RELIABILITY,
    },
    "importance": {"hires": 0.3},
}
COLUMN = {"family": "track record", "psi": 0.3, "noise": 0.1, "unknown_then": 0.0}
COLUMN |= {"unknown_now": 0.5, "median_then": 2.0, "median_now": None}
DRIFT: dict[str, Any] = {
    "about": {
        "bundle": DIGEST,
        "from": "2024-05-01T00:00:00+00:00",
        "to": "2024-05-09T00:00:00+00:00",
        "lists": 9,
    },
    "columns": [
        {"column": name, "reading": name, **COLUMN}
        for name in ("large", "moderate", "noise", "stable")
    ],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path / "home"


def told(client: TestClient) -> dict[str, Any]:
    answer = client.get("/v1/model/report")
    assert answer.status_code == 200, answer.text
    return answer.json()


def recorded(event: str, version: str, *, minute: int, why: str = "because") -> None:
    entry = Entry(
        event=event,  # type: ignore[arg-type]
        name="tiny",
        at=f"2026-01-01T00:{minute:02}:00.000000+00:00",
        version=version,
        digest=version * 64,
        how="promotion",
        by="ana",
        why=why,
        figures={"ndcg": 0.5},
    )
    ledger().append(entry)


def crowned(version: str, *, minute: int) -> None:
    for event in ("intended", "moved"):
        recorded(event, version, minute=minute)


def test_of_a_model_nothing_is_known_of_it_says_which_command_tells(home, client):
    found = told(client)
    assert found["model"] == {"name": "tiny", "version": "1", "digest": DIGEST}
    assert (found["evaluation"], found["drift"], found["challenger"]) == (None, None, None)
    assert found["history"] == {"reigns": [], "refused": []}
    assert found["importance"] == {}, "a weighted sum has no gains"
    notes = "\n".join(found["notes"])
    for command in ("evaluate", "drift", "promote", "train"):
        assert f"`matcher {command}" in notes
    assert not home.exists(), "a question leaves nothing behind"


def test_what_was_measured_is_told_as_it_was_kept(home, client):
    keep("evaluation", EVALUATION, digest=DIGEST, judged_at=NOON)
    keep("drift", DRIFT, digest=DIGEST, judged_at=NOON)
    found = told(client)
    evaluation, drift = found["evaluation"], found["drift"]
    assert evaluation["judged_at"] == drift["judged_at"] == "2026-01-01T12:00:00Z"
    assert evaluation["test"] == {
        "from": "2024-04-01T00:00:00Z",
        "to": "2024-05-01T00:00:00Z",
        "jobs": 33,
        "left_out": 3,
    }
    for name in ("systems", "ranker_minus", "calibration", "importance"):
        assert evaluation[name] == EVALUATION[name]
    assert {one["feature"]: one["moved"] for one in drift["features"]} == {
        "large": True,
        "moderate": True,
        "noise": False,
        "stable": False,
    }
    assert {name: drift["features"][0][name] for name in COLUMN} == COLUMN
    assert [one for one in found["notes"] if "evaluat" in one or "drift" in one] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "the evaluation on record cannot be read"),
        (f'{{"digest": "{DIGEST}"}}', "the evaluation on record is of another release"),
        (f'{{"digest": "{"e" * 64}"}}', "the evaluation on record cannot be read"),
    ],
)
def test_a_report_that_is_damaged_is_said_and_not_where_it_lies(home, client, content, words):
    file = keep("evaluation", EVALUATION, digest=DIGEST, judged_at=NOON)
    file.write_text(content, encoding="utf-8")
    found = told(client)
    assert found["evaluation"] is None
    assert [one for one in found["notes"] if one.startswith(words)]
    assert str(home) not in str(found)


def test_reigns_refusals_and_the_challenger_are_those_of_the_record(home, client):
    crowned("1", minute=1)
    recorded("refused", "2", minute=2, why="not better")
    recorded("refused", "3", minute=3, why="too slow")
    found = told(client)
    assert [(one["version"], one["until"]) for one in found["history"]["reigns"]] == [("1", None)]
    assert [one["version"] for one in found["history"]["refused"]] == ["2", "3"]
    assert found["challenger"] == {
        "version": "3",
        "digest": "3" * 64,
        "at": "2026-01-01T00:03:00Z",
        "by": "ana",
        "why": "too slow",
        "figures": {"ndcg": 0.5},
    }
    crowned("3", minute=4)
    found = told(client)
    assert found["challenger"] is None, "it is champion by now"
    first, last = found["history"]["reigns"]
    assert (first["until"], last["version"], last["how"]) == (last["since"], "3", "promotion")
    recorded("refused", "3", minute=5)
    assert told(client)["challenger"]["at"] == "2026-01-01T00:05:00Z"


def test_a_record_that_is_damaged_leaves_the_rest(home, client):
    crowned("1", minute=1)
    with closing(sqlite3.connect(ledger().file)) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("UPDATE entries SET by = 'somebody else'")
        db.commit()
    keep("drift", DRIFT, digest=DIGEST, judged_at=NOON)
    found = told(client)
    assert found["history"]["reigns"] == []
    assert [one for one in found["notes"] if "`matcher history` says why" in one]
    assert found["drift"]["lists"] == 9
    assert str(home) not in str(found)


def test_a_trained_ranker_tells_what_it_gained_by(home, small_bundle):
    model, _ = open_model(small_bundle, features=FEATURES)
    served = a_served()
    served = replace(served, engine=replace(served.engine, ranker=model.ranker))
    found = report_on(served, metrics=Metrics()).importance
    assert set(found) == set(FEATURES.names)
    assert sum(found.values()) == pytest.approx(1)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_times_are_those_of_the_lists_that_were_asked_for(home):
    with a_client(an_app()) as client:
        wait_until_ready(client)
        assert told(client)["latency"] == {}
        assert "no list was asked for" in told(client)["notes"][-1]
        for _ in range(3):
            assert client.post("/v1/matches", json={"job": {"title": "go"}}).status_code == 200
        assert client.post("/v1/freelancers/f1/jobs", json={}).status_code == 200
        found = told(client)["latency"]
    lists = {"POST /v1/matches": 3, "POST /v1/freelancers/{freelancer_id}/jobs": 1}
    stages = ("encode", "retrieve", "features", "rank", "rerank", "total")
    assert {name: one["count"] for name, one in found.items()} == lists | dict.fromkeys(stages, 3)
    for one in found.values():
        counts = [bucket["count"] for bucket in one["buckets"]]
        assert counts == sorted(counts)
        assert one["buckets"][-1] == {"le_ms": None, "count": one["count"]}
        assert 0 < one["p50_ms"] <= one["p90_ms"] <= one["p99_ms"]


@pytest.mark.parametrize(
    ("buckets", "share", "expected"),
    [
        ([], 0.5, None),
        ([(1.0, 0), (math.inf, 0)], 0.5, None),
        ([(1.0, 4), (math.inf, 4)], 0.5, 0.5),
        ([(1.0, 4), (2.0, 8), (math.inf, 8)], 0.75, 1.5),
        ([(1.0, 4), (2.0, 4), (3.0, 5), (math.inf, 5)], 0.9, 2.5),
        ([(1.0, 4), (math.inf, 8)], 0.5, 1.0),
        ([(1.0, 4), (math.inf, 8)], 0.51, None),
    ],
)
def test_a_quantile_lies_within_its_bucket_and_is_unknown_beyond_all(buckets, share, expected):
    assert quantile(buckets, share) == pytest.approx(expected)


def test_what_gives_no_list_is_left_out():
    buckets = [(1.0, 1), (math.inf, 1)]
    assert list(latencies({"/v1/model": buckets, "unrouted": buckets}, {"rank": buckets})) == [
        "rank"
    ]
    assert latency_of([]).count == 0
