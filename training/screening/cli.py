"""The options of `matcher screen`; it is mounted by `training/cli.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.domain import moment_from
from matcher.errors import UsageError


def day_from(text: str) -> datetime:
    """The start of the day that a person wrote, in UTC.

    >>> day_from("2026-01-31").isoformat()
    '2026-01-31T00:00:00+00:00'

    Raises:
        UsageError: It is no day of the years 1 to 9998.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day; write one like 2026-01-31") from error
    if found.year == date.max.year:
        raise UsageError(f"{text} is the last year there is; name an earlier day")
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def screen(
    marketplace: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A marketplace directory.")
    ],
    day: Annotated[
        datetime | None,
        typer.Option(parser=day_from, help="Whose sign-ups (UTC; default: the last day of any)."),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(parser=moment_from, help="Look only before it (default: the day's end)."),
    ] = None,
    within: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Days for a first job (default: measured).")
    ] = None,
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Foretell the last joiners already known instead.")
    ] = False,
    test_share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="With --evaluate: the last share of joiners.")
    ] = 0.1,
    top_rated: Annotated[
        bool, typer.Option("--top-rated", help="List who is top rated, and who nearly is, instead.")
    ] = False,
    least_contracts: Annotated[
        int, typer.Option(min=1, help="Top rated takes so many completed contracts.")
    ] = 8,
    least_success: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="And such a share of those that ended.")
    ] = 0.9,
    least_earned: Annotated[float, typer.Option(min=0.0, help="And so many USD earned.")] = 5000.0,
    k: Annotated[int, typer.Option(min=1, help="Print no more people than that.")] = 20,
    seed: Annotated[int, typer.Option(help="Fixes every random choice.")] = 7,
    out: Annotated[Path | None, typer.Option(help="Write everybody here (JSON).")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Tell who of a day's sign-ups is likely to get a first job, and why.

    With --evaluate how well that would have worked; with --top-rated who is top rated
    (by default as of all that is recorded) and what those just short lack.

    Example: matcher screen ./market --day 2025-11-30
    """
    from matcher.top_rated import TopRatedRule
    from training.screening import command

    if evaluate and top_rated:
        raise UsageError("--evaluate and --top-rated are two questions; ask one at a time")
    answer = command.Answer(out=out, as_json=json_, force=force, k=k)
    if top_rated:
        rule = TopRatedRule(
            contracts=least_contracts, success=least_success, earned_usd=least_earned
        )
        command.tell_top_rated(marketplace, day=day, as_of=as_of, rule=rule, answer=answer)
    elif evaluate:
        command.tell_hindsight(
            marketplace,
            day=day,
            as_of=as_of,
            within=within,
            test_share=test_share,
            seed=seed,
            answer=answer,
        )
    else:
        command.tell_day(marketplace, day=day, as_of=as_of, within=within, seed=seed, answer=answer)
