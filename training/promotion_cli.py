"""Commands of whoever answers for what serves: promote, rollback, history, runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.domain import moment_from

app = typer.Typer()

Name = Annotated[str, typer.Option(help="Of the registered bundle.")]
By = Annotated[str | None, typer.Option(help="Who decides (default: the account's name).")]
Why = Annotated[str | None, typer.Option(help="The reason, for the record.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command()
def promote(
    bundle: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="The candidate, a trained bundle.")
    ],
    market: Annotated[
        Path,
        typer.Option(
            exists=True, file_okay=False, help="The marketplace directory to compare it on."
        ),
    ],
    test_from: Annotated[
        datetime | None,
        typer.Option(parser=moment_from, help="Compare on the jobs posted from this instant on."),
    ] = None,
    test_share: Annotated[
        float | None,
        typer.Option(
            help="Compare on this last share of the jobs (default: all that neither has seen)."
        ),
    ] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Replay only so many of them.")] = None,
    margin: Annotated[
        float, typer.Option(min=0, max=0.1, help="How much lower NDCG@10 may be at the worst.")
    ] = 0.01,
    latency_ratio: Annotated[
        float,
        typer.Option(min=0, max=10, help="How many times the champion's time a match may take."),
    ] = 1.5,
    latency_ms: Annotated[
        float | None, typer.Option(min=0, help="How long the slowest 1% may take, besides.")
    ] = None,
    by: By = None,
    why: Why = None,
    json_: AsJson = False,
) -> None:
    """Make a bundle champion, if it is not worse than the champion on jobs neither has seen.

    Exits 4 when it fails a check (it becomes challenger) or has seen the test span. There
    is no way round the checks.

    Example: matcher promote ./bundle --market ./market --why "monthly training"
    """
    from training.promote import Rules
    from training.promotion import Asked, promote_bundle

    promote_bundle(
        bundle,
        market=market,
        asked=Asked(test_from=test_from, test_share=test_share, sample=sample),
        rules=Rules(margin=margin, latency_ratio=latency_ratio, latency_ms=latency_ms),
        by=by,
        why=why,
        as_json=json_,
    )


@app.command()
def rollback(
    name: Name = "matcher",
    to: Annotated[
        str | None, typer.Option(help="This version, which was champion (default: the one before).")
    ] = None,
    by: By = None,
    why: Why = None,
    json_: AsJson = False,
) -> None:
    """Make the champion before the current one champion again, byte for byte.

    Repeated, it walks further back. Exits 4 where there is nothing to go back to.

    Example: matcher rollback --why "too few answers since Monday"
    """
    from training.promotion import roll_back_champion

    roll_back_champion(name, to=to, by=by, why=why, as_json=json_)


@app.command()
def history(name: Name = "matcher", json_: AsJson = False) -> None:
    """Tell which bundle was champion from when to when, by whom, why and with what figures.

    Example: matcher history --json
    """
    from training.chronicle import tell_history

    tell_history(name, as_json=json_)


@app.command()
def runs(
    name: Name = "matcher",
    last: Annotated[int, typer.Option(min=1, max=1000, help="How many, latest first.")] = 10,
    json_: AsJson = False,
) -> None:
    """Compare the logged trainings: figures side by side, and the settings that differ.

    Example: matcher runs --last 5
    """
    from training.chronicle import tell_runs

    tell_runs(name, last=last, as_json=json_)
