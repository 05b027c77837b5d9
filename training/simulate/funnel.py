"""The steps before a hire: lists shown, profiles viewed, invitations, applications, rejections.

They follow the hire and never lead it: whom a job ends with is drawn first, from the true
probability, and the steps are then made up around it from the same likings. So a list that was
shown tells something of the client's taste, and changes nothing of the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulate.draws import Floats, Ints, chance
from training.simulate.journal import Journal
from training.simulate.people import DAY, People
from training.simulate.posts import Post
from training.simulate.state import State

_LIST_LENGTH = 10
_LISTS_SHOWN = 0.08  # share of jobs with a list on record
_LISTS_RANDOM = 0.4  # share of those lists that were drawn at random
_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a job ended: the rows hired and when, nobody perhaps.

    Attributes:
        p_hire: [pool] what the hires were drawn from.
        hired: Row of `People` -> seconds since the market's start.
    """

    p_hire: Floats
    hired: dict[int, int]


def lead_up(
    post: Post,
    people: People,
    state: State,
    outcome: Outcome,
    *,
    journal: Journal,
    rng: np.random.Generator,
) -> None:
    """Note the steps of one job, all of them after its posting and before its closing."""
    _show(post, people, state, outcome, journal=journal, rng=rng)
    for row, hired_at in outcome.hired.items():
        _win(post, people.ids[row], hired_at, journal=journal, rng=rng)
    last = max(outcome.hired.values(), default=post.at + (post.closes_after or _WEEK))
    others = _liked(outcome, size=int(rng.poisson(3.0)), rng=rng)
    for row in others:
        if int(row) not in outcome.hired:
            _lose(post, people, state, int(row), last=last, journal=journal, rng=rng)


def _win(
    post: Post, freelancer_id: str, hired_at: int, *, journal: Journal, rng: np.random.Generator
) -> None:
    """The way of somebody who was hired: applied, or invited and accepted."""
    span = hired_at - post.at
    first, second, third = (
        post.at + int(span * share) for share in np.sort(rng.uniform(0.05, 0.98, 3))
    )
    if chance(0.45, rng):
        journal.note(first, "invited", post.id, freelancer_id)
        journal.note(second, "invite_accepted", post.id, freelancer_id)
    else:
        journal.note(second, "applied", post.id, freelancer_id)
    if chance(0.5, rng):
        journal.note(third, "shortlisted", post.id, freelancer_id)


def _lose(
    post: Post,
    people: People,
    state: State,
    row: int,
    *,
    last: int,
    journal: Journal,
    rng: np.random.Generator,
) -> None:
    """The way of somebody who was not: busy people decline, the others hear late or never."""
    span = max(last - post.at, 60)
    first, second, third = (
        post.at + int(span * share) for share in np.sort(rng.uniform(0.05, 0.98, 3))
    )
    freelancer_id = people.ids[row]
    is_busy = people.weekly_hours[row] - state.busy_hours[row] < post.weekly_hours
    if chance(0.25, rng):
        journal.note(first, "invited", post.id, freelancer_id)
        answer = "invite_declined" if chance(0.85 if is_busy else 0.3, rng) else "invite_accepted"
        journal.note(second, answer, post.id, freelancer_id)
        if answer == "invite_declined":
            return
    else:
        journal.note(second, "applied", post.id, freelancer_id)
    if chance(0.25, rng):
        journal.note(third, "shortlisted", post.id, freelancer_id)
    if chance(0.5, rng):
        journal.note(last + int(rng.uniform(0, 2) * DAY), "rejected", post.id, freelancer_id)


def _liked(outcome: Outcome, *, size: int, rng: np.random.Generator) -> Ints:
    """Rows drawn without replacement, the likely ones rather; none that is out of the question."""
    rows = np.flatnonzero(outcome.p_hire > 1e-5)
    taste = 0.6 * np.log(outcome.p_hire[rows]) + rng.gumbel(size=len(rows))
    return rows[np.argsort(-taste, kind="stable")[:size]]


def _show(
    post: Post,
    people: People,
    state: State,
    outcome: Outcome,
    *,
    journal: Journal,
    rng: np.random.Generator,
) -> None:
    """A list on record for a few jobs: the busiest freelancers, or anybody at random.

    The propensity of a random list is the chance of being on it; other lists have none.
    """
    pool = len(outcome.p_hire)
    if not chance(_LISTS_SHOWN, rng) or not pool:
        return
    length = min(_LIST_LENGTH, pool)
    is_random = chance(_LISTS_RANDOM, rng)
    score = rng.random(pool) if is_random else state.completed[:pool] + rng.random(pool)
    shown_at = post.at + int(rng.integers(20, 600))
    decision_id = f"d-{post.id}"
    for position, row in enumerate(np.argsort(-score, kind="stable")[:length], start=1):
        journal.note(
            shown_at,
            "shown",
            post.id,
            people.ids[row],
            decision_id=decision_id,
            position=position,
            propensity=length / pool if is_random else None,
        )
        looks = 0.6 / position + min(3.0 * float(outcome.p_hire[row]), 0.4)
        if chance(looks, rng):
            viewed_at = shown_at + int(rng.integers(5, 3_000))
            journal.note(
                viewed_at,
                "viewed",
                post.id,
                people.ids[row],
                decision_id=decision_id,
                position=position,
            )
