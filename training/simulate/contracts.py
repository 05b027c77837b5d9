"""What becomes of a hire: how it ends, what is paid, and the stars both sides give.

Public stars are inflated, nearly always five; the private answer tells good work from fair work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulate.draws import chance
from training.simulate.journal import Journal
from training.simulate.people import DAY, People
from training.simulate.posts import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One freelancer at work for one job; times are seconds since the market's start.

    Attributes:
        row: Row of `People`.
        satisfaction: What the client will feel for this freelancer at the next job; log scale.
    """

    row: int
    client_id: str
    started_at: int
    ended_at: int
    weekly_hours: float
    is_completed: bool
    satisfaction: float


def work_off(
    post: Post,
    people: People,
    *,
    row: int,
    started_at: int,
    rate: float,
    journal: Journal,
    rng: np.random.Generator,
) -> Contract:
    """The contract from its start to its end, with its events noted in the journal."""
    delivered = _delivered(post, people, row, rng)
    is_completed = chance(1 / (1 + np.exp(-2.1 - 1.0 * delivered)), rng)
    length = post.weeks * (rng.uniform(0.7, 1.4) if is_completed else rng.uniform(0.1, 0.6))
    ended_at = started_at + max(int(length * 7 * DAY), DAY // 2)
    hours = max(length * post.weekly_hours, 1.0)
    agreed = round(rate * float(rng.uniform(0.92, 1.04)), 2)
    if not post.is_hourly:
        agreed = max(
            5.0, round(rate * post.weeks * post.weekly_hours * float(rng.uniform(0.8, 1.1)))
        )
    earned = agreed * hours if post.is_hourly else agreed
    freelancer_id = people.ids[row]
    journal.note(started_at, "hired", post.id, freelancer_id, value=agreed)
    journal.note(ended_at, "completed" if is_completed else "cancelled", post.id, freelancer_id)
    if is_completed or chance(0.4, rng):
        part = 1.0 if is_completed else float(rng.uniform(0.1, 0.6))
        paid_at = ended_at + int(rng.uniform(0.2, 5) * DAY)
        journal.note(paid_at, "paid", post.id, freelancer_id, value=round(earned * part, 2))
    _rate(post, freelancer_id, ended_at, delivered - (not is_completed) * 2.5, journal, rng)
    return Contract(
        row=row,
        client_id=post.client.id,
        started_at=started_at,
        ended_at=ended_at,
        weekly_hours=post.weekly_hours,
        is_completed=is_completed,
        satisfaction=2.2 + 0.7 * float(np.clip(delivered, -2, 2)) if is_completed else -3.0,
    )


def _delivered(post: Post, people: People, row: int, rng: np.random.Generator) -> float:
    """How good the work is: quality, the speciality, and luck; about standard normal."""
    special = people.affinity[post.niche, row] - 0.6
    return float(0.7 * people.quality[row] + special + 0.6 * rng.standard_normal())


def _rate(
    post: Post,
    freelancer_id: str,
    ended_at: int,
    delivered: float,
    journal: Journal,
    rng: np.random.Generator,
) -> None:
    """Stars and the private answer, each given by some, hours to days after the end."""
    kinds = (
        ("rated_freelancer", 0.75, np.clip(np.round(5.2 + 0.6 * delivered), 1, 5)),
        ("rated_client", 0.55, rng.choice((5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 4.0, 4.0, 3.0, 1.0))),
        ("rated_private", 0.5, np.clip(np.round(7.5 + 1.8 * delivered), 0, 10)),
    )
    for kind, share, value in kinds:
        later = ended_at + int(rng.uniform(0.05, 9) * DAY)
        if chance(share, rng):
            journal.note(later, kind, post.id, freelancer_id, value=float(value))
