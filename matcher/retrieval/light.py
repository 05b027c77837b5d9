"""The lightest encoder that ranks as the training's own does, found by measuring.

Texts of the bundle ask for the jobs nearest to them, once with the vector that training
made and once with the light encoder's. What share of the first ten is the same decides.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from matcher.errors import UnexportableError
from matcher.retrieval.batches import MAX_WORKERS
from matcher.retrieval.exported import ExportedEncoder
from matcher.retrieval.precision import Exact, has_bf16

if TYPE_CHECKING:
    from matcher.ports import Rows, Vectors
    from matcher.retrieval.encoders import SentenceTransformerEncoder

LEAST_OVERLAP = 0.98
TOP = 10
MOST_TEXTS = 200
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far an exported encoder agrees with the one it was made from.

    Attributes:
        precision: How it multiplied.
        texts: How many were asked with.
        overlap: Mean share of the ten nearest jobs that both find.
        cosine_least: Between the two vectors of a text, where they differ most.
        cosine_mean: The same on average.
    """

    precision: Exact
    texts: int
    overlap: float
    cosine_least: float
    cosine_mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """An encoder for a bundle to carry: its files by name, and how it agrees."""

    files: Mapping[str, bytes]
    agreement: Agreement


def lightened(
    encoder: SentenceTransformerEncoder, texts: Sequence[str], *, vectors: Vectors
) -> Light:
    """The files of an encoder, and the lightest precision that agrees well enough.

    Args:
        encoder: The training's own.
        texts: Of jobs, in order of time.
        vectors: [len(texts), dim] what the training's encoder made of them.

    Raises:
        UnexportableError: Its model cannot be represented, there are not two texts to judge
            by, or no precision reaches an overlap of `LEAST_OVERLAP`.
    """
    from matcher.retrieval.export import export

    asking = _asking(vectors)
    if len(asking) < 2:
        raise UnexportableError("there are not two jobs with words to judge an export by")
    files = export(encoder)
    asked = [texts[row] for row in asking]
    candidates: tuple[Exact, ...] = ("bf16", "fp32") if has_bf16() else ("fp32",)
    with TemporaryDirectory(prefix="matcher-export-") as made:
        for name, content in files.items():
            (Path(made) / name).write_bytes(content)
        for precision in candidates:
            cores = min(os.cpu_count() or 1, MAX_WORKERS)
            made_by = ExportedEncoder(Path(made), precision=precision, at_once=cores)
            found = agreement(
                made_by.encode(asked), index=vectors, rows=asking, precision=precision
            )
            if found.overlap >= LEAST_OVERLAP:
                return Light(files=files, agreement=found)
    raise UnexportableError(
        f"exported, it finds {found.overlap:.1%} of the ten nearest jobs that it finds under "
        f"PyTorch, expected {LEAST_OVERLAP:.0%}"
    )


def agreement(made: Vectors, *, index: Vectors, rows: Rows, precision: Exact) -> Agreement:
    """How [q] vectors agree with those at `rows` of the [n] `index` of jobs.

    A job is never asked for itself. Where several are equally near, any of them will do.
    """
    overlaps, cosines = [], []
    for row, vector in zip(rows, made, strict=True):
        apart = np.delete(index, row, axis=0)
        near, found = apart @ index[row], apart @ vector
        k = min(TOP, len(apart))
        edge = np.partition(near, len(near) - k)[len(near) - k]
        chosen = np.argsort(-found, kind="stable")[:k]
        overlaps.append(float(np.mean(near[chosen] >= edge)))
        cosines.append(float(vector @ index[row]))
    return Agreement(
        precision=precision,
        texts=len(rows),
        overlap=round(float(np.mean(overlaps)), DIGITS),
        cosine_least=round(min(cosines), DIGITS),
        cosine_mean=round(float(np.mean(cosines)), DIGITS),
    )


def _asking(vectors: Vectors) -> Rows:
    """At most `MOST_TEXTS` of the rows that say anything, spread evenly."""
    spoken = np.flatnonzero(vectors.any(axis=1))
    places = np.linspace(0, len(spoken) - 1, min(len(spoken), MOST_TEXTS))
    return np.asarray(spoken[np.unique(places.astype(np.int64))], np.int64)
