"""How far a long step has come, on stderr.

A bar on a terminal. Elsewhere (a pipe, a log file) nothing, but for one closing
line when the step took over ten seconds. Standard output is never touched.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WORTH_A_LINE_S = 10.0


@contextmanager
def progress(label: str, *, total: int, enabled: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar over `total` units of work; what it gives advances it.

    >>> with progress("Encoding", total=3, enabled=False) as advance:
    ...     advance(3)
    """
    if not enabled:
        yield _ignore
    elif sys.stderr.isatty():
        with _bar(label, total=total) as advance:
            yield advance
    else:
        started = time.monotonic()
        yield _ignore
        took_s = time.monotonic() - started
        if took_s > WORTH_A_LINE_S:
            sys.stderr.write(f"{label}: done in {took_s:,.0f} s\n")


@contextmanager
def _bar(label: str, *, total: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)

        def advance(units: int) -> None:
            bar.advance(task, units)

        yield advance


def _ignore(units: int) -> None:
    """Nobody is watching."""
