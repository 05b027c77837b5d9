"""A decision without a person who was in it.

Who else was on the list stays, in the seats that they had. Where the decision was about that
person nothing is left of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import compress
from typing import Any

import numpy as np

from matcher.ports import Mask
from matcher.store.decision import Decision


def named_in(decision: Decision) -> set[str]:
    """Ids of all people in a decision."""
    made, people = decision.summary, asked_with(decision)
    if made.direction == "freelancers":
        people.update(decision.shown, decision.rest)
    return people if made.freelancer_id is None else people | {made.freelancer_id}


def asked_with(decision: Decision) -> set[str]:
    """Ids that the request names: they need not be of anybody on record."""
    request = decision.about["request"]
    client = _client(request)
    named = set() if client is None else {client}
    if decision.summary.direction == "freelancers":
        named.update(_excluded(request))
    return named


def without(decision: Decision, ids: Iterable[str]) -> Decision | None:
    """The decision without some people; itself, where it names none of them.

    Returns:
        None where it was about one of them.
    """
    gone = named_in(decision).intersection(ids)
    if not gone:
        return decision
    if decision.summary.freelancer_id in gone:
        return None
    stays, remain = _mask(decision.shown, gone), _mask(decision.rest, gone)
    return replace(
        decision,
        summary=replace(decision.summary, shown=int(stays.sum())),
        about={
            **decision.about,
            "request": _request_without(decision.about["request"], gone),
            "erased": _marked(decision, stays=stays, remain=remain),
        },
        shown=tuple(compress(decision.shown, stays)),
        explored=decision.explored[stays],
        figures={name: column[stays] for name, column in decision.figures.items()},
        features=decision.features[stays],
        rest=tuple(compress(decision.rest, remain)),
        rest_scores=decision.rest_scores[remain],
    )


def _mask(ids: tuple[str, ...], gone: set[str]) -> Mask:
    return np.array([id_ not in gone for id_ in ids], np.bool_)


def _marked(decision: Decision, *, stays: Mask, remain: Mask) -> dict[str, Any]:
    """What was taken out so far: the seats by their numbers, and how many of the rest."""
    before = decision.about.get("erased") or {"positions": [], "pool": 0}
    seats = [seat for seat, kept in zip(decision.positions, stays, strict=True) if not kept]
    return {
        "positions": sorted([*before["positions"], *seats]),
        "pool": before["pool"] + int((~remain).sum()),
    }


def _request_without(request: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    kept = dict(request)
    filters, job = kept.get("filters"), kept.get("job")
    if filters and filters.get("exclude"):
        others = [id_ for id_ in filters["exclude"] if id_ not in gone]
        kept["filters"] = {**filters, "exclude": others}
    if job and job.get("client_id") in gone:
        kept["job"] = {**job, "client_id": None}
    return kept


def _excluded(request: Mapping[str, Any]) -> list[str]:
    return list((request.get("filters") or {}).get("exclude") or ())


def _client(request: Mapping[str, Any]) -> str | None:
    client: str | None = (request.get("job") or {}).get("client_id")
    return client
