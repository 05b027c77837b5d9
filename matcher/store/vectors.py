"""Vectors of texts, kept for good: an equal text is encoded once, a restart encodes nothing.

A vector is found by the digest of its encoder and the SHA-256 of its text, so it does not
matter whose text it is, nor how often the record was written since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.engine import Connection

from matcher.ports import Column
from matcher.store import tables
from matcher.store.database import insert_rows
from matcher.store.journal import CHUNK


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """Vectors that an encoder made, by the digests of their texts."""

    encoder: str
    vectors: Mapping[bytes, Column]


def text_digest(text: str) -> bytes:
    """By which the vector of a text is found; half surrogates stay distinct."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def keep(connection: Connection, encoded: Encoded) -> None:
    """Keep the vectors that are not kept yet; the first one that was made of a text stays."""
    there = kept(connection, encoded.encoder, list(encoded.vectors))
    rows = [
        {
            "encoder": encoded.encoder,
            "text": digest,
            "vector": np.asarray(vector, "<f4").tobytes(),
        }
        for digest, vector in encoded.vectors.items()
        if digest not in there
    ]
    if rows:
        insert_rows(connection, tables.vectors, rows)


def kept(connection: Connection, encoder: str, digests: Sequence[bytes]) -> dict[bytes, Column]:
    """The vectors [dim] float32 that are kept, by the digests of their texts."""
    table = tables.vectors
    found: dict[bytes, Column] = {}
    for start in range(0, len(digests), CHUNK):
        query = select(table.c.text, table.c.vector).where(
            table.c.encoder == encoder, table.c.text.in_(digests[start : start + CHUNK])
        )
        for text, vector in connection.execute(query):
            found[bytes(text)] = np.frombuffer(bytes(vector), "<f4").astype(np.float32)
    return found
