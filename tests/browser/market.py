"""A small market: people worth comparing, one who attacks, and a calibrated model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from features import FEATURES
from matcher.learned import Learned
from matcher.marketplace import Marketplace, from_frames
from matcher.model import Model
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Isotonic
from matcher.run import Run
from matcher.snapshot import Snapshot
from serving.service import Served
from tests.fakes import FakeEncoder

START = datetime.now(UTC) - timedelta(days=400)
NOISE = "ink and paper for posters"
HOSTILE = "evil"
SCRIPT = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>'
LONG = "Postgres" + "x" * 400
ODD = "مرحبا بكم \u202e👩‍💻 Żółć"

Row = dict[str, object]


def day(days: float) -> datetime:
    """So many days after the market began."""
    return START + timedelta(days=days)


def a_person(id_: str, title: str, **fields: object) -> Row:
    usual = {
        "freelancer_id": id_,
        "joined_at": day(0),
        "title": title,
        "overview": "I tune slow PostgreSQL reports on Django sites. I keep indexes small.",
        "skills": ["PostgreSQL", "Django"],
        "hourly_rate_usd": 45.0,
        "country": "PL",
        "utc_offset_hours": 1.0,
        "languages": ["en", "pl"],
        "weekly_hours": 30.0,
        "portable_ratings": None,
    }
    return {**usual, **fields}


PEOPLE: tuple[Row, ...] = (
    a_person("ada", "PostgreSQL reports that are fast"),
    a_person("bo", "Django and PostgreSQL", hourly_rate_usd=80.0, utc_offset_hours=-8.0),
    a_person("cy", "Database tuning", skills=["PostgreSQL"], country="PT", utc_offset_hours=0.0),
    a_person("di", "Reports and dashboards", skills=["Tableau"], weekly_hours=10.0),
    a_person("ed", "Django sites", skills=["Django"], hourly_rate_usd=None, overview=None),
    a_person("flo", "Queries, indexes, PostgreSQL", languages=["de"], utc_offset_hours=5.5),
    a_person("gus", None, skills=None, overview=None, utc_offset_hours=None, languages=None),
    a_person(
        HOSTILE,
        f"{SCRIPT} {ODD}",
        overview=f"PostgreSQL Django reports {SCRIPT} {LONG} {ODD} " * 4,
        skills=[SCRIPT, LONG[:180], ODD, "PostgreSQL"],
    ),
    *(a_person(f"p{i}", f"{NOISE} {i}", skills=["Figma"], overview=None) for i in range(8)),
)
JOBS = 12


def a_market() -> Marketplace:
    """Each job was done by one of the first three, and rated."""
    doers = ("ada", "cy", "ada", "bo")
    jobs = [
        {
            "job_id": f"j{i}",
            "posted_at": day(10 + i),
            "title": f"Slow PostgreSQL reports {i}",
            "description": "A Django site needs its queries tuned.",
            "skills": ["PostgreSQL"],
            "client_id": f"c{i % 3}",
        }
        for i in range(JOBS)
    ]
    kinds = (("hired", 1, 45.0), ("completed", 20, None), ("rated_freelancer", 21, 5.0))
    events = [
        {
            "event_id": f"e{i}-{kind}",
            "at": day(10 + i + after),
            "kind": kind,
            "job_id": f"j{i}",
            "freelancer_id": doers[i % len(doers)],
            "value": value if kind != "rated_freelancer" else 5.0 - i % 3,
        }
        for i in range(JOBS)
        for kind, after, value in kinds
    ]
    return from_frames(
        freelancers=pd.DataFrame(PEOPLE), jobs=pd.DataFrame(jobs), events=pd.DataFrame(events)
    )


def a_model(snapshot: Snapshot) -> Model:
    """A weighted sum, whose scores are given small probabilities."""
    return Model(
        run=Run(),
        learned=Learned.fit(snapshot),
        ranker=WeightedSum.of(FEATURES.names),
        calibrator=Isotonic(np.array([-6.0, -2.0, 0.0]), np.array([0.002, 0.03, 0.3])),
        features=FEATURES,
    )


def a_served(market: Marketplace) -> tuple[Served, Model]:
    """The market behind an engine, and the model in it."""
    encoder = FakeEncoder()
    snapshot = Snapshot.of(market, encoder=encoder)
    model = a_model(snapshot)
    served = Served(
        engine=model.engine(snapshot, encoder=encoder),
        jobs_engine=model.jobs_engine(snapshot),
        name="tiny",
        version="1",
        digest="d" * 64,
        encoder=encoder.digest,
        until=None,
        metrics={},
    )
    return served, model
