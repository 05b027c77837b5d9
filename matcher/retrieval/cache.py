"""Every text is encoded once; its vector is kept on disk and never made again.

A cache file belongs to any number of encoders (a vector is found by the encoder's
digest and the text's SHA-256) and may be used by several processes and threads at
once. Finished blocks are committed as they come, so a crash costs one block at most.
Where two processes meet over one text, both return the vector that was kept first.

The file holds nothing that cannot be made again. One that is damaged, or that is
something else, is renamed to `*.damaged` and started afresh; where no file can be
written, vectors are not kept. Both are said in the log, neither is an error.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.progress import progress

if TYPE_CHECKING:
    from matcher.ports import Encoder, Rows, Vectors

Keys = NDArray[np.uint8]
Answer = TypeVar("Answer")

BLOCK = 512  # texts a commit: about a second's encoding
FEW = 8  # calls this small are live ones, and answered from memory where possible
BUSY_S = 30.0
UNIT_TOLERANCE = 1e-3
APPLICATION_ID = 0x6D766563  # "mvec"
SCHEMA_VERSION = 1
SCHEMA = (
    "CREATE TABLE encoders (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE)",
    "CREATE TABLE vectors (encoder INTEGER NOT NULL, text BLOB NOT NULL, vector BLOB NOT NULL, "
    "UNIQUE (encoder, text))",
)

log = logging.getLogger(__name__)


class CachedEncoder:
    """An `Encoder` that asks another one only for texts it has not seen.

    Safe to use from several threads, and after a fork.

    Args:
        encoder: Makes the vectors.
        path: The cache file, made on first use; None keeps the `recent` ones in memory alone.
        recent: How many texts of small calls are answered from memory.

    Attributes:
        encoded: How many texts were really encoded so far.
    """

    def __init__(self, encoder: Encoder, path: Path | None, *, recent: int = 4_096) -> None:
        self.encoder = encoder
        self.path = path
        self.recent = recent
        self.encoded = 0
        self._memory: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self._complained = False

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.encoder.dim

    @property
    def digest(self) -> str:
        """That of the encoder: a kept vector is as good as a fresh one."""
        return self.encoder.digest

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, dim] float32, as the encoder's own, in the order given; equal texts alike."""
        if len(texts) == 0:
            return np.zeros((0, self.dim), np.float32)
        keys = _keys(texts)
        if len(texts) <= FEW:
            recalled = self._recalled(keys)
            if recalled is not None:
                return recalled
        vectors = np.zeros((len(texts), self.dim), np.float32)
        _, first, group = np.unique(
            keys.view(f"S{keys.shape[1]}")[:, 0], return_index=True, return_inverse=True
        )
        self._encode_rows(self._read(first, keys=keys, into=vectors), texts, keys, into=vectors)
        repeats = np.flatnonzero(first[group] != np.arange(len(texts)))
        vectors[repeats] = vectors[first[group[repeats]]]
        if len(texts) <= FEW:
            self._remember(keys, vectors)
        return vectors

    def _encode_rows(self, rows: Rows, texts: Sequence[str], keys: Keys, *, into: Vectors) -> None:
        """Encode and keep `rows`, long texts first: little padding, and an honest progress."""
        sizes = np.fromiter((len(texts[row]) for row in rows), np.int64, len(rows)) + 1
        order = np.argsort(-sizes, kind="stable")
        shown = len(rows) > BLOCK
        with progress("Encoding", total=int(sizes.sum()), enabled=shown) as advance:
            for at in range(0, len(rows), BLOCK):
                block = order[at : at + BLOCK]
                chosen = rows[block]
                into[chosen] = self.encoder.encode([texts[row] for row in chosen])
                with self._lock:
                    self.encoded += len(chosen)
                self._keep(chosen, keys=keys, vectors=into)
                advance(int(sizes[block].sum()))

    def _read(self, rows: Rows, *, keys: Keys, into: Vectors) -> Rows:
        """Fill in the vectors that are kept; the rows of those that are not."""

        def work(db: sqlite3.Connection) -> Rows:
            encoder = _encoder_id(db, self.digest)
            missing = [_fetch(db, encoder, block, keys, into) for block in _blocks(rows)]
            return np.concatenate([rows[:0], *missing])

        return self._on_disk(work, otherwise=rows)

    def _keep(self, rows: Rows, *, keys: Keys, vectors: Vectors) -> None:
        """Commit the vectors, and take over those that another process kept before."""

        def work(db: sqlite3.Connection) -> None:
            encoder = _encoder_id(db, self.digest)
            made = [
                (encoder, keys[row].tobytes(), vectors[row].astype("<f4").tobytes()) for row in rows
            ]
            with db:
                db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", made)
            _fetch(db, encoder, rows, keys, vectors)

        self._on_disk(work, otherwise=None)

    def _on_disk(
        self, work: Callable[[sqlite3.Connection], Answer], *, otherwise: Answer
    ) -> Answer:
        """What `work` answers on the cache file, on a fresh one if that is damaged."""
        if self.path is None:
            return otherwise
        try:
            try:
                return _on_file(self.path, work)
            except sqlite3.OperationalError:  # locked, full or read-only: not damaged
                raise
            except sqlite3.DatabaseError as error:
                _set_aside(self.path, error)
                return _on_file(self.path, work)
        except (sqlite3.Error, OSError) as error:
            self._complain(error)
            return otherwise

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            log.warning("vectors are not kept: %s cannot be used (%s)", self.path, error)

    def _recalled(self, keys: Keys) -> Vectors | None:
        with self._lock:
            found = [self._memory.get(key.tobytes()) for key in keys]
            held = [vector for vector in found if vector is not None]
            if len(held) < len(keys):
                return None
            for key in keys:
                self._memory.move_to_end(key.tobytes())
            return np.stack(held)

    def _remember(self, keys: Keys, vectors: Vectors) -> None:
        with self._lock:
            for key, vector in zip(keys, vectors, strict=True):
                self._memory[key.tobytes()] = vector.copy()
            while len(self._memory) > self.recent:
                self._memory.popitem(last=False)


