"""What becomes of a hire: how it ends, what is paid, and the stars both sides give.

Source: Filippas, Horton & Golden, EC 2018, doi:10.1145/3219166.3219222 (public stars are inflated
and ever more so; the private answer tells good work from fair work).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulate.draws import Floats, Ints, chance
from training.simulate.journal import Journal
from training.simulate.parameters import Ratings
from training.simulate.people import DAY, People
from training.simulate.posts import Post

DISSATISFIED = 4  # of 10: a private answer up to this leaves what a broken-off contract leaves
_BAD_END = -3.0  # what a client feels for somebody after one, at its next job; log scale
_LUCK = 0.6
_BACK = (-4.2, -3.2, -2.2, 0.0)  # ease that takes a client past one star, two, three and four
_RAISING = 0.3  # share of completed contracts after which somebody asks for more


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One freelancer at work for one job; times are seconds since the market's start.

    Attributes:
        row: Row of `People`.
        category: Row of `categories()`.
        needs: Rows of `skills()` that the work takes.
        paid_usd: What the freelancer earned.
        satisfaction: What the client will feel for this freelancer at the next job; log scale,
            above 0 if it was completed and the client is not dissatisfied in private.
        stars: What the client gave in public, or None.
        raises: Factor on the rate once it has ended.
    """

    row: int
    client_id: str
    category: int
    needs: Ints
    started_at: int
    ended_at: int
    weekly_hours: float
    is_in_team: bool
    is_completed: bool
    paid_usd: float
    satisfaction: float
    stars: float | None
    raises: float


def expected_quality(post: Post, people: People, rows: Ints) -> Floats:
    """[n] quality that the client may expect of each: in general, in these skills, at this work."""
    skill = people.strength[np.ix_(post.needs, rows)].astype(np.float64).mean(axis=0)
    special = people.affinity[post.niche, rows].astype(np.float64)
    return np.asarray(0.7 * people.quality[rows] + 1.2 * (skill - 0.6) + 0.6 * (special - 0.7))


def work_off(
    post: Post,
    people: People,
    *,
    row: int,
    started_at: int,
    bid_usd: float,
    in_team: bool,
    share: float,
    ratings: Ratings,
    journal: Journal,
    rng: np.random.Generator,
) -> Contract:
    """The contract from its start to its end, with its events noted in the journal.

    Args:
        bid_usd: USD an hour that were agreed on.
        share: How much of the market's span has passed, 0..1.
    """
    expected = float(expected_quality(post, people, np.array([row]))[0])
    delivered = expected + _LUCK * float(rng.standard_normal())
    is_completed = chance(1 / (1 + np.exp(-2.3 - 1.0 * delivered)), rng)
    length = post.weeks * (rng.uniform(0.7, 1.4) if is_completed else rng.uniform(0.1, 0.6))
    ended_at = started_at + max(int(length * 7 * DAY), DAY // 2)
    hours = max(length * post.weekly_hours, 1.0)
    agreed = bid_usd if post.is_hourly else fixed_price(post, bid_usd)
    earned = agreed * hours if post.is_hourly else agreed
    part = 1.0 if is_completed else float(rng.uniform(0.1, 0.6))
    paid = round(earned * part, 2) if is_completed or chance(0.4, rng) else 0.0
    journal.note(started_at, "hired", post, row, value=agreed)
    journal.note(ended_at, "completed" if is_completed else "cancelled", post, row)
    if paid:
        journal.note(ended_at + int(rng.uniform(0.2, 5) * DAY), "paid", post, row, value=paid)
    felt = delivered - post.client.severity - (not is_completed) * 2.5
    private = _private(felt)
    kindness = ratings.kindness + ratings.drift * (share - 0.5)
    given = _Given(
        stars=_stars(felt, dissatisfied=private <= DISSATISFIED, kindness=kindness, rng=rng),
        back=_stars_back(post.client.severity, is_completed=is_completed, rng=rng),
        private=private,
    )
    has_stars = _rate(post, row, ended_at, given, ratings=ratings, journal=journal, rng=rng)
    is_content = is_completed and private > DISSATISFIED
    is_raising = is_completed and chance(_RAISING, rng)
    return Contract(
        row=row,
        client_id=post.client.id,
        category=post.category,
        needs=post.needs,
        started_at=started_at,
        ended_at=ended_at,
        weekly_hours=post.weekly_hours,
        is_in_team=in_team,
        is_completed=is_completed,
        paid_usd=paid,
        satisfaction=2.4 + 0.7 * float(np.clip(felt, -2, 2)) if is_content else _BAD_END,
        stars=given.stars if has_stars else None,
        raises=float(rng.uniform(1.04, 1.2)) if is_raising else 1.0,
    )


def fixed_price(post: Post, bid_usd: float) -> float:
    """What a job costs in all at so much an hour, in whole USD."""
    return float(max(5.0, round(bid_usd * post.weeks * post.weekly_hours)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What both sides would say, asked or not.

    Attributes:
        stars: The client's, in public.
        back: The freelancer's, in public.
        private: The client's answer that nobody else sees, 0..10.
    """

    stars: float
    back: float
    private: float


def _rate(
    post: Post,
    row: int,
    ended_at: int,
    given: _Given,
    *,
    ratings: Ratings,
    journal: Journal,
    rng: np.random.Generator,
) -> bool:
    """Whether the client gave stars; each answer comes from some, hours to days after the end."""
    later = [ended_at + int(day * DAY) for day in rng.uniform(0.05, 9, 3)]
    answered, returned, told = rng.random(3)
    if answered < ratings.answered:
        journal.note(later[0], "rated_freelancer", post, row, value=given.stars)
    if returned < ratings.answered * 0.8:
        journal.note(later[1], "rated_client", post, row, value=given.back)
    if told < ratings.private:
        journal.note(later[2], "rated_private", post, row, value=given.private)
    return bool(answered < ratings.answered)


def _private(felt: float) -> float:
    """How gladly the client would hire again, 0..10 in whole numbers."""
    return float(np.clip(np.round(7.6 + 1.7 * felt), 0, 10))


def _stars(felt: float, *, dissatisfied: bool, kindness: float, rng: np.random.Generator) -> float:
    """Five for nearly everybody; the dissatisfied say so, unless they are kind."""
    if dissatisfied:
        return float(rng.integers(4, 6)) if chance(kindness, rng) else float(rng.integers(1, 4))
    return 5.0 if chance(1 / (1 + np.exp(-2.4 - 1.2 * felt)), rng) else 4.0


def _stars_back(severity: float, *, is_completed: bool, rng: np.random.Generator) -> float:
    """What the client gets: mostly five, less from those it was hard on or broke off with."""
    ease = 1.15 - 2.0 * severity - 1.5 * (not is_completed) + rng.logistic()
    return 1.0 + sum(ease > threshold for threshold in _BACK)
