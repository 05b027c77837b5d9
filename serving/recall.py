"""Vectors of texts, none made twice: from the snapshot before, the store, or the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from matcher.manifest import model_of
from matcher.ports import Column, Encoder, Vectors
from matcher.snapshot import Snapshot
from matcher.stack import Stack
from matcher.store.store import Store
from matcher.store.vectors import Encoded, text_digest

BLOCK = 256  # texts that are encoded, and kept, at a time
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Vectors of one encoder, kept in a store.

    They are kept under its weights alone: precisions may be mixed, as in a bundle.
    """

    store: Store
    encoder: Encoder

    def of(
        self, texts: Sequence[str], *, before: Snapshot | None = None, seq: int | None = None
    ) -> Vectors:
        """[n, dim] float32 vectors of texts; what is missing is encoded, and kept.

        Args:
            texts: Of records.
            before: Has most of them, and spares the store; not those of erased people, whose
                id a new person may have.
            seq: The change as of which the texts were read: where somebody was erased since,
                nothing is kept.
        """
        found = {} if before is None else self._held(before)
        lacking = list(dict.fromkeys(text for text in texts if text not in found))
        found |= self._recalled(lacking)
        unknown = [text for text in lacking if text not in found]
        for some in blocks(unknown):
            found |= self._made(some, seq=seq)
        out = np.empty((len(texts), self.encoder.dim), np.float32)
        for row, text in enumerate(texts):
            out[row] = found[text]
        return out

    def fresh(self, text: str) -> Encoded | None:
        """The vector of a text that is to be written, to be kept with it; None if it is kept."""
        digest = text_digest(text)
        if self.store.vectors(self._name, [digest]):
            return None
        return Encoded(encoder=self._name, vectors={digest: self.encoder.encode([text])[0]})

    def keep(self, snapshot: Snapshot) -> Snapshot:
        """Keep the vectors of a snapshot that are not kept yet; it, with those that are kept.

        They may differ in a few bits: those kept may come from an encoder of another precision.
        What people said who were erased is not kept again, whatever the snapshot holds of them.
        """
        seq = self.store.head()
        ours = {text_digest(text): vector for text, vector in _held(snapshot)}
        kept = self.store.vectors(self._name, list(ours))
        living = map(text_digest, self._held(snapshot))
        lacking = [digest for digest in living if digest not in kept]
        for some in blocks(lacking):
            vectors = {digest: ours[digest] for digest in some}
            self.store.put_vectors(Encoded(encoder=self._name, vectors=vectors), after=seq)
        if all(np.array_equal(ours[digest], vector) for digest, vector in kept.items()):
            return snapshot
        return replace(
            snapshot,
            job_vectors=_those(snapshot.jobs.texts, snapshot.job_vectors, kept),
            profile_vectors=_those(snapshot.freelancers.texts, snapshot.profile_vectors, kept),
        )

    @property
    def _name(self) -> str:
        return model_of(self.encoder.digest)

    def _recalled(self, texts: Sequence[str]) -> Mapping[str, Column]:
        digests = {text_digest(text): text for text in texts}
        kept = self.store.vectors(self._name, list(digests)) if digests else {}
        return {digests[digest]: vector for digest, vector in kept.items()}

    def _held(self, snapshot: Snapshot) -> dict[str, Column]:
        """Vectors of a snapshot by their texts, without those of people who were erased."""
        people, texts = snapshot.freelancers, dict(_held(snapshot))
        gone = self.store.erasures.barred(people.ids).traces
        if not gone:
            return texts
        living = set(snapshot.jobs.texts)
        for id_, start, stop in zip(people.ids, people.starts, people.stops, strict=True):
            if id_ not in gone:
                living.update(people.texts[start:stop])
        return {text: vector for text, vector in texts.items() if text in living}

    def _made(self, texts: Sequence[str], *, seq: int | None) -> Mapping[str, Column]:
        vectors = dict(zip(texts, self.encoder.encode(texts), strict=True))
        kept = {text_digest(text): vector for text, vector in vectors.items()}
        self.store.put_vectors(Encoded(encoder=self._name, vectors=kept), after=seq)
        # another process may have been first, and its vector stays
        return {**vectors, **self._recalled(texts)}


def blocks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items a block at a time."""
    for start in range(0, len(items), BLOCK):
        yield items[start : start + BLOCK]


def _held(snapshot: Snapshot) -> Iterator[tuple[str, Column]]:
    """Texts of a snapshot with their vectors."""
    yield from zip(snapshot.jobs.texts, snapshot.job_vectors, strict=True)
    yield from zip(snapshot.freelancers.texts, snapshot.profile_vectors, strict=True)


def _those(texts: Sequence[str], vectors: Stack, kept: Mapping[bytes, Column]) -> Stack:
    """[n, dim] the vectors of texts, those that are kept instead."""
    out = np.array(vectors)
    for row, text in enumerate(texts):
        out[row] = kept.get(text_digest(text), out[row])
    return Stack.of(out)
