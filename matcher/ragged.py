"""Rows of different lengths, held in two flat arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ports import Column, Rows


def spans(starts: Rows, stops: Rows) -> tuple[Rows, Rows]:
    """The positions in `starts[i]:stops[i]`, end to end, and the i of each.

    >>> spans(np.array([4, 9]), np.array([6, 10]))
    (array([4, 5, 9]), array([0, 0, 1]))
    """
    sizes = stops - starts
    owner = np.repeat(np.arange(len(sizes)), sizes)
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) - np.repeat(before - starts, sizes), owner


@dataclass(frozen=True, slots=True)
class Ragged:
    """[n] rows of int64 codes.

    Attributes:
        ends: [n + 1] int64; row i is `codes[ends[i]:ends[i + 1]]`.
        codes: Each row's codes, unique within it.
    """

    ends: Rows
    codes: Rows

    @classmethod
    def of(cls, rows: Sequence[Iterable[int]]) -> Ragged:
        """From one iterable of codes a row; repeated codes count once."""
        unique = [sorted(set(row)) for row in rows]
        ends = np.zeros(len(unique) + 1, np.int64)
        np.cumsum([len(row) for row in unique], out=ends[1:])
        return cls(ends, np.array([code for row in unique for code in row], np.int64))

    def __len__(self) -> int:
        return len(self.ends) - 1

    @property
    def row_sizes(self) -> Column:
        """[n] float32 number of codes a row."""
        return np.diff(self.ends).astype(np.float32)

    def followed(self, more: Ragged) -> Ragged:
        """These rows and then some more."""
        return Ragged(
            np.append(self.ends, self.ends[-1] + more.ends[1:]), np.append(self.codes, more.codes)
        )

    def numbered(self, numbers: Rows) -> Ragged:
        """The same rows with code c as `numbers[c]`, in the order that they had."""
        return Ragged(self.ends, numbers[self.codes] if len(self.codes) else self.codes)

    def take(self, rows: Rows) -> Ragged:
        """The named rows, in that order; a negative row is empty."""
        known = np.maximum(rows, 0)
        start = self.ends[known] if len(self) else np.zeros_like(known)
        stop = np.where(rows >= 0, self.ends[known + 1], start) if len(self) else start
        positions, _ = spans(start, stop)
        ends = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(stop - start, out=ends[1:])
        return Ragged(ends, self.codes[positions])

    def overlap(
        self, codes: NDArray[np.int64], *, weights: NDArray[np.float64] | None = None
    ) -> Column:
        """[n] how many of the wanted codes each row holds, or their weight.

        Args:
            codes: [w] wanted codes, unique.
            weights: [w] worth of each; one where absent.
        """
        if len(codes) == 0 or len(self.codes) == 0:
            return np.zeros(len(self), np.float32)
        order = np.argsort(codes)
        found = np.minimum(np.searchsorted(codes[order], self.codes), len(codes) - 1)
        worth = np.ones(len(codes)) if weights is None else weights
        value = np.where(codes[order][found] == self.codes, worth[order][found], 0.0)
        owner = np.repeat(np.arange(len(self)), np.diff(self.ends))
        return np.bincount(owner, value, minlength=len(self)).astype(np.float32)
