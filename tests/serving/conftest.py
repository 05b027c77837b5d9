"""A small real engine behind the API, on a fixed clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pandas as pd
import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from features import FEATURES
from matcher.domain import instant_of
from matcher.learned import Learned
from matcher.marketplace import Marketplace, from_frames
from matcher.model import Model
from matcher.ports import Encoder
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Untrained
from matcher.run import Run
from matcher.snapshot import Snapshot
from serving.app import create_app
from serving.service import Served
from tests.fakes import FakeEncoder

ASKED_AT = datetime(2024, 6, 1, tzinfo=UTC)
UNTIL = datetime(2024, 5, 20, tzinfo=UTC)
PEOPLE = 12
TRADES = ("go api server", "logo design in figma", "php shop checkout")
SKILLS = (["go", "sql"], ["figma"], ["php", "woocommerce"])
COUNTRIES = ("PL", "PT", "US")


def a_market(people: int = PEOPLE, jobs: int = 9) -> Marketplace:
    """People of three trades; every job hires one of its trade. The last person says nothing."""
    told = people - 1
    freelancers = pd.DataFrame(
        {
            "freelancer_id": [f"f{i}" for i in range(people)],
            "joined_at": ["2024-01-01T00:00:00Z"] * people,
            "title": [TRADES[i % 3] for i in range(told)] + [None] * (people - told),
            "skills": [SKILLS[i % 3] for i in range(told)] + [None] * (people - told),
            "hourly_rate_usd": [20.0 + i for i in range(told)] + [None] * (people - told),
            "country": [COUNTRIES[i % 3] for i in range(told)] + [None] * (people - told),
            "utc_offset_hours": [float(i % 3) for i in range(told)] + [None] * (people - told),
            "languages": [["en", "pl"][: 1 + i % 2] for i in range(told)]
            + [None] * (people - told),
            "weekly_hours": [10.0 * (1 + i % 4) for i in range(told)] + [None] * (people - told),
        }
    )
    posts = pd.DataFrame(
        {
            "job_id": [f"j/{i}" for i in range(jobs)],
            "posted_at": [f"2024-05-{i + 1:02}T09:00:00Z" for i in range(jobs)],
            "title": [f"Need a {TRADES[i % 3]}" for i in range(jobs)],
            "skills": [SKILLS[i % 3] for i in range(jobs)],
            "client_id": [f"c{i % 2}" for i in range(jobs)],
        }
    )
    events = pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(jobs)],
            "at": [f"2024-05-{i + 2:02}T09:00:00Z" for i in range(jobs)],
            "kind": ["hired"] * jobs,
            "job_id": [f"j/{i}" for i in range(jobs)],
            "freelancer_id": [f"f{i % 3}" for i in range(jobs)],
        }
    )
    return from_frames(freelancers=freelancers, jobs=posts, events=events)


def a_model(snapshot: Snapshot) -> Model:
    return Model(
        run=Run(),
        learned=Learned.fit(snapshot),
        ranker=WeightedSum.of(FEATURES.names),
        calibrator=Untrained(),
        features=FEATURES,
    )


def a_served(market: Marketplace | None = None, *, encoder: Encoder | None = None) -> Served:
    snapshot = Snapshot.of(a_market() if market is None else market, encoder=FakeEncoder())
    model = a_model(snapshot)
    encoder = encoder or FakeEncoder()
    return Served(
        engine=model.engine(snapshot, encoder=encoder),
        jobs_engine=model.jobs_engine(snapshot),
        name="tiny",
        version="1",
        digest="d" * 64,
        encoder=encoder.digest,
        until=instant_of(UNTIL),
        metrics={"ndcg@10": 0.5},
    )


def an_app(served: Served | None = None) -> FastAPI:
    return create_app(a_served() if served is None else served, clock=lambda: ASKED_AT)


def a_client(app: FastAPI) -> TestClient:
    """Comes to the service by a name that it goes by."""
    return TestClient(app, base_url="http://localhost")


def wait_until_ready(client: TestClient) -> None:
    deadline = time.monotonic() + 10
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline, "never warm"
        time.sleep(0.01)


@pytest.fixture(scope="session", autouse=True)
def _silence() -> Iterator[None]:
    """Logs go nowhere: the development renderer of structlog walks every local variable."""
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return an_app()


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with a_client(app) as client:
        wait_until_ready(client)
        yield client
