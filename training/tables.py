"""Reports as tables for people: 80 columns wide at least, nothing cut, plain text in a pipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

NARROWEST = 80
READINGS = ("large", "moderate", "noise", "stable")
_MEASURES = {  # of a trial: what it is called, and to how many digits it is told
    "hires_per_post": ("hires a post", 3),
    "filled": ("posts that hired", 3),
    "hires_per_position": ("hires a position", 3),
    "earnings_usd_per_post": ("earnings a post, USD", 0),
    "satisfied_per_hire": ("satisfied, share of hires", 3),
    "mean_stars": ("mean stars", 3),
    "newcomers_per_hire": ("newcomers, share of hires", 3),
    "first_hires_per_post": ("first hires a post", 4),
    "expected_hires_per_post": ("hires a post, expected", 4),
    "expected_first_hires_per_post": ("first hires, expected", 4),
    "ndcg@10": ("NDCG@10 by the truth", 3),
}


def print_report(figures: Mapping[str, Any]) -> None:
    """Print the ladder and its steps, recall of the pool, calibration and slices to stdout."""
    console = plain_console()
    console.print(_span(figures["test"]))
    console.print()
    console.print(_ladder(figures["systems"], figures["ranker_minus"]))
    console.print()
    console.print(_steps(figures["steps"]))
    console.print()
    pool = f"Pool recall: {figures['pool_recall']:.1%} of those hired are among the retrieved."
    console.print(pool)
    console.print(_calibration(figures["calibration"]))
    if figures["heads"]:
        console.print()
        console.print(_heads(figures["heads"]))
    experience = figures["slices"]["experience"]
    if experience:
        console.print()
        console.print(_experience(experience))


def print_jobs_report(figures: Mapping[str, Any]) -> None:
    """Print the ladder of the other direction, and the ranker by experience, to stdout."""
    console, test = plain_console(), figures["test"]
    console.print(
        f"{test['lists']:,} lists of jobs for a freelancer, as of {test['windows']:,} instants "
        f"from {_minute(test['from'])} UTC on, {test['jobs_a_pool']:,.0f} jobs a pool; "
        f"{test['left_out']:,} more, of freelancers not active in the year before, are left out."
    )
    console.print()
    table = plain_table("system", "recall@20\n[95%]", "NDCG@10\n[95%]", "ranker minus it\n[95%]")
    for name, one in figures["systems"].items():
        apart = figures["ranker_minus"].get(name)
        table.add_row(
            name,
            _with_bounds(one["recall@20"], one["recall@20_ci"]),
            _with_bounds(one["ndcg@10"], one["ndcg@10_ci"]),
            "" if apart is None else _with_bounds(apart["ndcg@10"], apart["ci"], sign="+"),
            style="bold" if name == "ranker" else "",
        )
    console.print(table)
    console.print()
    table = plain_table("ranker, by experience", "lists", "recall@20", "NDCG@10")
    for name, one in figures["slices"]["experience"].items():
        lists = f"{one['n_lists']:,}"
        table.add_row(name, lists, f"{one['recall@20']:.3f}", f"{one['ndcg@10']:.3f}")
    console.print(table)


def print_trial(figures: Mapping[str, Any]) -> None:
    """Print what every arm came to, and what each differs by from the first, to stdout."""
    console, about = plain_console(), figures["about"]
    markets = "1 market" if len(about["seeds"]) == 1 else f"{len(about['seeds'])} markets"
    console.print(
        f"{about['posts']:,} posts in {markets}, {about['days']} days after a warm-up of "
        f"{about['warm_up_days']}; {about['exploration']:.0%} of lists at random."
    )
    first, *others = about["policies"]
    for names in [[first, other] for other in others] or [[first]]:
        console.print()
        console.print(_arms(figures, names))
        if others:
            console.print(f"difference in hires a post: {_seed_by_seed(figures, names[1])}")


def print_drift(figures: Mapping[str, Any], *, worst: int) -> None:
    """Print the columns that moved most since the training to stdout."""
    console, about, columns = plain_console(), figures["about"], figures["columns"]
    console.print(
        f"{about['lists']:,} lists of {about['jobs']:,} jobs posted {_minute(about['from'])} to "
        f"{_minute(about['to'])} UTC, beside {about['lists_then']:,} of the training."
    )
    console.print()
    console.print(_moved(columns[:worst]))
    counts = Counter(one["reading"] for one in columns)
    told = ", ".join(f"{counts[word]} {word}" for word in READINGS)
    console.print(f"\nOf {len(columns)} columns: {told}.")
    if not about["answers_then"]:
        console.print("No ranker was trained, so its score and p_hire are not compared.")


def _moved(columns: Sequence[Mapping[str, Any]]) -> Table:
    """Two lines a column: its name and then, its family and now."""
    table = plain_table(
        "column\n  family", "PSI", "noise", "reading", "unknown\nthen\nnow", "median\nthen\nnow"
    )
    for one in columns:
        table.add_row(
            f"{one['column']}\n  {one['family']}",
            f"{one['psi']:.2f}",
            "-" if one["noise"] is None else f"{one['noise']:.2f}",
            one["reading"],
            f"{one['unknown_then']:.1%}\n{one['unknown_now']:.1%}",
            f"{_short(one['median_then'])}\n{_short(one['median_now'])}",
            style="bold" if one["reading"] == "large" else "",
        )
    return table


def _short(value: float | None) -> str:
    """A figure of any size in few characters.

    >>> _short(1234.5), _short(0.01234), _short(None)
    ('1.23e+03', '0.0123', '-')
    """
    return "-" if value is None else f"{value:.3g}"


def _seed_by_seed(figures: Mapping[str, Any], name: str) -> str:
    apart = {
        seed: one["minus_first"][name]["hires_per_post"]
        for seed, one in figures["per_seed"].items()
    }
    return ", ".join(f"seed {seed} {_amount(one, 3, sign='+')}" for seed, one in apart.items())


def _arms(figures: Mapping[str, Any], names: Sequence[str]) -> Table:
    """A row a measure: one arm alone, or the first and another with their difference."""
    headings = [*names, f"{names[1]} minus {names[0]}\n[95%]"] if len(names) > 1 else names
    table = plain_table("measure", *headings)
    for measure, (label, digits) in _MEASURES.items():
        cells = [_amount(figures["arms"][name][measure], digits) for name in names]
        if len(names) > 1:
            apart = figures["minus_first"][names[1]][measure]
            bounds = apart["ci"] or ()
            edges = " ".join(_amount(edge, digits, sign="+") for edge in bounds)
            difference = _amount(apart["difference"], digits, sign="+")
            cells.append(f"{difference} [{edges}]" if bounds else difference)
        table.add_row(label, *cells, style="bold" if measure == "hires_per_post" else "")
    return table


def _amount(value: float | None, digits: int, *, sign: str = "") -> str:
    """A figure, or that it is unknown.

    >>> _amount(1234.5, 1), _amount(0.25, 3, sign="+"), _amount(None, 3)
    ('1,234.5', '+0.250', 'unknown')
    """
    return "unknown" if value is None else f"{value:{sign},.{digits}f}"


def plain_console() -> Console:
    """Standard output as it is now, without anybody's markup in names taken for ours."""
    width = max(Console().width, NARROWEST)
    return Console(width=width, markup=False, emoji=False, highlight=False)


