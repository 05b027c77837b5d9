"""Vectors that more may follow, without copying those that are there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from matcher.ports import Rows, Vectors


@dataclass(frozen=True, slots=True)
class Stack:
    """[n, dim] float32 vectors in two parts, which read as one.

    Attributes:
        first: [f, dim] those that were there.
        later: [n - f, dim] those that came since.
    """

    first: Vectors
    later: Vectors

    @classmethod
    def of(cls, vectors: Vectors) -> Stack:
        """From [n, dim] vectors; none came since."""
        first = np.ascontiguousarray(vectors, np.float32)
        return cls(first, first[:0])

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.first.shape[1])

    def __len__(self) -> int:
        return len(self.first) + len(self.later)

    def __iter__(self) -> Iterator[Vectors]:
        yield from self.first
        yield from self.later

    def __array__(self, dtype: Any = None, *, copy: bool | None = None) -> Vectors:
        """All of them in one array, which copies them where any came since."""
        whole = np.concatenate([self.first, self.later]) if len(self.later) else self.first
        return np.array(whole, dtype, copy=copy)

    @overload
    def __getitem__(self, rows: int | np.integer) -> Vectors: ...
    @overload
    def __getitem__(self, rows: Rows) -> Vectors: ...
    def __getitem__(self, rows: int | np.integer | Rows) -> Vectors:
        """[dim] one of them, or [k, dim] some, as a copy."""
        if len(self.later) == 0:
            return self.first[rows]
        if isinstance(rows, int | np.integer):
            start = len(self.first)
            return self.first[rows] if rows < start else self.later[rows - start]
        late = rows >= len(self.first)
        out = np.empty((len(rows), self.dim), np.float32)
        out[~late] = self.first[rows[~late]]
        out[late] = self.later[rows[late] - len(self.first)]
        return out

    def grown(self, more: Vectors) -> Stack:
        """These and then some more."""
        return Stack(self.first, np.concatenate([self.later, more])) if len(more) else self
