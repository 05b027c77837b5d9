"""A list of matches as a table in a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 110
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FACTORS = {"p_accept": "comes", "p_hire_given_accept": "hired then", "quality": "quality"}


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


class ListedFreelancer(Listed, Protocol):
    """A freelancer on a job's list."""

    @property
    def freelancer_id(self) -> str:
        """Whose."""
        ...


class ListedJob(Listed, Protocol):
    """A job on a freelancer's list."""

    @property
    def job_id(self) -> str:
        """Which."""
        ...


def print_matches(
    matches: Iterable[ListedFreelancer],
    *,
    headlines: Mapping[str, str],
    factors: Mapping[str, Mapping[str, float | None]],
    excluded: Mapping[str, int],
) -> None:
    """Print a list on stdout: who, how well, how likely and by what odds, and why.

    Args:
        headlines: What to say of each freelancer beside the id.
        factors: Of each freelancer, by name; None or left out where not known.
        excluded: How many each filter kept off the list.
    """
    table = _table("#", "score", "p(hire)", about="freelancer")
    for match in matches:
        chance = "-" if match.p_hire is None else f"{match.p_hire:.1%}"
        who = _named(match.freelancer_id, headlines, _odds(factors[match.freelancer_id]))
        table.add_row(str(match.rank), f"{match.score:.2f}", chance, who, _why(match.reasons))
    _print(table, nothing="nobody matches", excluded=excluded)


def print_jobs(
    matches: Iterable[ListedJob],
    *,
    headlines: Mapping[str, str],
    excluded: Mapping[str, int],
) -> None:
    """Print a freelancer's list on stdout: which job, how well, and why.

    Args:
        headlines: What to say of each job beside the id.
        excluded: How many open jobs each reason kept off the list.
    """
    table = _table("#", "score", about="job")
    for match in matches:
        job = _named(match.job_id, headlines)
        table.add_row(str(match.rank), f"{match.score:.2f}", job, _why(match.reasons))
    _print(table, nothing="no open job is left", excluded=excluded)


def plain_console() -> Console:
    """Prints on stdout what it is given: nobody's text is markup there."""
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(width=width, highlight=False, markup=False, emoji=False)


def printable(text: str) -> str:
    r"""A text of others without what a terminal would obey; lines stay lines.

    >>> printable("fine\n\x1b[2Jgone\u202e")
    'fine\n?[2Jgone?'
    """
    return OBEYED.sub("?", text.replace("\r\n", "\n").replace("\t", " "))


def _table(*figures: str, about: str) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in figures:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(about, overflow="fold", max_width=40)
    table.add_column("why", overflow="fold")
    return table


def _named(id_: str, headlines: Mapping[str, str], odds: str = "") -> str:
    headline = printable(headlines.get(id_, ""))
    return "\n".join(part for part in (id_, headline, odds) if part)


def _odds(factors: Mapping[str, float | None]) -> str:
    """The factors that are known, in the order in which they come to pass."""
    told = ((said, factors.get(name)) for name, said in FACTORS.items())
    return ", ".join(f"{said} {share:.0%}" for said, share in told if share is not None)


def _print(table: Table, *, nothing: str, excluded: Mapping[str, int]) -> None:
    console = plain_console()
    console.print(table if table.row_count else nothing)
    for reason, count in excluded.items():
        console.print(f"excluded: {count:,} by {reason}")


def _why(reasons: Sequence[Told]) -> str:
    told = (f"{'+' if one.contribution > 0 else '-'} {one.text}" for one in reasons)
    return printable("\n".join(told))
