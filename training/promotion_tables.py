"""A verdict, a line of champions and a list of runs, for people and for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from matcher.ledger import Reign
from training.tables import plain_console, plain_table

_DIGITS = {"ranking": 3, "calibration": 5, "newcomers": 3}


def print_verdict(told: Mapping[str, Any]) -> None:
    """Print the checks of a comparison and what came of it to stdout."""
    console, test = plain_console(), told["test"]
    counted = test["jobs"] - test["left_out"]
    console.print(
        f"{counted:,} test jobs, posted {_minute(test['from'])} to {_minute(test['to'])} UTC; "
        f"{test['left_out']:,} more hired nobody from the pool and are left out."
    )
    before = told["champion_before"]
    rival = "champion" if told["note"] is None else "own pool"
    if told["note"] is not None:
        console.print(f"{told['note'][0].upper()}{told['note'][1:]}.")
    table = plain_table("check", "candidate", rival, "difference [95%]", "holds")
    for name, check in told["checks"].items():
        for row in _rows(name, check):
            table.add_row(*row)
    console.print()
    console.print(table)
    console.print()
    who = f"Version {told['version']}"
    if told["promoted"]:
        console.print(
            f"{who} is champion of {told['name']}, "
            f"{'the first' if before is None else f'after version {before}'}."
        )
    else:
        console.print(f"{who} was not promoted; it is challenger of {told['name']}.")


def print_history(name: str, past: Sequence[Reign]) -> None:
    """Print who was champion from when to when to stdout, latest first."""
    console = plain_console()
    if not past:
        console.print(f"nobody was champion of {name} yet")
        return
    table = plain_table("version", "from (UTC)", "until (UTC)", "how", "by", "NDCG\n@10", "why")
    for reign in reversed(past):
        table.add_row(
            reign.version or "nobody",
            _minute(reign.since),
            "now" if reign.until is None else _minute(reign.until),
            reign.how or "found",
            reign.by or "",
            _ranking(reign.figures),
            reign.why or "",
        )
    for column in table.columns[1:]:
        column.justify, column.no_wrap, column.overflow = "left", False, "fold"
    console.print(table)


def print_runs(
    runs: Sequence[Mapping[str, Any]], differing: Mapping[str, Mapping[str, Any]]
) -> None:
    """Print the runs, latest first, and the parameters in which they differ, to stdout."""
    console = plain_console()
    if not runs:
        console.print("no run is logged")
        return
    measures = sorted({key for run in runs for key in run["figures"] if key.startswith("later_")})
    headings = [one.replace("later_", "later\n").replace("@", "\n@") for one in measures]
    table = plain_table("version", "alias", "logged", "until", "seed", "trees", *headings)
    table.columns[0].no_wrap = True
    for run in runs:
        table.add_row(*_run(run, measures))
    console.print(table)
    for name, values in differing.items():
        told = ", ".join(f"{_called(run)}: {values[run['run_id']] or 'unset'}" for run in runs)
        console.print(f"differs: {name} ({told})")


def print_json(content: Mapping[str, object]) -> None:
    """Print the same for a machine."""
    sys.stdout.write(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def _run(run: Mapping[str, Any], measures: Sequence[str]) -> list[str]:
    figures = run["figures"]
    trees = figures.get("trees")
    return [
        run["version"] or "none",
        ", ".join(run["aliases"]),
        f"{run['logged_at']:.10}",
        f"{run['until'] or 'unknown':.10}",
        run["seed"] or "unknown",
        "none" if trees is None else f"{trees:,.0f}",
        *(f"{figures[one]:.3f}" if one in figures else "" for one in measures),
    ]


def _called(run: Mapping[str, Any]) -> str:
    return f"version {run['version']}" if run["version"] else f"run {run['run_id'][:8]}"


def _rows(name: str, check: Mapping[str, Any]) -> list[list[str]]:
    holds = "yes" if check["holds"] else "no"
    if name == "jobs":
        return [
            ["jobs that count", f"{check['counted']:,}", "", f"at least {check['needed']}", holds]
        ]
    if name == "latency":
        ours, theirs = check["candidate"], check["champion"] or {}
        return [
            [
                f"latency {one.partition('_')[0]}, ms",
                f"{ours[one]:.1f}",
                f"{theirs[one]:.1f}" if theirs else "",
                f"x {ours[one] / theirs[one]:.2f}" if theirs else "",
                holds,
            ]
            for one in ours
        ]
    digits = _DIGITS[name]
    labels = {"ranking": "ranking: NDCG@10", "calibration": "calibration: ECE"}
    label = labels.get(name, f"newcomers: R@100 of {check.get('hires', 0):,}")
    return [
        [
            label,
            _amount(check.get("candidate"), digits),
            _amount(check.get("champion"), digits),
            _difference(check, digits),
            holds,
        ]
    ]


def _difference(check: Mapping[str, Any], digits: int) -> str:
    if check.get("difference") is None:
        return ""
    edges = " ".join(f"{edge:+.{digits}f}" for edge in check.get("ci", ()))
    told = f" [{edges}]" if edges else f" ({check['lost']} lost, {check['gained']} gained)"
    return f"{check['difference']:+.{digits}f}{told}"


def _minute(instant: str) -> str:
    return f"{datetime.fromisoformat(instant):%Y-%m-%d %H:%M}"


def _amount(value: float | None, digits: int) -> str:
    return "unknown" if value is None else f"{value:.{digits}f}"


def _ranking(figures: Mapping[str, Any]) -> str:
    """What a candidate reached, and by how much more than the champion before."""
    ranking = figures.get("checks", {}).get("ranking")
    return "" if ranking is None else f"{ranking['candidate']:.3f}\n{ranking['difference']:+.3f}"