def _keys(texts: Sequence[str]) -> Keys:
    """[n, 32] SHA-256 of each text; half surrogates, which UTF-8 lacks, stay distinct."""
    joined = bytearray()
    for text in texts:
        joined += hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return np.frombuffer(joined, np.uint8).reshape(len(texts), hashlib.sha256().digest_size)


def _on_file(path: Path, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """One connection for one piece of work: none is left over, for any thread or fork."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=BUSY_S)) as db:
        if _version(db) != (APPLICATION_ID, SCHEMA_VERSION):
            _create(db)
        db.execute("PRAGMA synchronous = NORMAL")
        return work(db)


def _create(db: sqlite3.Connection) -> None:
    """Tables, unless another process makes them just now.

    Raises:
        sqlite3.DatabaseError: The file is another program's, or of another version.
    """
    if _tables(db) and _version(db) != (APPLICATION_ID, SCHEMA_VERSION):
        raise sqlite3.DatabaseError("it holds something else than vectors of this version")
    db.execute("PRAGMA page_size = 16384")  # ten vectors a page; the usual page wastes a quarter
    with suppress(sqlite3.OperationalError):  # the process that holds the lock sets it
        db.execute("PRAGMA journal_mode = WAL")
    with db:
        db.execute("BEGIN IMMEDIATE")
        if _tables(db) == 0:
            for statement in SCHEMA:
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _tables(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _version(db: sqlite3.Connection) -> tuple[int, int]:
    return (
        int(db.execute("PRAGMA application_id").fetchone()[0]),
        int(db.execute("PRAGMA user_version").fetchone()[0]),
    )


def _set_aside(path: Path, error: Exception) -> None:
    """Rename the file and its journals, which must not be replayed into a new one."""
    names = (path.with_name(f"{path.name}.damaged{n or ''}") for n in count())
    aside = next(name for name in names if not name.exists())
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    log.warning("the vector cache %s is damaged (%s): set aside as %s", path, error, aside.name)


def _encoder_id(db: sqlite3.Connection, digest: str) -> int:
    query = "SELECT id FROM encoders WHERE digest = ?"
    row = db.execute(query, (digest,)).fetchone()
    if row is None:
        with db:
            db.execute("INSERT OR IGNORE INTO encoders (digest) VALUES (?)", (digest,))
        row = db.execute(query, (digest,)).fetchone()
    return int(row[0])


def _blocks(rows: Rows) -> Iterator[Rows]:
    for at in range(0, len(rows), BLOCK):
        yield rows[at : at + BLOCK]


def _fetch(db: sqlite3.Connection, encoder: int, rows: Rows, keys: Keys, into: Vectors) -> Rows:
    """Fill `rows` in from the file; the rows it lacks. A vector that is none is thrown out."""
    wanted = {keys[row].tobytes(): int(row) for row in rows}
    marks = ",".join("?" * len(wanted))
    found = db.execute(
        f"SELECT text, vector FROM vectors WHERE encoder = ? AND text IN ({marks})",
        (encoder, *wanted),
    )
    spoilt = []
    for key, blob in found:
        vector = np.frombuffer(blob, "<f4") if len(blob) % 4 == 0 else np.empty(0)
        if _is_vector(vector, dim=into.shape[1]):
            into[wanted.pop(key)] = vector
        else:
            spoilt.append((encoder, key))
    if spoilt:
        with db:
            db.executemany("DELETE FROM vectors WHERE encoder = ? AND text = ?", spoilt)
    return np.fromiter(wanted.values(), np.int64, len(wanted))


def _is_vector(vector: NDArray[np.floating], *, dim: int) -> bool:
    """Of the right length, and as long as a unit or nothing at all."""
    if len(vector) != dim:
        return False
    with np.errstate(all="ignore"):
        return not vector.any() or bool(abs(vector @ vector - 1) < UNIT_TOLERANCE)
