"""A report as tables for people: 80 columns wide at least, nothing cut, plain text in a pipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

NARROWEST = 80


def print_report(figures: Mapping[str, Any]) -> None:
    """Print the ladder, the test span, recall of the pool, calibration and slices to stdout."""
    console = _console()
    console.print(_span(figures["test"]))
    console.print()
    console.print(_ladder(figures["systems"], figures["ranker_minus"]))
    console.print()
    pool = f"Pool recall: {figures['pool_recall']:.1%} of those hired are among the retrieved."
    console.print(pool)
    console.print(_calibration(figures["calibration"]))
    experience = figures["slices"]["experience"]
    if experience:
        console.print()
        console.print(_experience(experience))


def _console() -> Console:
    """Standard output as it is now, without anybody's markup in names taken for ours."""
    width = max(Console().width, NARROWEST)
    return Console(width=width, markup=False, emoji=False, highlight=False)


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _ladder(
    systems: Mapping[str, Mapping[str, Any]], ranker_minus: Mapping[str, Mapping[str, Any]]
) -> Table:
    table = _table("system", "recall\n@100", "NDCG@10\n[95%]", "MRR", "ranker minus it\n[95%]")
    for name in sorted(systems, key="oracle".__eq__):  # the others as they are, from chance up
        one = systems[name]
        apart = ranker_minus.get(name)
        table.add_row(
            name,
            f"{one['recall@100']:.3f}",
            _with_bounds(one["ndcg@10"], one["ndcg@10_ci"]),
            f"{one['mrr']:.3f}",
            "" if apart is None else _with_bounds(apart["ndcg@10"], apart["ci"], sign="+"),
            style="bold" if name == "ranker" else "",
        )
    return table


def _with_bounds(value: float, bounds: Sequence[float] | None, *, sign: str = "") -> str:
    """A figure and its interval, if it has one.

    >>> _with_bounds(0.25, [0.2, 0.3], sign="+")
    '+0.250 [+0.200 +0.300]'
    """
    figure = f"{value:{sign}.3f}"
    if bounds is None:
        return figure
    return f"{figure} [{bounds[0]:{sign}.3f} {bounds[1]:{sign}.3f}]"


def _span(test: Mapping[str, Any]) -> str:
    counted = test["jobs"] - test["left_out"]
    return (
        f"{counted:,} test jobs, posted {_minute(test['from'])} to {_minute(test['to'])} UTC; "
        f"{test['left_out']:,} more hired nobody from the pool and are left out."
    )


def _minute(instant: str) -> str:
    return f"{datetime.fromisoformat(instant):%Y-%m-%d %H:%M}"


def _calibration(calibration: Mapping[str, Any] | None) -> str:
    if calibration is None:
        return "Calibration: none, there were too few outcomes to train p_hire."
    return (
        f"Calibration: ECE {calibration['ece']:.5f}, Brier {calibration['brier']:.5f} "
        f"over {calibration['pairs']:,} pairs."
    )


def _experience(experience: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("ranker, by experience", "hires", "recall@10", "recall@100")
    for name, one in experience.items():
        table.add_row(
            name, f"{one['hires']:,}", f"{one['recall@10']:.3f}", f"{one['recall@100']:.3f}"
        )
    return table
