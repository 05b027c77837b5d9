"""A small marketplace with known truth: believable posts, people and hires from one seed.

Jobs are walked in order of time. Each one sees the state strictly before its posting, gets the
true probability of a hire for everybody in the pool, and its hires are drawn from exactly that.
The record is complete: contracts of the last jobs run out after the last posting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from matcher.errors import UsageError
from matcher.marketplace import from_frames
from training.simulate.clients import draw_clients
from training.simulate.contracts import work_off
from training.simulate.draws import Floats
from training.simulate.fit import Attraction
from training.simulate.frames import EVENTS, FREELANCERS, JOBS, frame
from training.simulate.funnel import Outcome, lead_up
from training.simulate.hiring import draw_delay, draw_hires
from training.simulate.journal import Journal
from training.simulate.people import People, draw_people
from training.simulate.posts import Post, draw_posts
from training.simulate.profiles import write_profiles
from training.simulate.state import State
from training.simulate.truth import Truth
from training.simulate.writing import write_with_truth

_PROGRESS_EVERY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedMarket:
    """Three tables in the columns of the marketplace contract, and what they were drawn from.

    Attributes:
        truth: job_id, freelancer_id, p_hire (float32): the chance that this job's client and this
            freelancer end in a hire, given the state at posting. One row a pair of a job and
            somebody who joined before it was posted; pairs below 1e-6 are left out.
    """

    freelancers: pd.DataFrame
    jobs: pd.DataFrame
    events: pd.DataFrame
    truth: pd.DataFrame


def simulate(
    *,
    freelancers: int = 1_500,
    jobs: int = 3_000,
    seed: int = 7,
    progress: Callable[[int, int], None] | None = None,
) -> SimulatedMarket:
    """A marketplace of two years; the same arguments give the same market.

    Args:
        freelancers: How many people join, 40% of them on the first day.
        jobs: How many posts there are.
        seed: Fixes everything.
        progress: Called with jobs done and jobs in all, now and then and at the end.

    Raises:
        UsageError: A number is negative.
    """
    if min(freelancers, jobs, seed) < 0:
        raise UsageError(
            f"freelancers={freelancers}, jobs={jobs}, seed={seed}: none may be negative; "
            "give whole numbers from 0 on"
        )
    streams = [np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(5)]
    people = draw_people(freelancers, streams[0])
    profiles = write_profiles(people, streams[1])
    posts = draw_posts(jobs, draw_clients(jobs, streams[2]), streams[3])
    state = State(people, rates=profiles.rates)
    journal, truth, attraction = Journal(), Truth(people), Attraction(people)
    for done, post in enumerate(posts, start=1):
        state.advance(post.at)
        p_hire = attraction.hire_probability(post, state)
        truth.note(post.id, p_hire)
        _settle(post, people, state, p_hire, journal=journal, rng=streams[4])
        if progress and (done % _PROGRESS_EVERY == 0 or done == jobs):
            progress(done, jobs)
    return SimulatedMarket(
        freelancers=frame(profiles.rows, FREELANCERS),
        jobs=frame([post.row for post in posts], JOBS),
        events=frame(journal.rows(), EVENTS),
        truth=truth.frame(),
    )


def write(market: SimulatedMarket, directory: Path, *, force: bool = False) -> None:
    """Three Parquet tables, and `truth.parquet` that nothing but the evaluation reads.

    The directory appears whole or not at all; the same market gives the same bytes.

    Raises:
        OutputExistsError: `directory` is there, and `force` is not given.
        UsageError: What `force` would replace is no marketplace directory.
    """
    marketplace = from_frames(
        freelancers=market.freelancers, jobs=market.jobs, events=market.events
    )
    write_with_truth(marketplace, market.truth, directory, force=force)


def _settle(
    post: Post,
    people: People,
    state: State,
    p_hire: Floats,
    *,
    journal: Journal,
    rng: np.random.Generator,
) -> None:
    """Draw the hires of one job and note all that leads up to and follows from them."""
    rows = draw_hires(p_hire, positions=post.positions, rng=rng)
    outcome = Outcome(p_hire=p_hire, hired={row: post.at + draw_delay(post, rng) for row in rows})
    lead_up(post, people, state, outcome, journal=journal, rng=rng)
    for row, started_at in outcome.hired.items():
        contract = work_off(
            post,
            people,
            row=row,
            started_at=started_at,
            rate=float(state.rate[row]),
            journal=journal,
            rng=rng,
        )
        state.expect(contract)
