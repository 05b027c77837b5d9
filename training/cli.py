"""Commands of the data scientist: simulate, train, evaluate, rank, demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.domain import moment_from

app = typer.Typer()

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
    freelancers: Annotated[int, typer.Option(min=0, help="How many sign up.")] = 1_500,
    jobs: Annotated[int, typer.Option(min=0, help="How many are posted.")] = 3_000,
    seed: Seed = 7,
    force: Force = False,
) -> None:
    """Write a synthetic marketplace whose truth is known.

    The same seed gives the same bytes.

    Example: matcher simulate ./market --freelancers 500 --jobs 1000
    """
    from matcher.progress import progress
    from training.simulate.market import simulate as simulated
    from training.simulate.market import write

    with progress("Simulating", total=jobs) as advance:
        done = 0

        def tick(now: int, _: int) -> None:
            nonlocal done
            advance(now - done)
            done = now

        market = simulated(freelancers=freelancers, jobs=jobs, seed=seed, progress=tick)
    write(market, out, force=force)
    typer.echo(out)


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
    bundle: Annotated[
        Path | None, typer.Option(help="Judge this bundle; by default train one first.")
    ] = None,
    config: Config = None,
    test_from: Annotated[
        datetime | None,
        typer.Option(parser=moment_from, help="Test on the jobs posted from this instant on."),
    ] = None,
    test_share: Annotated[float, typer.Option(help="Test on this last share of the jobs.")] = 0.1,
    sample: Annotated[int | None, typer.Option(min=1, help="Replay only so many of them.")] = None,
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
    """
    from training.commands import evaluate_market

    evaluate_market(
        marketplace,
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
