"""A list of matches as a table in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 110


class Told(Protocol):
    """A reason that can be printed."""

    @property
    def contribution(self) -> float:
        """Below 0, a doubt."""
        ...

    @property
    def text(self) -> str:
        """In words."""
        ...


class Listed(Protocol):
    """A match that can be printed."""

    @property
    def freelancer_id(self) -> str:
        """Whose."""
        ...

    @property
    def rank(self) -> int:
        """From 1."""
        ...

    @property
    def score(self) -> float:
        """Orders the list."""
        ...

    @property
    def p_hire(self) -> float | None:
        """Probability of a hire."""
        ...

    @property
    def reasons(self) -> Sequence[Told]:
        """Strengths, then doubts."""
        ...


def print_matches(
    matches: Iterable[Listed],
    *,
    headlines: Mapping[str, str],
    excluded: Mapping[str, int],
) -> None:
    """Print a list on stdout: who, how well, how likely, and why.

    Args:
        headlines: What to say of each freelancer beside the id.
        excluded: How many each filter kept off the list.
    """
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("#", "score", "p(hire)"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("freelancer", overflow="fold", max_width=40)
    table.add_column("why", overflow="fold")
    for match in matches:
        chance = "-" if match.p_hire is None else f"{match.p_hire:.1%}"
        who = "\n".join(
            part for part in (match.freelancer_id, headlines.get(match.freelancer_id, "")) if part
        )
        table.add_row(str(match.rank), f"{match.score:.2f}", chance, who, _why(match.reasons))
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    console = Console(width=width, highlight=False, markup=False, emoji=False)
    console.print(table if table.row_count else "nobody matches")
    for filter_, count in excluded.items():
        console.print(f"excluded: {count:,} by {filter_}")


def _why(reasons: Sequence[Told]) -> str:
    return "\n".join(f"{'+' if one.contribution > 0 else '-'} {one.text}" for one in reasons)
