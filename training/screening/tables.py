"""The answers of `matcher screen` as tables: plain text, nothing cut."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from matcher.listing import WIDTH_WITHOUT_TERMINAL


def print_day(figures: Mapping[str, Any], k: int) -> None:
    """The day's people, the likeliest first, and what the order rests on."""
    console = _console()
    model, people = figures["model"], figures["people"]
    console.print(
        f"{_count(figures['joined'], 'person', 'people')} joined on {figures['day']} (UTC); "
        f"as of {figures['as_of']}."
    )
    if model["known"]:
        console.print(
            f"Of {_count(model['known'], 'earlier joiner')} whose outcome is known, "
            f"{model['base_rate']:.1%} got a first job within {figures['within_days']} days."
        )
    if people:
        console.print()
        console.print(_people(people[:k]))
        _more(console, len(people) - k)
    if figures["with_job"]:
        console.print(f"hired already: {len(figures['with_job']):,}")


def print_hindsight(figures: Mapping[str, Any], k: int) -> None:  # noqa: ARG001  (as the others)
    """Each figure with its interval, or why there is none."""
    console, test = _console(), figures["test"]
    console.print(
        f"{_count(figures['joined'], 'person', 'people')} joined before {figures['as_of']}, "
        f"{figures['joined_with_job']:,} with a job in hand."
    )
    if figures["outcome_known"]:
        console.print(
            f"Of {figures['outcome_known']:,} it is known whether a first job came within "
            f"{figures['within_days']} days; the last {test['joiners']:,} are foretold, "
            f"{test['hired']:,} of whom got one."
        )
    found = figures["figures"]
    if found is None:
        return
    console.print()
    table = _table("figure", "value", "95%")
    for name, label in _FIGURES.items():
        if name in found:
            low_high = found[name]["ci"]
            bounds = "" if low_high is None else f"{low_high[0]:.3f} {low_high[1]:.3f}"
            table.add_row(label, f"{found[name]['value']:.3f}", bounds)
    console.print(table)
    if "share_hired" in found:
        console.print(
            f"foretold on average {found['mean_chance']:.1%}, hired {found['share_hired']:.1%}; "
            f"of the {figures['learned_from']:,} learned from {found['base_rate']:.1%}"
        )


def print_top_rated(figures: Mapping[str, Any], k: int) -> None:
    """Who is top rated, and who meets two of the three conditions."""
    console, rule = _console(), figures["rule"]
    when = f"before {figures['as_of']}" if figures["as_of"] else "in all that is recorded"
    console.print(
        f"Top rated {when}: at least {_count(rule['contracts'], 'completed contract')}, "
        f"{rule['success']:.0%} of those that ended, {rule['earned_usd']:,.0f} USD earned."
    )
    top, short = figures["top_rated"], figures["just_short"]
    console.print(
        f"{len(top):,} of {figures['freelancers']:,} freelancers are; {len(short):,} "
        "meet two of the three."
    )
    for people in (top, short):
        if people:
            console.print()
            console.print(_standings(people[:k]))
            _more(console, len(people) - k)


_FIGURES = {
    "auc": "area under the curve (1/2: by chance)",
    "auc_rule": "the same of the transparent rule",
    "brier_skill": "Brier skill over the base rate (0: none)",
    "ece": "calibration error, ten bins",
}


def _people(people: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("#", "chance", "freelancer", "why")
    for one in people:
        chance = "-" if one["p_first_hire"] is None else f"{one['p_first_hire']:.1%}"
        brought = [
            f"{rating['platform']}: {rating['mean']:.2f} of {rating['count']:,} ratings"
            for rating in one["ratings"]
        ]
        who = "\n".join(part for part in (one["freelancer_id"], one["headline"], *brought) if part)
        why = "\n".join(
            f"{'+' if reason['contribution'] > 0 else '-'} {reason['text']}"
            for reason in one["reasons"]
        )
        table.add_row(str(one["rank"]), chance, who, why)
    return table


def _standings(people: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("freelancer", "completed", "broken off", "success", "earned, USD", "missing")
    for one in people:
        table.add_row(
            one["freelancer_id"],
            f"{one['completed']:,}",
            f"{one['cancelled']:,}",
            "-" if one["success"] is None else f"{one['success']:.0%}",
            "-" if one["earned_usd"] is None else f"{one['earned_usd']:,.0f}",
            ", ".join(one["missing"]),
        )
    return table


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _console() -> Console:
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def _more(console: Console, left: int) -> None:
    if left > 0:
        console.print(f"and {left:,} more; --json tells all")


def _count(number: int, one: str, many: str | None = None) -> str:
    """A number of things.

    >>> _count(1, "person", "people"), _count(1_200, "job")
    ('1 person', '1,200 jobs')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
