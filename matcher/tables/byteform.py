"""The bytes of a text file: unpacked, without a byte order mark, and watched.

A CSV reader swallows the rest of a file after a stray quote without a word, so
what passes through here is counted.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BUFFER_BYTES = 1 << 18


class WatchedBytes(io.RawIOBase):
    """A stream of bytes that ends in a line break and knows what went through it.

    Attributes:
        is_empty: Whether there is nothing but a byte order mark.
        quotes: How many double quotes went through.
        breaks_at_end: Whether the file itself ended in a line break (or is empty).
    """

    def __init__(self, stream: io.BufferedIOBase) -> None:
        super().__init__()
        self._stream = stream
        self._pending = stream.read(len(_BYTE_ORDER_MARK)).removeprefix(_BYTE_ORDER_MARK)
        if not self._pending:
            self._pending = stream.read(1)
        self._last = b"\n"
        self.is_empty = not self._pending
        self.quotes = 0
        self.breaks_at_end = True

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""
        wanted = size if size < 0 else max(size - len(self._pending), 0)
        piece, self._pending = self._pending + self._stream.read(wanted), b""
        self._last = piece[-1:] or self._last
        self.quotes += piece.count(b'"')
        is_end = size < 0 or len(piece) < size
        if is_end and self._last not in (b"\n", b"\r"):
            piece, self._last, self.breaks_at_end = piece + b"\n", b"\n", False
        return piece

    def lines(self, *, longest: int) -> Iterator[bytes]:
        """Line by line, breaks included; a line longer than `longest` comes out in pieces."""
        *whole, line = self._pending.split(b"\n")
        self._pending = b""
        yield from (line + b"\n" for line in whole)
        line += self._stream.readline(longest)
        while line:
            yield line
            line = self._stream.readline(longest)


@contextmanager
def opened(path: Path) -> Iterator[WatchedBytes]:
    """The unpacked bytes of `path`, `.gz` or plain."""
    with path.open("rb") as file:
        if path.suffix == ".gz" and path.stat().st_size:
            with gzip.open(file) as unpacked:
                # gzip's own readline is slow
                yield WatchedBytes(io.BufferedReader(unpacked, _BUFFER_BYTES))
        else:
            yield WatchedBytes(file)
