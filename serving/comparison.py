"""Where two decisions differ, to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.store.decision import Decision

TOLD = ("k", "seed", "policy", "exploration", "encoder", "excluded")
ABSENT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that came out otherwise.

    Attributes:
        what: A figure, or a feature.
        of: Whose, or which place.
    """

    what: str
    of: str
    recorded: str
    again: str


@dataclass(frozen=True, slots=True)
class _Value:
    """What is compared, and how it is shown."""

    bits: object
    text: str


def differences(recorded: Decision, again: Decision) -> list[Difference]:
    """All that differs, in the order: what was asked, who was found, how they were judged."""
    one, other = dict(_values(recorded)), dict(_values(again))
    absent = _Value(None, ABSENT)
    return [
        Difference(
            what=key[0],
            of=key[1],
            recorded=one.get(key, absent).text,
            again=other.get(key, absent).text,
        )
        for key in dict.fromkeys([*one, *other])
        if one.get(key, absent).bits != other.get(key, absent).bits
    ]


def _values(decision: Decision) -> Iterator[tuple[tuple[str, str], _Value]]:
    for name in TOLD:
        yield (name, "list"), _plain(decision.about.get(name))
    if decision.vector is not None:
        yield ("vector", "list"), _figure(decision.vector)
    for place, id_ in enumerate((*decision.shown, *decision.rest), start=1):
        yield ("order", f"place {place}"), _plain(id_)
    yield ("shown", "list"), _plain(len(decision.shown))
    for seat, id_ in enumerate(decision.shown):
        yield ("explored", id_), _plain(bool(decision.explored[seat]))
        for name, column in decision.figures.items():
            yield (name, id_), _figure(column[seat])
        for column_name, value in zip(decision.columns, decision.features[seat], strict=True):
            yield (column_name, id_), _figure(value)
    for id_, score in zip(decision.rest, decision.rest_scores, strict=True):
        yield ("score", id_), _figure(score)


def _plain(value: object) -> _Value:
    return _Value(value, str(value))


def _figure(value: np.float32 | np.ndarray) -> _Value:
    """Of equal bits alone; all that are not a number are one."""
    whole = np.atleast_1d(np.asarray(value, np.float32))
    text = f"{float(whole[0]):.9g}" if len(whole) == 1 else f"{whole[:3].tolist()}..."
    clean = np.where(np.isnan(whole), np.float32(np.nan), whole)
    return _Value(clean.tobytes(), text)
