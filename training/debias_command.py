"""What the command `debias` does, apart from its options."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from features import FEATURES
from matcher.directories import check_file
from matcher.domain import moment_of
from matcher.engine import Engine
from matcher.learned import Learned
from matcher.marketplace import Marketplace, read_marketplace
from matcher.ports import Mask
from matcher.progress import progress
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import Boosting
from matcher.retrieval.default import default_encoder
from matcher.run import Run, read_run
from matcher.snapshot import Snapshot
from training.debias import LEAF, TREES, Shown
from training.debias_plot import draw_debias
from training.debias_table import print_debias
from training.debiasing import (
    Lesson,
    compared,
    judge,
    learned_from,
    lists_of_luck,
    rankers_of,
    true_curve,
)
from training.evaluate import Span, test_span
from training.figures import picture_of, write_figures
from training.fit import read_by_ranker, untrained
from training.impressions import Impressions
from training.labels import Labels
from training.metrics import Floats
from training.oracle import TrueSeats, true_seats_of

NO_TRUTH = "no truth lies beside the tables: no ranker can be held to it, so the curves are all"
NO_LUCK = "too few lists that luck filled have a click: there is no unbiased ranker to come near"


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """The market as known before the test span, and the lists logged before and in it.

    Attributes:
        past: Lists, and what had been done with them by the span's first posting.
    """

    engine: Engine
    span: Span
    past: Impressions
    later: Impressions
    labels: Labels
    columns: Columns
    run: Run

    @classmethod
    def of(cls, market: Marketplace, *, run: Run, test_share: float) -> Experiment:
        """Parameters, labels and clicks to learn from are as of the span's first posting."""
        encoder = default_encoder()
        snapshot = Snapshot.of(market, encoder=encoder)
        span = test_span(snapshot.jobs, test_share=test_share)
        past = market.before(moment_of(span.test_from))
        learned = Learned.fit(Snapshot.of(past, encoder=encoder))
        logged = Impressions.of(market.events, snapshot=snapshot)
        model = untrained(run, learned=learned, features=FEATURES)
        return cls(
            engine=model.engine(snapshot, encoder=encoder),
            span=span,
            past=Impressions.of(past.events, snapshot=snapshot),
            later=logged.of_lists(np.isin(logged.jobs, span.jobs)),
            labels=Labels.of(past.events, snapshot=snapshot),
            columns=read_by_ranker(run, FEATURES),
            run=run,
        )


def debias_market(
    directory: Path,
    *,
    config: Path | None,
    test_share: float,
    lists: int,
    sample: int,
    seed: int,
    out: Path | None,
    as_json: bool,
    force: bool,
) -> Mapping[str, Any]:
    """Learn with and without the seat, hold all to the truth, report.

    Raises:
        OutputExistsError: `out` or its picture is there, and `force` is not given.
        UsageError: Too few logged lists can be learned from, or `out` cannot be written.
    """
    if out is not None:
        for file in (out, picture_of(out)):
            check_file(file, force=force)
    run = read_run(config) if config is not None else Run()
    market = read_marketplace(directory)
    for warning in market.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    made = Experiment.of(market, run=run, test_share=test_share)
    lesson = learned_from(
        made.engine, made.past, labels=made.labels, columns=made.columns, limit=lists, seed=seed
    )
    truth = true_seats_of(directory, made.engine.snapshot, jobs=made.span.jobs)
    figures: dict[str, Any] = {
        "about": _about(made, lesson, seed=seed),
        "curves": {name: _listed(curve) for name, curve in lesson.curves.items()},
        "systems": {},
        "minus_naive": {},
        "share_closed": {},
        "warnings": [NO_TRUTH] if truth is None else [],
    }
    if truth is not None:
        figures["warnings"] = [] if lesson.drawn is not None else [NO_LUCK]
        _hold_to_truth(figures, made, lesson, truth, sample=sample, seed=seed)
    _deliver(figures, out=out, as_json=as_json)
    return figures


def _hold_to_truth(
    figures: dict[str, Any],
    made: Experiment,
    lesson: Lesson,
    truth: TrueSeats,
    *,
    sample: int,
    seed: int,
) -> None:
    settings = made.run.ranker.model_dump(exclude={"leave_out"}) | {"min_data_in_leaf": LEAF}
    boosting = Boosting(**settings | {"rounds": TREES})
    rankers = rankers_of(lesson, columns=made.columns, boosting=boosting, seed=seed)
    later = made.later
    is_read = _looked_at(later, truth)
    unread = np.flatnonzero(~is_read)
    if sample < len(unread):
        unread = np.sort(np.random.default_rng(0).choice(unread, sample, replace=False))
    with progress("Drawing held-out lists", total=len(unread)) as advance:
        shown = Shown.of(made.engine, later.of_lists(unread), advance=advance)
    figures |= compared(judge(rankers, shown, truth))
    figures["curves"]["true"] = _listed(true_curve(later.of_lists(is_read), truth))
    figures["about"] |= {
        "test_lists": len(unread),
        "test_lists_of_luck": int(lists_of_luck(shown.lists).sum()),
        "test_lists_looked_at": int(is_read.sum()),
    }


def _looked_at(lists: Impressions, truth: TrueSeats) -> Mask:
    """[q] whether anybody on the list could be looked at."""
    return np.array(
        [bool(truth.of("looks", job, lists.rows[seats]).any()) for job, seats in lists.slices()],
        np.bool_,
    )


def _about(made: Experiment, lesson: Lesson, *, seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "until": moment_of(made.span.test_from).isoformat(),
        "logged_lists": len(made.past),
        "logged_lists_of_luck": int(lists_of_luck(made.past).sum()),
        "left_out": dict(made.past.left_out),
        "lists": len(lesson.ranked.lists),
        "clicks": int(lesson.ranked.lists.clicked.sum()),
        "clicks_of_luck": 0 if lesson.drawn is None else int(lesson.drawn.lists.clicked.sum()),
        "trees": TREES,
    }


def _listed(curve: Floats | None) -> list[float] | None:
    return None if curve is None else [float(one) for one in curve]


def _deliver(figures: Mapping[str, Any], *, out: Path | None, as_json: bool) -> None:
    for warning in figures["warnings"]:
        sys.stderr.write(f"warning: {warning}\n")
    if out is not None:
        write_figures(figures, out)
        draw_debias(figures, picture_of(out))
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    else:
        print_debias(figures)
