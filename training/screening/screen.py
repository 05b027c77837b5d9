"""A day's sign-ups in the order of their chance of a first job, with reasons.

The market is cut at the instant first, so nothing at or after it can change anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from features.signup.catalog import SIGNUP_FEATURES
from matcher.candidates import Reason
from matcher.domain import DAY_US, instant_of
from matcher.marketplace import Marketplace
from matcher.ports import Encoder, Instants, Matrix, Rows
from matcher.ranking.reasons import Explainer
from matcher.snapshot import Snapshot
from training.screening.fit import Screen, fit
from training.screening.joiners import Joiners, askable, horizon_days
from training.screening.record import read, unread

WITH_JOB_FROM_THE_START = 0.5  # share of joiners above which sign-ups are not recorded as such


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """One person.

    Attributes:
        p_first_hire: Chance of a first job in time; None where nothing was learned.
        ratings: What the profile brings along from elsewhere, as it was given.
    """

    freelancer_id: str
    rank: int
    score: float
    p_first_hire: float | None
    headline: str
    ratings: tuple[dict[str, object], ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day's answer.

    Attributes:
        within_days: How soon a first job is in time.
        with_job: Ids of those of the day who have been hired already; they are not screened.
        recorded: How many joined at all before; `joined_with_job` of them with a job.
    """

    day: int
    as_of: int
    within_days: int
    screen: Screen
    people: tuple[Screened, ...]
    with_job: tuple[str, ...]
    recorded: int
    joined_with_job: int

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader should know before trusting an order or a chance."""
        said = []
        if self.joined_with_job > WITH_JOB_FROM_THE_START * max(self.recorded, 1):
            said.append(
                f"{self.joined_with_job:,} of {self.recorded:,} people joined with a job in hand: "
                "sign-ups seem to be recorded with the first hire, so who of those without a job "
                "will get one cannot be told from them; record people when they sign up"
            )
        elif self.screen.why_not is not None:
            said.append(
                f"no chance can be told: {self.screen.why_not}; the order is that of the rule in "
                "training/README.md"
            )
        elif self.screen.level is None:
            said.append(
                "the chances are those of the trees, not calibrated: too few of the latest joiners "
                "whose outcome is known got a first job"
            )
        if self.as_of > self.day + DAY_US:
            said.append(
                "the order and the chances are as of the end of the day; what became of its people "
                "since then is not in them"
            )
        return tuple(said)


def last_day(marketplace: Marketplace, *, as_of: datetime | None) -> int | None:
    """The start of the last day on which anybody joined, before an instant; None without any."""
    joined = marketplace.freelancers["joined_at"]
    if as_of is not None:
        joined = joined[joined < as_of]
    return None if joined.empty else instant_of(joined.max().to_pydatetime()) // DAY_US * DAY_US


def screen_day(
    marketplace: Marketplace,
    *,
    day: int,
    as_of: datetime,
    encoder: Encoder,
    within_days: int | None = None,
    seed: int = 7,
) -> Day:
    """Everybody who joined on a day, the likeliest to get a first job first; ties by id.

    Args:
        marketplace: Cut here at `as_of`.
        day: The instant at which the day starts.
        as_of: What happened at or after it is not looked at.
        encoder: Makes profiles and jobs comparable.
        within_days: How soon a first job is in time; measured by default.
        seed: Fixes the trees.
    """
    instant = instant_of(as_of)
    past = marketplace.before(as_of)
    snapshot = unread(past)
    everybody = Joiners.of(snapshot, as_of=instant)
    earlier = askable(snapshot, everybody)
    days = within_days or horizon_days(snapshot, earlier, as_of=instant)
    known = earlier.only(earlier.seen_for(days, as_of=instant))
    today = everybody.only(everybody.joined_at // DAY_US == day // DAY_US)
    has_job = today.first_hired_at < instant
    asked = today.only(~has_job)
    if len(known) or len(asked):
        snapshot = read(snapshot, encoder=encoder)
    learned = fit(features_of(snapshot, known), known.hired_within(days), seed=seed)
    return Day(
        day=day,
        as_of=instant,
        within_days=days,
        screen=learned,
        people=_ordered(past, snapshot, asked.rows, asked.at, learned),
        with_job=tuple(sorted(snapshot.freelancers.ids[row] for row in today.rows[has_job])),
        recorded=len(everybody),
        joined_with_job=int(everybody.has_job.sum()),
    )


def features_of(snapshot: Snapshot, joiners: Joiners) -> Matrix:
    """[n, d] what was known of each when screened."""
    return SIGNUP_FEATURES.transform(snapshot, rows=joiners.rows, as_of=joiners.at)


def _ordered(
    past: Marketplace, snapshot: Snapshot, rows: Rows, at: Instants, screen: Screen
) -> tuple[Screened, ...]:
    matrix = SIGNUP_FEATURES.transform(snapshot, rows=rows, as_of=at)
    scores, chances = screen.scores(matrix), screen.probabilities(matrix)
    added = screen.contributions(matrix)
    explainer = Explainer(SIGNUP_FEATURES)
    freelancers = snapshot.freelancers
    versions = freelancers.versions(int(at.max(initial=0)))
    told = [int(version) for version in versions[rows]]
    brought = past.freelancers["portable_ratings"].to_numpy()
    return tuple(
        Screened(
            freelancer_id=freelancers.ids[rows[place]],
            rank=rank,
            score=float(scores[place]),
            p_first_hire=float(chances[place]) if np.isfinite(chances[place]) else None,
            headline=freelancers.headline(told[place]),
            ratings=tuple(brought[told[place]] or ()) if told[place] >= 0 else (),
            reasons=explainer.reasons(matrix[place], added[place]),
        )
        for rank, place in enumerate(np.lexsort((rows, -scores)).tolist(), start=1)
    )
