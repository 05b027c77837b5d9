"""Commands of the data scientist: simulate, train, evaluate, trial, rank, drift, debias, ..."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from matcher.domain import moment_from
from training import promotion_cli
from training.debias_cli import debias
from training.screening.cli import screen

app = typer.Typer()
app.add_typer(promotion_cli.app)
app.command()(screen)
app.command()(debias)

Marketplace = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="A marketplace directory.")
]
Seed = Annotated[int, typer.Option(help="Fixes every random choice.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Config = Annotated[
    Path | None, typer.Option("--config", help="A run file (TOML); see data/README.md.")
]


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="The directory to write.")],
    freelancers: Annotated[
        int | None, typer.Option(min=0, help="How many compete (default: 1,500).")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=0, help="How many are posted (default: 3,000).")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="A market file (TOML); see data/README.md.")
    ] = None,
    seed: Seed = 7,
    report: Annotated[
        bool, typer.Option("--report", help="Compare with what is published about real markets.")
    ] = False,
    json_: AsJson = False,
    force: Force = False,
) -> None:
    """Write a synthetic marketplace whose truth is known.

    The same seed gives the same bytes.

    Example: matcher simulate ./market --freelancers 500 --jobs 1000 --report
    """
    from training.simulation import simulate_market

    simulate_market(
        out,
        config=config,
        freelancers=freelancers,
        jobs=jobs,
        seed=seed,
        report=report,
        as_json=json_,
        force=force,
    )


@app.command()
def train(
    marketplace: Marketplace,
    out: Annotated[Path, typer.Option(help="The bundle to write; must not exist without --force.")],
    config: Config = None,
    seed: Seed = 7,
    until: Annotated[
        datetime | None,
        typer.Option(
            parser=moment_from, help="Learn only from before this instant (default: all)."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Fit a ranker on past outcomes and write it as a bundle.

    Prints the bundle's path. The run is logged to MLflow under MATCHER_HOME.

    Example: matcher train ./market --out ./bundle --until 2025-01-01T00:00:00Z
    """
    from training.commands import train_bundle

    train_bundle(marketplace, out=out, config=config, seed=seed, until=until, force=force)
    typer.echo(out)


@app.command()
def evaluate(
    marketplace: Marketplace,
    direction: Annotated[
        Literal["freelancers", "jobs"],
        typer.Option(help="Rank freelancers for jobs, or jobs for freelancers."),
    ] = "freelancers",
    bundle: Annotated[
        Path | None, typer.Option(help="Judge this bundle; by default train one first.")
    ] = None,
    config: Config = None,
    test_from: Annotated[
        datetime | None,
        typer.Option(parser=moment_from, help="Test on the jobs posted from this instant on."),
    ] = None,
    test_share: Annotated[float, typer.Option(help="Test on this last share of the jobs.")] = 0.1,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Replay only so many of them, or lists.")
    ] = None,
    seed: Seed = 7,
    out: Annotated[
        Path | None, typer.Option(help="Write the report here (JSON), its plots beside it.")
    ] = None,
    json_: AsJson = False,
    force: Force = False,
) -> None:
    """Replay held-out jobs in time order and compare the ranker with a ladder of systems.

    Exits 4 for a bundle that has seen the test span.

    Example: matcher evaluate ./market --out report.json

    Example: matcher evaluate ./market --direction jobs
    """
    from training.commands import evaluate_market

    evaluate_market(
        marketplace,
        direction=direction,
        bundle=bundle,
        config=config,
        test_from=test_from,
        test_share=test_share,
        sample=sample,
        seed=seed,
        out=out,
        as_json=json_,
        force=force,
    )


