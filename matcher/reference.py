"""How the columns of a training were spread, kept so that a later reader can see them move.

A bundle carries, of every feature and of what its ranker answered, how many pairs fell into
each of a few bins: enough to compare a later population with, and nothing of any person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter

from matcher.ports import Column, Rows

ANSWERS = ("score", "p_hire")  # what stands beside the features: what the ranker said of a pair
FEW_VALUES = 10
DECILES = np.arange(1, 10)
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")

Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**53)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many values of a column fell into each bin.

    Every cut is a bin of its own, for a column may well take one value most of the time;
    between, below and above the cuts lie the others, and the last bin is the unknown.

    Attributes:
        cuts: [c] rising: every value where there are at most ten, otherwise the deciles.
        counts: [2c + 2] below the first cut, at it, between it and the next, ..., unknown.
        lists: From how many lists the values come.
        median: Of the known values; None where none is known.
    """

    cuts: tuple[Finite, ...]
    counts: tuple[Count, ...]
    lists: Annotated[int, Field(ge=1, le=2**53)]
    median: Finite | None

    @classmethod
    def of(cls, values: Column, *, lists: int) -> Spread:
        """The bins that a column's own values suggest, and what fell into them."""
        known = _sorted(values)
        cuts = _cuts(known)
        ends = np.stack([np.searchsorted(known, cuts, side) for side in SIDES], axis=1).ravel()
        counts = np.diff(ends, prepend=0, append=len(known))
        return cls(
            cuts=tuple(cuts.tolist()),
            counts=(*counts.tolist(), len(values) - len(known)),
            lists=lists,
            median=_median(known),
        )

    def bins(self, values: Column) -> Rows:
        """[n] the bin of each of other values, in 0..2c + 1."""
        return _bins(np.array(self.cuts, np.float64), values)


@dataclass(frozen=True, slots=True)
class Reference:
    """The spread of every column by name; of none where there was nothing to learn from."""

    columns: Mapping[str, Spread]

    @classmethod
    def read(cls, content: Mapping[str, Any], *, names: Sequence[str]) -> Reference:
        """From what a file holds.

        Raises:
            ValueError: It describes other columns, or no spread that there can be.
        """
        shape = TypeAdapter(dict[str, Spread])
        columns = shape.validate_json(json.dumps(content["columns"]), strict=True)
        if set(columns) not in ({*names, *ANSWERS}, set(names), set()):
            raise ValueError("reference.json describes other columns than features.json lists")
        for name, spread in columns.items():
            if not _is_possible(spread):
                raise ValueError(f"reference.json holds a spread of {name} that cannot be")
        return cls(columns)


NO_REFERENCE = Reference({})


def median(values: Column) -> float | None:
    """The lower median of the known values, itself one of them; None where none is known."""
    return _median(_sorted(values))


def _sorted(values: Column) -> Column:
    return np.sort(values[np.isfinite(values)] + np.float32(0))  # no -0.0: it would sort anywhere


def _median(known: Column) -> float | None:
    return float(known[(len(known) - 1) // 2]) if len(known) else None


def _cuts(known: Column) -> NDArray[np.float64]:
    """From sorted values: all of them if they are few, otherwise their deciles without ties."""
    first = np.append(True, known[1:] != known[:-1])[: len(known)]
    if first.sum() <= FEW_VALUES:
        return np.asarray(known[first], np.float64)
    places = -(-DECILES * len(known) // 10) - 1  # the least value with so many tenths up to it
    return np.asarray(np.unique(known[places]), np.float64)


def _bins(cuts: NDArray[np.float64], values: Column) -> Rows:
    found = sum(np.searchsorted(cuts, values, side) for side in SIDES)
    return np.where(np.isfinite(values), found, 2 * len(cuts) + 1).astype(np.int64)


def _is_possible(spread: Spread) -> bool:
    known = sum(spread.counts[:-1])
    return (
        len(spread.counts) == 2 * len(spread.cuts) + 2
        and all(below < above for below, above in zip(spread.cuts, spread.cuts[1:], strict=False))
        and known + spread.counts[-1] >= spread.lists
        and (known > 0) == (spread.median is not None) == bool(spread.cuts)
    )
