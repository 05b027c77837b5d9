"""Many texts through one network: each once, those of a length together, batches side by side.

A batch belongs to one core, and a call's batches are shared among the cores: none
waits for another inside a layer, and no bit depends on how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matcher.ports import Vectors
from matcher.progress import progress
from matcher.retrieval.tokens import Reader, Tokens, well_formed

MAX_CHARS = 4_000  # the default model reads 256 tokens, some 1,200 characters
MAX_WORKERS = 8
PROGRESS_FROM_BATCHES = 9


class Network(Protocol):
    """A loaded model. Safe to use from several threads."""

    @property
    def reader(self) -> Reader:
        """Turns texts into the tokens that `forward` takes."""
        ...

    def forward(self, batch: Sequence[Tokens]) -> Vectors:
        """[len(batch), dim] float32 of any length but 0, computed on one core."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Batches:
    """How texts are cut and put together.

    Attributes:
        size: How many texts go through the network together.
        workers: How many cores share a call.
    """

    size: int
    max_chars: int
    workers: int

    def encode(self, texts: Sequence[str], *, dim: int, load: Callable[[], Network]) -> Vectors:
        """[n, dim] float32, unit length, in the order given; equal texts are encoded once.

        All zeros for a text in which the tokenizer finds nothing (empty, whitespace, control
        characters). The network is loaded where there is a text at all.
        """
        if len(texts) == 0:
            return np.zeros((0, dim), np.float32)
        row: dict[str, int] = {}
        cut = (well_formed(text[: self.max_chars]) for text in texts)
        rows = np.fromiter((row.setdefault(text, len(row)) for text in cut), np.int64, len(texts))
        return self._distinct(list(row), load(), dim=dim)[rows]

    def _distinct(self, texts: list[str], network: Network, *, dim: int) -> Vectors:
        tokens = network.reader.read(texts)
        vectors = np.zeros((len(texts), dim), np.float32)
        spoken = [row for row, ids in enumerate(tokens) if len(ids) > network.reader.silence]
        spoken.sort(key=lambda row: -len(tokens[row]))  # little padding; the costliest batch first
        batches = [spoken[at : at + self.size] for at in range(0, len(spoken), self.size)]
        costs = [sum(len(tokens[row]) for row in rows) for rows in batches]
        shown = len(batches) >= PROGRESS_FROM_BATCHES
        work = self._each(network, [[tokens[row] for row in rows] for rows in batches])
        with progress("Encoding", total=sum(costs), enabled=shown) as advance:
            for rows, cost, block in zip(batches, costs, work, strict=True):
                vectors[rows] = _of_unit_length(block)
                advance(cost)
        return vectors

    def _each(self, network: Network, batches: list[list[Tokens]]) -> Iterator[Vectors]:
        if len(batches) == 1:  # a live query: no thread is worth starting
            yield network.forward(batches[0])
            return
        with ThreadPoolExecutor(self.workers, thread_name_prefix="encoder") as pool:
            yield from pool.map(network.forward, batches)


def _of_unit_length(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-30), np.float32)
