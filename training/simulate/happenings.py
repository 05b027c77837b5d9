"""When what was drawn takes place, and how the platform records it.

Whatever the client decides, it decides within days; so the record of a job's funnel is complete
once the job is filled, closed or given up.
"""

from __future__ import annotations

import numpy as np

from training.simulate.contracts import fixed_price
from training.simulate.draws import Floats, Ints
from training.simulate.journal import Journal
from training.simulate.opening import Course, Opening
from training.simulate.parameters import Applications
from training.simulate.people import DAY
from training.simulate.posts import Post

_GIVEN_UP = 14 * DAY  # after which a client that hired nobody is silent
_SHORTLIST = 3  # so many that came closest may be shortlisted
_SHORTLISTED = 0.5
_REJECTED = 0.3
_HOUR = 3_600


def decision_at(post: Post, rng: np.random.Generator) -> int:
    """When the first of a job's hires is made: hours to days after posting, before it closes."""
    delay = int(np.clip(rng.lognormal(0.2, 0.9), 0.1, 21.0) * DAY)
    return post.at + (delay if post.closes_after is None else min(delay, post.closes_after // 2))


def record(
    opening: Opening,
    course: Course,
    bids: Floats,
    *,
    decided_at: int,
    applications: Applications,
    journal: Journal,
    rng: np.random.Generator,
) -> None:
    """Note the list, the looks, the invitations and answers, the applications, the verdicts.

    Args:
        bids: [n] USD an hour that each would ask.
        decided_at: When the hires are made, if any are.
    """
    post, rows = opening.post, opening.rows
    # The list has luck of its own, so that another list changes nothing else.
    _record_list(opening, course, journal, rng.spawn(1)[0])
    span = decided_at - post.at
    hired = np.zeros(len(rows), np.bool_)
    hired[course.hired] = True
    end = span if len(course.hired) else min(post.closes_after or _GIVEN_UP, _GIVEN_UP)

    asked = np.flatnonzero(course.invited)
    asked_at = post.at + 60 + (rng.uniform(0.02, 0.4, len(asked)) * span).astype(np.int64)
    journal.note_all(asked_at, "invited", post, rows[asked])
    said_at = asked_at + (rng.uniform(0.02, 0.5, len(asked)) * span).astype(np.int64)
    yes = course.accepted[asked]
    journal.note_all(said_at[yes], "invite_accepted", post, rows[asked[yes]])
    journal.note_all(said_at[~yes], "invite_declined", post, rows[asked[~yes]])

    came = np.flatnonzero(course.applied)
    came_at = post.at + _arrivals(hired[came], span, end, applications, rng)
    value = bids[came]
    if not post.is_hourly:
        value = np.array([fixed_price(post, bid) for bid in value], np.float64)
    journal.note_all(came_at, "applied", post, rows[came], value=np.round(value, 2))
    told_at = post.at + end
    _record_verdicts(opening, course, hired, decided_at=told_at, journal=journal, rng=rng)


def _record_list(
    opening: Opening, course: Course, journal: Journal, rng: np.random.Generator
) -> None:
    slate, post = opening.slate, opening.post
    if not len(slate.rows):
        return
    shown_at = post.at + int(rng.integers(1, 30))
    seat = np.arange(1, len(slate.rows) + 1)
    journal.note_all(
        np.full(len(seat), shown_at),
        "shown",
        post,
        slate.rows,
        position=seat,
        propensity=slate.propensity,
    )
    looked = np.flatnonzero(course.viewed)
    viewed_at = shown_at + 5 + (rng.exponential(40.0, len(looked)) + 10 * looked).astype(np.int64)
    journal.note_all(viewed_at, "viewed", post, slate.rows[looked], position=seat[looked])


def _arrivals(
    hired: np.ndarray, span: int, end: int, applications: Applications, rng: np.random.Generator
) -> Ints:
    """[n] seconds after the posting: some at once, the hired in time, the others till the end."""
    n = len(hired)
    prompt = rng.random(n) < applications.prompt
    share = rng.beta(0.7, 2.0, n)
    within = np.where(hired, 0.9 * span, max(end, 2 * _HOUR))
    later = 61 + (share * (within - 120)).astype(np.int64)
    return np.where(prompt, rng.integers(4, 60, n), later)


def _record_verdicts(
    opening: Opening,
    course: Course,
    hired: np.ndarray,
    *,
    decided_at: int,
    journal: Journal,
    rng: np.random.Generator,
) -> None:
    """Shortlist those who came closest, and tell some of the others that they did not."""
    rows, post = opening.rows, opening.post
    came = course.applied | course.accepted
    ahead = course.order[: _SHORTLIST + post.positions]
    listed = ahead[came[ahead] & (rng.random(len(ahead)) < _SHORTLISTED)]
    journal.note_all(np.full(len(listed), decided_at - 1), "shortlisted", post, rows[listed])
    if len(course.hired):
        lost = np.flatnonzero(came & ~hired)
        told = lost[rng.random(len(lost)) < _REJECTED]
        told_at = decided_at + 600 + (rng.random(len(told)) * 2 * DAY).astype(np.int64)
        journal.note_all(told_at, "rejected", post, rows[told])
