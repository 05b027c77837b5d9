"""Events as lines, in requests that are each as large as the service takes, and no larger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matcher.client.calls import LINES, Call, Content, written
from matcher.errors import UsageError

MOST_BYTES = 1 << 20
MOST_EVENTS = 5_000


def batches(events: Iterable[Content]) -> Iterator[Call]:
    """The requests that carry some events, in their order; none where there are none.

    Events are read as requests are made, so that there may be more of them than memory holds.

    Raises:
        UsageError: One event alone is too large, or cannot be written.
    """
    lines: list[bytes] = []
    size = 0
    for number, event in enumerate(events):
        line = written(event) + b"\n"
        if len(line) > MOST_BYTES:
            raise UsageError(
                f"event {number} (counted from 0) has {len(line):,} bytes, expected at most "
                f"{MOST_BYTES:,}; send what an event holds, and no more"
            )
        if len(lines) == MOST_EVENTS or size + len(line) > MOST_BYTES:
            yield _request(lines)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield _request(lines)


def _request(lines: list[bytes]) -> Call:
    return Call(method="POST", path="/v1/events", body=b"".join(lines), media=LINES)
