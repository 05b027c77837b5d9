"""What people made of a list: where each person stands, what was noted, in which order.

All of it is read back from events and overrides, which alone are on record. An override of one
person says nothing of an order: its reason is a note on that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.store.acts import Act
from matcher.store.decision import Decision
from matcher.store.overrides import Override

STANDINGS = {
    "applied": "applied",
    "shortlisted": "shortlisted",
    "rejected": "dismissed",
    "invited": "invited",
    "invite_accepted": "accepted",
    "invite_declined": "declined",
}
CONTRACTS = {"hired": "hired", "completed": "completed", "cancelled": "cancelled"}
CHOICES = ("shortlisted", "rejected")
OUTLIVED_BY = {  # what says less than is known already
    "shortlisted": ("invited", "accepted"),
    "applied": ("shortlisted", "invited", "accepted", "dismissed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a person stands for the job.

    Attributes:
        since: An instant.
        choice: The kind of the last event that kept or dismissed the person; None without any.
    """

    state: str
    since: int
    choice: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person of the list.

    Attributes:
        position: The seat as shown.
        standing: None where nothing was made of it yet.
    """

    freelancer_id: str
    position: int
    score: float
    p_hire: float | None
    explored: bool
    standing: Standing | None
    notes: tuple[Override, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """A list as people have it by now.

    Attributes:
        people: In the latest order; those whom it does not name follow as they were shown.
        order: Who gave that order; None where it is the list's own.
    """

    decision: Decision
    people: tuple[Listed, ...]
    order: Override | None


def shortlist_of(
    decision: Decision, *, overrides: Sequence[Override], acts: Iterable[Act]
) -> Shortlist:
    """What people made of a list of freelancers.

    Args:
        overrides: In the order in which they came.
        acts: Of the job, the earliest first.
    """
    now = standings(acts)
    orders = [one for one in overrides if len(one.ranking) > 1]
    order = orders[-1] if orders else None
    first = () if order is None else order.ranking
    place = {id_: at for at, id_ in enumerate(dict.fromkeys((*first, *decision.shown)))}
    people = [
        _listed(decision, seat, standing=now.get(id_), overrides=overrides)
        for seat, id_ in enumerate(decision.shown)
    ]
    people.sort(key=lambda one: place[one.freelancer_id])
    return Shortlist(decision=decision, people=tuple(people), order=order)


def standings(acts: Iterable[Act]) -> Mapping[str, Standing]:
    """Where each person stands: as the last event has it, but no step undoes a contract."""
    found: dict[str, Standing] = {}
    for act in acts:
        if act.kind in STANDINGS or act.kind in CONTRACTS:
            found[act.freelancer_id] = _after(act, found.get(act.freelancer_id))
    return found


def _after(act: Act, before: Standing | None) -> Standing:
    choice = before.choice if before else None
    choice = act.kind if act.kind in CHOICES else choice
    if before is not None and act.kind not in CONTRACTS:
        stays = (*CONTRACTS.values(), *OUTLIVED_BY.get(act.kind, ()))
        if before.state in stays:
            return replace(before, choice=choice)
    state = CONTRACTS.get(act.kind) or STANDINGS[act.kind]
    return Standing(state=state, since=act.at, choice=choice)


def _listed(
    decision: Decision,
    seat: int,
    *,
    standing: Standing | None,
    overrides: Sequence[Override],
) -> Listed:
    id_, p_hire = decision.shown[seat], decision.figures["p_hire"][seat]
    return Listed(
        freelancer_id=id_,
        position=decision.positions[seat],
        score=float(decision.figures["score"][seat]),
        p_hire=float(p_hire) if np.isfinite(p_hire) else None,
        explored=bool(decision.explored[seat]),
        standing=standing,
        notes=tuple(one for one in overrides if one.ranking == (id_,) and one.reason),
    )
