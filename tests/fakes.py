"""Quick stand-ins for the ports; each passes its port's contract suite."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import Hits, Query
from matcher.domain import DAY_US
from matcher.snapshot import Snapshot


class FakeEncoder:
    """An `Encoder` that counts hashed words: texts sharing words are alike.

    Attributes:
        calls: The texts of each call so far.
    """

    def __init__(self, *, dim: int = 64) -> None:
        self.dim = dim
        self.digest = f"fake-{dim}"
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        counts = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                counts[row, zlib.crc32(word.encode("utf-8", "replace")) % self.dim] += 1
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        return counts / np.maximum(lengths, 1)


class FakeSource:
    """A `CandidateSource` of everyone eligible, the longest known first."""

    name = "fake"

    def __init__(self, snapshot: Snapshot) -> None:
        self._joined_at = snapshot.freelancers.joined_at

    def search(self, query: Query, *, pool: int) -> Hits:
        age_days = (query.as_of - self._joined_at) / DAY_US
        return Hits.best(age_days.astype(np.float32), eligible=query.eligible, pool=pool)
