"""From a marketplace to a trained model: the offline half of the straight line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from features import FEATURES
from matcher import __version__
from matcher.bundle import write_bundle
from matcher.domain import instant_of
from matcher.learned import Learned
from matcher.marketplace import Marketplace
from matcher.model import Model
from matcher.ports import Encoder
from matcher.progress import progress
from matcher.ranking.calibration import Untrained
from matcher.ranking.gbdt import GbdtRanker
from matcher.retrieval.light import Light
from matcher.run import Run
from matcher.snapshot import Snapshot
from training.card import card
from training.carry import carried
from training.consent import fit_heads
from training.fit import Slices, fit_model, read_by_ranker, untrained
from training.jobs_fit import draw_jobs, fit_jobs_ranker
from training.labels import Labels
from training.mature import draw_pairs, mature_jobs
from training.ordering import choose
from training.outcomes import Maturity
from training.pairs import draw, learnable, pace_at
from training.promise import fit_p_hire
from training.reference import reference_of

Direction = Literal["freelancers", "jobs"]
DIRECTIONS: tuple[Direction, ...] = ("freelancers", "jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model and what it was trained on.

    Attributes:
        marketplace: Cut at `until`.
        figures: Of the fit, for the record; no times.
    """

    model: Model
    marketplace: Marketplace
    snapshot: Snapshot
    until: datetime | None
    figures: dict[str, float]

    def importance(self) -> dict[str, float]:
        """Share of the gain by column, most first; empty without a trained ranker."""
        if not isinstance(self.model.ranker, GbdtRanker):
            return {}
        shares = zip(
            self.model.features.names, self.model.ranker.importance().tolist(), strict=True
        )
        return dict(sorted(shares, key=lambda item: (-item[1], item[0])))

    def write(self, path: Path, *, encoder: Encoder, force: bool = False) -> str:
        """Write the bundle and return its digest.

        It carries an encoder that serves without PyTorch, where one agrees with the
        training's own; where none does, the log and the card say so.
        """
        light = carried(encoder, self.snapshot)
        return write_bundle(
            path,
            model=self.model,
            marketplace=self.marketplace,
            snapshot=self.snapshot,
            encoder=encoder.digest,
            until=None if self.until is None else instant_of(self.until),
            version=__version__,
            metrics=self.figures,
            card=card(self, light),
            light=light if isinstance(light, Light) else None,
            force=force,
        )


def train(
    marketplace: Marketplace,
    *,
    run: Run,
    encoder: Encoder,
    until: datetime | None = None,
    seed: int = 7,
    directions: Sequence[Direction] = DIRECTIONS,
) -> Trained:
    """Learn from what happened strictly before `until`; from everything where it is None.

    The marketplace is cut first, so nothing later can reach any parameter.

    Args:
        directions: What to train a ranker of; a weighted sum serves the other.

    Raises:
        UsageError: The run leaves out a family of features that there is not, or all of them.
    """
    read_by_ranker(run, FEATURES)  # refused now, not when every list has been drawn
    past = marketplace if until is None else marketplace.before(until)
    snapshot = Snapshot.of(past, encoder=encoder)
    base = untrained(run, learned=Learned.fit(snapshot), features=FEATURES)
    labels = Labels.of(past.events, snapshot=snapshot)
    model, figures = base, dict[str, float]()
    if "freelancers" in directions:
        end = snapshot.history.last_at + 1 if until is None else instant_of(until)
        model, figures = _with_ranker(
            base, snapshot, labels=labels, encoder=encoder, until=end, seed=seed
        )
    if "jobs" in directions:
        model, of_jobs = _with_jobs_ranker(model, snapshot, labels=labels, seed=seed)
        figures |= of_jobs
    return Trained(model=model, marketplace=past, snapshot=snapshot, until=until, figures=figures)


def _with_ranker(
    base: Model,
    snapshot: Snapshot,
    *,
    labels: Labels,
    encoder: Encoder,
    until: int,
    seed: int,
) -> tuple[Model, dict[str, float]]:
    """The model with a ranker of freelancers, calibrated, its heads, and figures of the fit."""
    engine, run = base.engine(snapshot, encoder=encoder), base.run
    jobs = learnable(engine, labels=labels, limit=run.training.jobs)
    with progress("Drawing pairs", total=len(jobs)) as advance:
        drawn = draw(engine, jobs, labels=labels, advance=advance)
    with progress("Growing trees", total=2 * run.ranker.rounds) as advance:
        model, figures = fit_model(base, drawn, seed=seed, on_round=lambda: advance(1))
    maturity = Maturity.of(snapshot, until=until)
    unseen = Slices.of(drawn, run).calibration.jobs
    latest = mature_jobs(engine, maturity, limit=run.heads.jobs or len(unseen))
    more = run.heads.hire_jobs if run.heads.jobs else 0
    lists = min(max(len(latest), more), len(snapshot.jobs))
    with progress("Learning who comes", total=lists) as advance:
        pairs = draw_pairs(engine, latest, advance=advance)
        if model is not base and len(unseen):
            since, pace = int(unseen[0]), partial(pace_at, engine)
            p_hire = fit_p_hire(model.ranker, pairs, since=since, pace=pace)
            model = replace(model, calibrator=p_hire)
        heads = fit_heads(
            engine,
            drawn,
            pairs,
            calibrated=not isinstance(model.calibrator, Untrained),
            maturity=maturity,
            run=run,
            seed=seed,
            advance=advance,
        )
    policy, told = choose(heads, pairs, ranker=model.ranker, labels=labels, run=run)
    heads = replace(heads, policy=policy)
    return replace(model, heads=heads, reference=reference_of(model, drawn)), figures | told


def _with_jobs_ranker(
    model: Model, snapshot: Snapshot, *, labels: Labels, seed: int
) -> tuple[Model, dict[str, float]]:
    """The model with a ranker of the other direction, and figures of that fit."""
    engine, run = model.jobs_engine(snapshot), model.run
    with progress("Drawing lists of jobs", total=run.training.lists) as advance:
        drawn = draw_jobs(engine, labels=labels, limit=run.training.lists, advance=advance)
    ranker, figures = fit_jobs_ranker(drawn, run=run, features=engine.features, seed=seed)
    return replace(model, jobs_ranker=ranker), figures
