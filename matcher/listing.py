"""A list of matches as a table in a terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from matcher.candidates import Match, Matches

WIDTH_WITHOUT_TERMINAL = 110


def print_matches(matches: Matches) -> None:
    """Print the list on stdout: who, how well, how likely, and why."""
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("#", "freelancer", "score", "p(hire)"):
        table.add_column(name, justify="left" if name == "freelancer" else "right", no_wrap=True)
    table.add_column("why", overflow="fold")
    for match in matches.top:
        table.add_row(
            str(match.rank),
            match.freelancer_id,
            f"{match.score:.2f}",
            "-" if match.p_hire is None else f"{match.p_hire:.1%}",
            _why(match),
        )
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    console = Console(width=width, highlight=False, markup=False, emoji=False)
    console.print(table)
    for reason, count in matches.query.excluded.items():
        console.print(f"excluded: {count:,} by {reason}")


def _why(match: Match) -> str:
    marks = {True: "+", False: "-"}
    return "\n".join(f"{marks[one.contribution > 0]} {one.text}" for one in match.reasons)
