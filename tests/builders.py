"""Small markets in memory; each builder says only what matters to a test.

Times are whole or broken days from `NOW`: `at=-3` happened three days before the
instant that queries are asked as of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from features import FEATURES
from matcher.candidates import Hits
from matcher.domain import Job, instant_of
from matcher.engine import Engine
from matcher.frame import PairFrame
from matcher.jobs.engine import JobsEngine
from matcher.learned import Learned
from matcher.marketplace import Marketplace, from_frames
from matcher.model import Model
from matcher.ports import Encoder, FeatureSet
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Untrained
from matcher.run import RetrievalRun, Run
from matcher.schema import TABLES
from matcher.snapshot import Snapshot
from tests.fakes import FakeEncoder

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ROW = dict[str, object]


def day(days: float) -> datetime:
    """The moment so many days after `NOW`."""
    return NOW + timedelta(days=days)


def instant(days: float = 0) -> int:
    """The same as the engine counts."""
    return instant_of(day(days))


def a_freelancer(freelancer_id: str = "f1", *, joined: float = -365, **fields: object) -> ROW:
    return {"freelancer_id": freelancer_id, "joined_at": day(joined), **fields}


def a_job(job_id: str = "j1", *, posted: float = -30, **fields: object) -> ROW:
    return {"job_id": job_id, "posted_at": day(posted), "title": "go api", **fields}


def an_event(
    kind: str = "hired",
    job_id: str = "j1",
    freelancer_id: str = "f1",
    *,
    at: float = -10,
    **fields: object,
) -> ROW:
    """Without an `event_id`, `a_market` numbers it."""
    return {
        "at": day(at),
        "kind": kind,
        "job_id": job_id,
        "freelancer_id": freelancer_id,
        **fields,
    }


def a_brief(title: str = "go api", **fields: object) -> Job:
    """A job as it is handed in, known to no table."""
    return Job(title=title, **fields)  # type: ignore[arg-type]  # a test names fields freely


def a_market(
    *,
    freelancers: Sequence[ROW] = (),
    jobs: Sequence[ROW] = (),
    events: Sequence[ROW] = (),
) -> Marketplace:
    """The rows given, held to the contract of a marketplace."""
    numbered = [{"event_id": f"e{n}", **row} for n, row in enumerate(events)]
    return from_frames(
        freelancers=_frame("freelancers", freelancers),
        jobs=_frame("jobs", jobs),
        events=_frame("events", numbered),
    )


def a_snapshot(market: Marketplace | None = None, *, encoder: Encoder | None = None) -> Snapshot:
    """Of one freelancer hired for one job, where no market is given."""
    market = market or a_market(freelancers=[a_freelancer()], jobs=[a_job()], events=[an_event()])
    return Snapshot.of(market, encoder=encoder or FakeEncoder())


def an_engine(
    market: Marketplace | Snapshot | None = None,
    *,
    learned: Learned | None = None,
    retrieval: RetrievalRun | None = None,
    features: FeatureSet = FEATURES,
) -> Engine:
    """A weighted sum over a market, without calibration; learned of all of it by default."""
    snapshot = market if isinstance(market, Snapshot) else a_snapshot(market)
    model = a_model(snapshot, learned=learned, retrieval=retrieval, features=features)
    return model.engine(snapshot, encoder=FakeEncoder())


def a_jobs_engine(
    market: Marketplace | Snapshot | None = None, *, learned: Learned | None = None
) -> JobsEngine:
    """The same in the other direction."""
    snapshot = market if isinstance(market, Snapshot) else a_snapshot(market)
    return a_model(snapshot, learned=learned).jobs_engine(snapshot)


def a_model(
    snapshot: Snapshot,
    *,
    learned: Learned | None = None,
    retrieval: RetrievalRun | None = None,
    features: FeatureSet = FEATURES,
) -> Model:
    """Weighted sums, without calibration."""
    return Model(
        run=Run(retrieval=retrieval or RetrievalRun()),
        learned=learned or Learned.fit(snapshot),
        ranker=WeightedSum.of(features.names),
        calibrator=Untrained(),
        features=features,
    )


def a_frame(
    job: Job | None = None,
    *,
    freelancers: Sequence[ROW] = (),
    jobs: Sequence[ROW] = (),
    events: Sequence[ROW] = (),
    as_of: float = 0,
) -> PairFrame:
    """A job beside everyone who had joined, in the order of ids; one freelancer by default."""
    market = a_market(
        freelancers=freelancers or [a_freelancer()],
        jobs=jobs or [a_job()],
        events=events,
    )
    return frame_of(an_engine(market), job or a_brief(), as_of=as_of)


def frame_of(engine: Engine, job: Job, *, as_of: float = 0) -> PairFrame:
    """A job beside everyone eligible, in the order of ids, whoever retrieval found."""
    query = engine.ask(job, as_of=instant(as_of))
    hits = engine.retrieve(query)
    rows = np.flatnonzero(query.eligible)
    fused = np.full(len(query.eligible), np.nan, np.float32)
    fused[hits.rows] = hits.scores
    return engine.pairs(
        query,
        Hits(rows=rows, scores=fused[rows], neighbours=hits.neighbours, parts=hits.parts),
    )


@dataclass(frozen=True, kw_only=True)
class Market:
    """The rows of a market before they become one, so that a test may change them."""

    freelancers: tuple[ROW, ...]
    jobs: tuple[ROW, ...]
    events: tuple[ROW, ...]

    def read(self) -> Marketplace:
        return a_market(freelancers=self.freelancers, jobs=self.jobs, events=self.events)

    def without(self, *, events: Iterable[ROW]) -> Market:
        gone = [id(row) for row in events]
        return replace(self, events=tuple(row for row in self.events if id(row) not in gone))

    def later(self, days: float = 0) -> list[ROW]:
        """The events at or after a day."""
        return [row for row in self.events if row["at"] >= day(days)]  # type: ignore[operator]

    def plus(
        self,
        *,
        freelancers: Sequence[ROW] = (),
        jobs: Sequence[ROW] = (),
        events: Sequence[ROW] = (),
    ) -> Market:
        return Market(
            freelancers=(*self.freelancers, *freelancers),
            jobs=(*self.jobs, *jobs),
            events=(*self.events, *events),
        )


SKILLS = ("go", "sql", "php", "figma", "React Native", "c++", "seo", "node.js")
WORDS = ("api", "shop", "logo", "backend", "game", "checkout", "copy", "data", "mobile", "tests")
COUNTRIES = (None, "DE", "IN", "US")
KINDS = (
    *("shown", "viewed", "invited", "invite_accepted", "invite_declined", "applied"),
    *("shortlisted", "rejected", "completed", "cancelled", "paid"),
    *("rated_freelancer", "rated_client", "rated_private"),
)
RATINGS = {"rated_freelancer": 5, "rated_client": 5, "rated_private": 10, "paid": 900}


def a_busy_market(*, people: int = 40, jobs: int = 70, seed: int = 3) -> Market:
    """Every column known here and unknown there, every kind of event, before and after `NOW`.

    Times fall on whole days, so that many events share an instant with others and with `NOW`;
    some clients freelance, and one job hires a whole crowd.
    """
    rng = np.random.default_rng(seed)
    freelancers = [_a_person(rng, f"f{n:03d}") for n in range(people)]
    freelancers += [
        {
            **_a_person(rng, str(row["freelancer_id"])),
            "joined_at": row["joined_at"],
            "valid_from": row["joined_at"] + timedelta(days=later),  # type: ignore[operator]
        }
        for row in freelancers[::5]
        for later in (40, 200, 500)
    ]
    posts = [_a_post(rng, f"j{n:03d}", at=int(rng.integers(-300, 40))) for n in range(jobs)]
    events = [
        event
        for post in posts
        for who in rng.choice(people, int(rng.integers(0, 4)), replace=False)
        for event in _a_contract(rng, post, f"f{who:03d}")
    ]
    crowd = [an_event("hired", "j000", f"f{n:03d}", at=-25 + n) for n in range(min(people, 30))]
    return Market(freelancers=tuple(freelancers), jobs=tuple(posts), events=(*events, *crowd))


def _a_person(rng: np.random.Generator, freelancer_id: str) -> ROW:
    def maybe(value: object) -> object:
        return value if rng.random() < 0.7 else None

    skills = rng.choice(SKILLS, int(rng.integers(0, 5)), replace=False).tolist()
    return a_freelancer(
        freelancer_id,
        joined=int(rng.integers(-400, 10)),
        title=maybe(" ".join(rng.choice(WORDS, 2))),
        overview=maybe(" ".join(rng.choice(WORDS, 12))),
        skills=maybe(skills),
        hourly_rate_usd=maybe(float(rng.integers(5, 120))),
        country=COUNTRIES[rng.integers(len(COUNTRIES))],
        utc_offset_hours=maybe(float(rng.integers(-12, 15))),
        languages=maybe(["en", "de"][: rng.integers(0, 3)]),
        weekly_hours=maybe(float(rng.integers(0, 60))),
        portable_ratings=maybe([{"platform": "x", "mean": 4.5, "count": int(rng.integers(0, 9))}]),
    )


def _a_post(rng: np.random.Generator, job_id: str, *, at: int) -> ROW:
    def maybe(value: object) -> object:
        return value if rng.random() < 0.7 else None

    return a_job(
        job_id,
        posted=at,
        title=" ".join(rng.choice(WORDS, 2)),
        description=maybe(" ".join(rng.choice([*WORDS, *SKILLS], 10))),
        client_id=maybe(["c1", "c2", "c3", "f001", "f002"][rng.integers(5)]),
        category=maybe(["web", "design"][rng.integers(2)]),
        skills=maybe(rng.choice(SKILLS, 2, replace=False).tolist()),
        payment=maybe(["hourly", "fixed"][rng.integers(2)]),
        budget_usd_max=maybe(float(rng.integers(10, 90))),
        country=COUNTRIES[rng.integers(len(COUNTRIES))],
        utc_offset_hours=maybe(float(rng.integers(-12, 15))),
        languages=maybe(["en"]),
    )


def _a_contract(rng: np.random.Generator, post: ROW, freelancer_id: str) -> list[ROW]:
    posted = (post["posted_at"] - NOW).days  # type: ignore[operator]
    about = {"job_id": str(post["job_id"]), "freelancer_id": freelancer_id}
    hired = an_event("hired", at=posted + int(rng.integers(0, 9)), value=30.0, **about)
    rest = [
        an_event(kind, at=posted + int(rng.integers(0, 60)), **about)
        for kind in rng.choice(KINDS, 5, replace=False).tolist()
    ]
    for event in rest:
        if event["kind"] in RATINGS:
            event["value"] = float(rng.integers(1, RATINGS[str(event["kind"])] + 1))
    return [hired, *rest] if rng.random() < 0.8 else rest


def _frame(name: str, rows: Sequence[ROW]) -> pd.DataFrame:
    """The columns named by any row, and those required."""
    required = [column.name for column in TABLES[name] if column.required]
    named = list(dict.fromkeys([*required, *(column for row in rows for column in row)]))
    cells = {column: [row.get(column) for row in rows] for column in named}
    return pd.DataFrame({column: pd.Series(cells[column], dtype=object) for column in named})