def plain_table(first: str, *others: str) -> Table:
    """A table of text and then figures, without lines between its rows."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _ladder(
    systems: Mapping[str, Mapping[str, Any]], ranker_minus: Mapping[str, Mapping[str, Any]]
) -> Table:
    table = plain_table("system", "recall\n@100", "NDCG@10\n[95%]", "MRR", "ranker minus it\n[95%]")
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


def _steps(steps: Sequence[Mapping[str, Any]]) -> Table:
    """A row a pair of neighbours on the ladder, the highest first."""
    table = plain_table("told apart", "neighbours on the ladder", "NDCG@10 apart [95%]")
    for step in reversed(steps):
        bounds = step["ci"]
        is_told = bounds is not None and bounds[0] > 0
        table.add_row(
            "yes" if is_told else "no",
            f"{step['upper']} over {step['lower']}",
            _with_bounds(step["ndcg@10"], bounds, sign="+"),
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
        return "p_hire: none, there were too few outcomes to train it."
    return (
        f"p_hire: ECE {calibration['ece']:.5f} at a base rate of {calibration['base_rate']:.5f}, "
        f"Brier {calibration['brier']:.5f}, {calibration['pairs']:,} pairs."
    )


def _heads(heads: Mapping[str, Mapping[str, Any]]) -> Table:
    """A row a factor: how often it came to pass, and how honestly that was told."""
    table = plain_table(
        "factor", "pairs", "base rate", "ECE / base", "by chance", "Brier skill [95%]"
    )
    for name, one in heads.items():
        share, chance = one["ece_over_base_rate"], one["chance_over_base_rate"]
        table.add_row(
            name,
            f"{one['pairs']:,}",
            f"{one['base_rate']:.4f}",
            "unknown" if share is None else f"{share:.1%}",
            "unknown" if chance is None else f"{chance:.1%}",
            "unknown"
            if one["brier_skill"] is None
            else _with_bounds(one["brier_skill"], one["brier_skill_ci"], sign="+"),
        )
    return table


def _experience(experience: Mapping[str, Mapping[str, Any]]) -> Table:
    table = plain_table("ranker, by experience", "hires", "recall@10", "recall@100")
    for name, one in experience.items():
        table.add_row(
            name, f"{one['hires']:,}", f"{one['recall@10']:.3f}", f"{one['recall@100']:.3f}"
        )
    return table
