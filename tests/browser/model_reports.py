"""A model's card and report as the service gives them, for pages that draw them."""

from __future__ import annotations

from typing import Any

HOSTILE = "<img src=x onerror=\"document.title='owned'\"> \u202e evil"

Json = dict[str, Any]
SYSTEMS = {
    "random": (0.027, (0.0, 0.071)),
    "bm25": (0.555, (0.421, 0.686)),
    "ranker": (0.713, (0.589, 0.826)),
    "hybrid": (0.629, (0.487, 0.746)),
    "oracle": (0.892, (0.823, 0.955)),
}


def a_card(**changed: object) -> Json:
    """`GET /v1/model` of a bundle whose data end today."""
    return {
        "name": "matcher",
        "version": "0.1.0",
        "digest": "c" * 64,
        "until": "2026-10-12T00:00:00Z",
        "data_as_of": "2999-01-01T00:00:00Z",
        "encoder": "e" * 64,
        "features": ["a", "b"],
        "fingerprint": "f" * 64,
        "calibrated": True,
        "factors": [],
        "policy": "ranker",
        "freelancers": 1278,
        "jobs": 763,
        "metrics": {},
        **changed,
    }


def a_report(**changed: object) -> Json:
    """`GET /v1/model/report` with everything that there may be."""
    importance = {f"feature_{number:02}": 1 / (number + 1) for number in range(20)}
    return {
        "model": {"name": "matcher", "version": "0.1.0", "digest": "c" * 64},
        "evaluation": an_evaluation(importance),
        "importance": importance,
        "drift": a_drift(),
        "history": a_history(),
        "challenger": None,
        "latency": {
            "POST /v1/matches": a_latency(30),
            "encode": a_latency(17),
            "rank": a_latency(3),
        },
        "notes": [],
        **changed,
    }


def an_empty_report() -> Json:
    """Of a bundle that nobody measured, in a service that nobody asked."""
    return a_report(
        evaluation=None,
        importance={},
        drift=None,
        history={"reigns": [], "refused": []},
        latency={},
        notes=[
            "no evaluation of this bundle is on record; `matcher evaluate DIR` makes one",
            "no drift of this bundle is on record; `matcher drift DIR` makes one",
            "a weighted sum ranks, so there are no gains to tell; `matcher train` fits trees",
            "no bundle named matcher was ever compared; `matcher promote BUNDLE` makes one",
            "no list was asked for since the service started: `POST /v1/matches` is one",
        ],
    )


def an_evaluation(importance: dict[str, float]) -> Json:
    """Systems in no order, and bins of which two say the same."""
    bins = [(0.0, 0.0), (0.0, 0.0), (0.01, 0.02), (0.04, 0.03), (0.2, 0.25)]
    return {
        "judged_at": "2026-11-01T00:00:00Z",
        "test": {
            "from": "2026-10-12T00:00:00Z",
            "to": "2026-10-30T00:00:00Z",
            "jobs": 137,
            "left_out": 103,
        },
        "systems": {
            name: {
                "ndcg@10": value,
                "ndcg@10_ci": list(interval),
                "recall@100": value,
                "mrr": value,
                "n_jobs": 34,
            }
            for name, (value, interval) in SYSTEMS.items()
        },
        "ranker_minus": {"hybrid": {"ndcg@10": 0.084, "ci": [0.012, 0.169]}},
        "calibration": {
            "pairs": 5000,
            "base_rate": 0.06,
            "ece": 0.012,
            "brier": 0.05,
            "reliability": [
                {"n": 1000, "predicted": predicted, "observed": observed}
                for predicted, observed in bins
            ],
        },
        "importance": importance,
    }


def a_drift() -> Json:
    """One column that moved, one that chance may have moved, one that stayed."""
    shifts = [("stayed", 0.02, False), ("moved_far", 2.8, True), ("noisy", 0.2, False)]
    return {
        "judged_at": "2026-11-02T00:00:00Z",
        "from": "2026-10-12T00:00:00Z",
        "to": "2026-10-30T00:00:00Z",
        "lists": 137,
        "features": [
            {
                "feature": name,
                "family": "memory",
                "psi": psi,
                "noise": 0.3,
                "reading": "large" if moved else "noise",
                "moved": moved,
                "unknown_then": 0.0,
                "unknown_now": 0.0,
                "median_then": None,
                "median_now": 1.0,
            }
            for name, psi, moved in shifts
        ],
    }


def a_history() -> Json:
    """Two champions, the second of them still, and a candidate that was refused between."""
    first = {"version": "1", "since": "2026-01-01T00:00:00Z", "until": "2026-06-01T00:00:00Z"}
    second = {"version": "3", "since": "2026-06-01T00:00:00Z", "until": None}
    told = {"digest": "c" * 64, "how": "promotion", "by": "ana", "why": HOSTILE, "figures": {}}
    return {"reigns": [first | told, second | told], "refused": [a_refusal()]}


def a_refusal() -> Json:
    """A candidate that held one check and failed another."""
    return {
        "version": "2",
        "digest": "d" * 64,
        "at": "2026-03-01T00:00:00Z",
        "by": "ana",
        "why": None,
        "figures": {
            "checks": {
                "jobs": {"holds": True, "counted": 34},
                "ranking": {
                    "holds": False,
                    "candidate": 0.6,
                    "champion": 0.7,
                    "ci": [-0.15, -0.05],
                },
            }
        },
    }


def a_latency(middle: float) -> Json:
    """Six answers, one of them slower than the last bound."""
    counts = [(10.0, 1), (50.0, 3), (250.0, 5), (None, 6)]
    return {
        "count": 6,
        "p50_ms": middle,
        "p90_ms": middle * 3,
        "p99_ms": None,
        "buckets": [{"le_ms": bound, "count": count} for bound, count in counts],
    }