@app.command()
def trial(
    config: Annotated[
        Path | None, typer.Option("--config", help="A market file (TOML); see data/README.md.")
    ] = None,
    policies: Annotated[
        str,
        typer.Option(
            help="popularity, suited, learned, shuffle, nobody, oracle; the first is the base. "
            "learned:0.1 explores a tenth of the seats."
        ),
    ] = "popularity,learned",
    seeds: Annotated[str, typer.Option(help="A market each; all arms play all of them.")] = "7,8,9",
    warm_up_days: Annotated[
        int | None,
        typer.Option(min=0, help="Days before the arms part (default: all but the last 365)."),
    ] = None,
    freelancers: Annotated[
        int | None, typer.Option(min=0, help="How many compete, whatever the file says.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=0, help="How many are posted, whatever the file says.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the report here (JSON), its plots beside it.")
    ] = None,
    json_: AsJson = False,
    force: Force = False,
) -> None:
    """Let policies fill the lists of simulated markets, and compare what comes of it.

    The learned one trains on its own lists twice a year; all meet the same posts and people.

    Example: matcher trial --policies popularity,learned --freelancers 500 --jobs 1000

    Example: matcher trial --policies learned:0,learned:0.1,learned:0.2 --out exploring.json
    """
    from training.trial import try_policies

    try_policies(
        config=config,
        freelancers=freelancers,
        jobs=jobs,
        policies=policies,
        seeds=seeds,
        warm_up_days=warm_up_days,
        out=out,
        as_json=json_,
        force=force,
    )


@app.command()
def rank(
    marketplace: Marketplace,
    bundle: Annotated[Path, typer.Option(help="A trained bundle.")],
    jobs: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="JSONL, one job a line.")],
    k: Annotated[int, typer.Option(min=1, help="How many freelancers a job.")] = 100,
    format_: Annotated[str, typer.Option("--format", help="trec or jsonl.")] = "trec",
    out: Annotated[Path | None, typer.Option(help="Write here instead of to stdout.")] = None,
    force: Force = False,
) -> None:
    """Rank a file of jobs, each as of its posting, from all that the directory records.

    `{"job_id": "..."}` alone means the directory's own job; a job without posted_at is
    ranked as of now.

    Example: matcher rank ./market --bundle ./bundle --jobs jobs.jsonl --k 100
    """
    from training.rank import rank_file

    rank_file(marketplace, bundle=bundle, jobs=jobs, k=k, form=format_, out=out, force=force)


@app.command()
def drift(
    marketplace: Marketplace,
    bundle: Annotated[Path, typer.Option(help="A trained bundle.")],
    from_: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            parser=moment_from,
            help="Look at the jobs posted from this instant on (default: the bundle's until).",
        ),
    ] = None,
    sample: Annotated[int, typer.Option(min=1, help="Draw the lists of so many of them.")] = 500,
    worst: Annotated[int, typer.Option(min=1, help="Show so many columns.")] = 20,
    out: Annotated[
        Path | None, typer.Option(help="Write the report here (JSON), its plot beside it.")
    ] = None,
    json_: AsJson = False,
    fail_above: Annotated[
        float | None,
        typer.Option(help="Exit 4 where a column's index is above this, and above its noise."),
    ] = None,
    force: Force = False,
) -> None:
    """Tell which columns moved since a bundle was trained, by population stability index.

    Below 0.1 is stable, up to 0.25 moderate, above it large.

    Example: matcher drift ./market --bundle ./bundle --out drift.json --fail-above 0.25
    """
    from training.drift import watch_market

    watch_market(
        marketplace,
        bundle=bundle,
        since=from_,
        sample=sample,
        worst=worst,
        out=out,
        fail_above=fail_above,
        as_json=json_,
        force=force,
    )


@app.command()
def demo(
    seed: Seed = 7,
    keep: Annotated[
        Path | None, typer.Option(help="Keep market, bundle and report in this directory.")
    ] = None,
) -> None:
    """Show the main job end to end on a simulated marketplace, in under three minutes.

    Example: matcher demo --keep ./demo
    """
    from training.demo import run_demo

    run_demo(seed=seed, keep=keep)
