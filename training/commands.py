"""What the commands `train` and `evaluate` do, apart from their options."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from features import FEATURES
from matcher.bundle import Bundle
from matcher.domain import moment_of
from matcher.engine import Engine
from matcher.errors import OutputExistsError
from matcher.marketplace import Marketplace, read_marketplace
from matcher.model import Model
from matcher.ports import Wording
from matcher.ranking.gbdt import GbdtRanker
from matcher.registry import log_run
from matcher.retrieval.default import default_encoder
from matcher.run import Run, read_run
from matcher.snapshot import Snapshot
from training.build import DIRECTIONS, Direction, Trained
from training.build import train as train_model
from training.evaluate import Span, refuse_leak, replay, test_span
from training.figures import keep_figures, write_figures
from training.jobs_evaluate import replay_jobs
from training.jobs_report import jobs_report
from training.labels import Labels
from training.oracle import oracle_of, true_quality_of
from training.plots import draw_importance, draw_plots
from training.report import report
from training.tables import print_jobs_report, print_report


def train_bundle(
    directory: Path,
    *,
    out: Path,
    config: Path | None,
    seed: int,
    until: datetime | None,
    force: bool,
) -> Trained:
    """Read, train, write the bundle, log the run."""
    if out.exists() and not force:
        raise OutputExistsError(out)
    run = read_run(config) if config is not None else Run()
    marketplace = read_market(directory)
    encoder = default_encoder()
    trained = train_model(marketplace, run=run, encoder=encoder, until=until, seed=seed)
    _warn_untrained(trained, run, directions=DIRECTIONS)
    digest = trained.write(out, encoder=encoder, force=force)
    _log(trained, out, digest=digest, run=run, seed=seed)
    return trained


def _warn_untrained(trained: Trained, run: Run, *, directions: Sequence[Direction]) -> None:
    """Say that a weighted sum serves where a trained ranker might be expected."""
    if "jobs" in directions and trained.model.jobs_ranker is None:
        sys.stderr.write(
            f"warning: only {trained.figures['jobs_lists']:,.0f} times a freelancer took one of "
            f"the jobs to be had, and training wants {run.training.least_jobs:,}: a weighted sum "
            "orders the jobs for a freelancer\n"
        )
    if "freelancers" in directions and not isinstance(trained.model.ranker, GbdtRanker):
        sys.stderr.write(
            f"warning: only {trained.figures['lists']:,.0f} jobs hired somebody from their pool, "
            f"and training wants {run.training.least_jobs:,}: a weighted sum serves as the ranker, "
            "and p_hire is unknown\n"
        )


def _log(trained: Trained, bundle: Path, *, digest: str, run: Run, seed: int) -> None:
    with TemporaryDirectory(prefix="matcher-plots-") as folder:
        plots = Path(folder)
        if importance := trained.importance():
            draw_importance(importance, plots)
        log_run(bundle, digest=digest, run=run, seed=seed, figures=trained.figures, plots=plots)


def evaluate_market(
    directory: Path,
    *,
    direction: Direction,
    bundle: Path | None,
    config: Path | None,
    test_from: datetime | None,
    test_share: float,
    sample: int | None,
    seed: int,
    out: Path | None,
    as_json: bool,
    force: bool,
) -> Mapping[str, Any]:
    """Replay the test span and report; a ladder of freelancers is kept for a bundle's service.

    Args:
        direction: Freelancers for jobs, or jobs for freelancers.
        sample: Replay only so many jobs, or lists of jobs.

    Raises:
        LeakageError: The bundle has seen outcomes of the test span.
    """
    if out is not None and out.exists() and not force:
        raise OutputExistsError(out)
    marketplace = read_market(directory)
    encoder = default_encoder()
    opened = Bundle.open(bundle, features=FEATURES) if bundle is not None else None
    snapshot = Snapshot.of(marketplace, encoder=encoder)
    span = test_span(
        snapshot.jobs,
        test_from=test_from,
        test_share=test_share,
        sample=sample if direction == "freelancers" else None,
    )
    if opened is not None:
        opened.require(encoder)
        refuse_leak(opened, span)
        model, run_seed = opened.model, None
    else:
        run = read_run(config) if config is not None else Run()
        until = moment_of(span.test_from)
        trained = train_model(
            marketplace, run=run, encoder=encoder, until=until, seed=seed, directions=[direction]
        )
        _warn_untrained(trained, run, directions=[direction])
        model, run_seed = trained.model, seed
    if direction == "jobs":
        replayed = replay_jobs(model.jobs_engine(snapshot), span, sample=sample)
        about = _about(model, marketplace, columns=model.features.jobs, seed=run_seed)
        figures = jobs_report(replayed, span=span, about=about)
    else:
        engine = model.engine(snapshot, encoder=encoder)
        figures = judged(engine, marketplace, directory, span, seed=run_seed, model=model)
        if opened is not None:
            keep_figures("evaluation", figures, digest=opened.digest)
    _deliver(figures, out=out, as_json=as_json)
    return figures


def judged(
    engine: Engine,
    marketplace: Marketplace,
    directory: Path,
    span: Span,
    *,
    seed: int | None,
    model: Model,
) -> dict[str, Any]:
    """Replay a span over an engine and report; the oracle too where the truth is at hand."""
    labels = Labels.of(marketplace.events, snapshot=engine.snapshot)
    answers = replay(engine, span, labels=labels, oracle=oracle_of(directory, engine.snapshot))
    about = {
        **_about(model, marketplace, columns=model.features, seed=seed),
        "policy": model.heads.policy,
    }
    return report(
        answers,
        span=span,
        jobs=engine.snapshot.jobs,
        about=about,
        true_quality=true_quality_of(directory, engine.snapshot),
    )


def _about(
    model: Model, marketplace: Marketplace, *, columns: Wording, seed: int | None
) -> dict[str, Any]:
    return {
        "seed": seed,
        "run": model.run.model_dump(mode="json"),
        "features": len(columns.names),
        "warnings": list(marketplace.warnings),
    }


def _deliver(figures: Mapping[str, Any], *, out: Path | None, as_json: bool) -> None:
    of_jobs = figures.get("direction") == "jobs"
    if out is not None:
        (write_figures if of_jobs else write_report)(figures, out)
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    else:
        (print_jobs_report if of_jobs else print_report)(figures)


def write_report(figures: Mapping[str, Any], out: Path) -> None:
    """Write the report as JSON, its plots into a folder of the same name beside it.

    A report without a suffix leaves that name to itself: its folder ends in `-plots`.
    """
    write_figures(figures, out)
    draw_plots(figures, out.with_suffix("") if out.suffix else out.with_name(f"{out.name}-plots"))


def read_market(directory: Path) -> Marketplace:
    """Read a marketplace directory, its warnings told on stderr."""
    marketplace = read_marketplace(directory)
    for warning in marketplace.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    return marketplace
