"""Quick stand-ins for the ports; each passes its port's contract suite."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


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
