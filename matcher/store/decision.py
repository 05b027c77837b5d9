"""A decision: one list that was answered with, and all that it takes to make it again.

Kept small, for there may be a hundred million a year: feature rows of whoever was shown, ids and
scores of the rest of the pool. A body is a byte that names the format, and then, compressed, the
length of some JSON, the JSON, and all figures as float32.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from matcher.decision_errors import DecisionDamagedError
from matcher.ports import Column, Mask, Matrix
from matcher.store.cells import json_of

Direction = Literal["freelancers", "jobs"]
FORMAT = 1
_LEVEL = 1
_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is known of a decision without opening it.

    Attributes:
        at: When it was made; `as_of`: what it was asked as of. Instants.
        direction: What was shown: freelancers for a job, or jobs for a freelancer.
        job_id: Of the job asked about; None of a brief without one, and of the other direction.
        freelancer_id: Of whoever asked for jobs.
        seq: The change that the snapshot followed.
        bundle: Digest of the bundle that answered.
        shown: How many were shown.
    """

    decision_id: str
    at: int
    as_of: int
    direction: Direction
    job_id: str | None
    freelancer_id: str | None
    seq: int
    bundle: str
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """A list, best first, and what it rests on.

    Attributes:
        about: Plain values: the request as asked, k, seed, policy, exploration, model, encoder,
            snapshot, excluded, warnings; `erased` where people were taken out since.
        vector: [dim] what the text asked with became; None where no text is asked with.
        shown: [k] ids, the first seat first.
        explored: [k] whose seat was drawn.
        figures: By name, [k] float32, NaN for unknown: `score`, `p_hire`, `expected_value`,
            `propensity`, and `factors.NAME` and `components.NAME`.
        columns: [d] names of the features.
        features: [k, d] the feature rows.
        rest: [n] ids of the others in the pool, best first, with their scores in `rest_scores`.
    """

    summary: Summary
    about: Mapping[str, Any]
    vector: Column | None
    shown: tuple[str, ...]
    explored: Mask
    figures: Mapping[str, Column]
    columns: tuple[str, ...]
    features: Matrix
    rest: tuple[str, ...]
    rest_scores: Column

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        return (
            self.features.nbytes
            + 100 * (len(self.rest) + len(self.shown))
            + 4 * _characters(self.about["request"])
            + 4_000
        )

    @property
    def positions(self) -> tuple[int, ...]:
        """[k] the seats, from 1; a seat whose holder was erased is nobody's."""
        empty = set(self.about.get("erased", {}).get("positions", ()))
        seats = range(1, len(self.shown) + len(empty) + 1)
        return tuple(seat for seat in seats if seat not in empty)

    def named(self, prefix: str) -> dict[str, Column]:
        """The figures `prefix.NAME`, by that name."""
        start = f"{prefix}."
        return {
            name.removeprefix(start): column
            for name, column in self.figures.items()
            if name.startswith(start)
        }


def columns_key(columns: tuple[str, ...]) -> str:
    """By which names of features are found: they are kept once, not with every decision."""
    return hashlib.sha256(json_of(columns).encode()).hexdigest()[:16]


def packed(decision: Decision) -> bytes:
    """The body of a decision, as it is kept."""
    vector = np.empty(0, np.float32) if decision.vector is None else decision.vector
    figures = [column.astype(np.float32, copy=False) for column in decision.figures.values()]
    block = [vector, *figures, decision.rest_scores, decision.features.T.ravel()]
    flat = np.concatenate(block).astype("<f4", copy=False)
    text = json_of(
        {
            "about": decision.about,
            "vector": None if decision.vector is None else len(decision.vector),
            "shown": decision.shown,
            "explored": np.flatnonzero(decision.explored).tolist(),
            "figures": list(decision.figures),
            "columns": [columns_key(decision.columns), len(decision.columns)],
            "rest": decision.rest,
        }
    ).encode("utf-8", "surrogatepass")
    content = len(text).to_bytes(_LENGTH_BYTES, "little") + text + flat.tobytes()
    return bytes([FORMAT]) + zlib.compress(content, _LEVEL)


def may_name(body: bytes, id_: str) -> bool:
    """Whether a body might hold an id; quick, and True of one that is damaged."""
    try:
        content = zlib.decompress(body[1:])
    except zlib.error:
        return True
    return json_of(id_).encode("utf-8", "surrogatepass") in content


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was opened; the names of its features lie elsewhere."""

    told: Mapping[str, Any]
    flat: Column

    @classmethod
    def opened(cls, body: bytes, decision_id: str) -> Body:
        """What was packed.

        Raises:
            DecisionDamagedError: It is of another format, or damaged.
        """
        if body[:1] != bytes([FORMAT]):
            raise DecisionDamagedError(decision_id, f"format {body[:1].hex() or 'none'}")
        try:
            content = zlib.decompress(body[1:])
            stop = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "little")
            told = json.loads(content[_LENGTH_BYTES:stop].decode("utf-8", "surrogatepass"))
            flat = np.frombuffer(content[stop:], "<f4").astype(np.float32)
        except (zlib.error, ValueError) as error:
            raise DecisionDamagedError(decision_id, str(error)) from error
        if len(flat) != _figures_of(told):
            raise DecisionDamagedError(decision_id, f"{len(flat)} figures")
        return cls(told=told, flat=flat)

    @property
    def columns_key(self) -> str:
        """Which names its features have."""
        return str(self.told["columns"][0])

    def decision(self, summary: Summary, columns: tuple[str, ...]) -> Decision:
        """The decision, as it was before it was packed."""
        told, k, d = self.told, len(self.told["shown"]), len(columns)
        dim, names, rest = told["vector"], told["figures"], tuple(told["rest"])
        parts = np.split(
            self.flat,
            np.cumsum([dim or 0, *[k] * len(names), len(rest)]),
        )
        explored = np.zeros(k, np.bool_)
        explored[told["explored"]] = True
        return Decision(
            summary=summary,
            about=told["about"],
            vector=None if dim is None else parts[0],
            shown=tuple(told["shown"]),
            explored=explored,
            figures=dict(zip(names, parts[1:-2], strict=True)),
            columns=columns,
            features=np.ascontiguousarray(parts[-1].reshape(d, k).T),
            rest=rest,
            rest_scores=parts[-2],
        )


def _characters(value: object) -> int:
    """Of all texts in plain values."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list | tuple) else 1


def _figures_of(told: Mapping[str, Any]) -> int:
    k, d = len(told["shown"]), int(told["columns"][1])
    return (told["vector"] or 0) + k * len(told["figures"]) + len(told["rest"]) + k * d
