"""Fit the heads: who comes, who is hired, how it goes.

The lists are the latest jobs that have had time to end, drawn by the live engine, cut in time as
the ranker's are: the earlier ones grow trees, later ones say when to stop, the latest calibrate.
Of those who come few are hired, so that the head of the hire reads more of the past.
The quality to expect is learned from the people hired on the ranker's own lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.engine import Engine
from matcher.heads import ACCEPT, HIRE, QUALITY, Head, Heads, offsets
from matcher.ports import Column, FeatureSet, Mask, Matrix, Rows
from matcher.ranking.calibration import Level
from matcher.ranking.classifier import GbdtClassifier, Outcomes
from matcher.ranking.gbdt import Boosting
from matcher.run import Run
from matcher.snapshot import Snapshot
from training.outcomes import Contracts, Maturity
from training.pairs import Drawn

LEAST_POSITIVE = 30  # outcomes of either kind, to grow trees on and to calibrate


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """n retrieved pairs of lists in order of time, and what became of them.

    Attributes:
        jobs: [n] job rows, rising in time.
        rows: [n] freelancer rows.
        wanted: [n] applied or accepted an invitation.
        hired: [n].
        starts: Per head, [n] log-odds to start from.
    """

    jobs: Rows
    rows: Rows
    matrix: Matrix
    wanted: Mask
    hired: Mask
    starts: dict[str, Column]

    def part(self, kept: Mask) -> Pairs:
        """Some of them."""
        return Pairs(
            jobs=self.jobs[kept],
            rows=self.rows[kept],
            matrix=self.matrix[kept],
            wanted=self.wanted[kept],
            hired=self.hired[kept],
            starts={name: start[kept] for name, start in self.starts.items()},
        )


def lists_to_draw(snapshot: Snapshot, run: Run) -> int:
    """How many lists the heads are learned from, at most; for a progress bar."""
    reads_more = len(snapshot.history.interests.at) > 0 and run.heads.jobs > 0
    asked = max(run.heads.jobs, run.heads.hire_jobs) if reads_more else run.heads.jobs
    return min(asked, len(snapshot.jobs))


def mature_jobs(engine: Engine, maturity: Maturity, *, limit: int) -> list[int]:
    """The latest jobs, oldest first, that have had time to be wanted and to hire."""
    posted = engine.snapshot.jobs.posted_at
    mature = maturity.is_mature(ACCEPT, posted) & maturity.is_mature(HIRE, posted)
    return np.flatnonzero(mature)[-limit:].tolist() if limit else []


def draw_pairs(
    engine: Engine,
    jobs: list[int],
    *,
    only_wanted: bool = False,
    advance: Callable[[int], None] | None = None,
) -> Pairs:
    """The retrieved list of each job as of its posting, and what became of it since.

    Args:
        only_wanted: Keep of each list only who applied or accepted an invitation.
    """
    snapshot, history = engine.snapshot, engine.snapshot.history
    wanting = len(history.interests.at) > 0
    parts = []
    for job in jobs:
        query = engine.ask(snapshot.jobs.records[job], as_of=int(snapshot.jobs.posted_at[job]))
        frame = engine.pairs(query, engine.retrieve(query))
        wanted = wanted_of(engine, job, frame.rows)
        kept = wanted if only_wanted else np.ones_like(wanted)
        rows, count = frame.rows[kept], int(kept.sum())
        parts.append(
            Pairs(
                jobs=np.full(count, job),
                rows=rows,
                matrix=engine.features.transform(frame)[kept],  # compared with the whole list
                wanted=wanted[kept],
                hired=hired_of(engine, job, rows),
                starts={
                    name: np.full(count, start, np.float32)
                    for name, start in offsets(frame, wanting=wanting).items()
                },
            )
        )
        if advance is not None:
            advance(1)
    return _joined(parts, width=len(engine.features.names))


def wanted_of(engine: Engine, job: int, rows: Rows) -> Mask:
    """[n] who applied or accepted an invitation; who was hired must have."""
    interests = engine.snapshot.history.interests
    came = interests.freelancer[interests.ends[job] : interests.ends[job + 1]]
    return np.isin(rows, came) | hired_of(engine, job, rows)


def hired_of(engine: Engine, job: int, rows: Rows) -> Mask:
    """[n] who was hired."""
    hires = engine.snapshot.history.engagements
    return np.isin(rows, hires.freelancer[hires.ends[job] : hires.ends[job + 1]])


def fit_heads(
    engine: Engine,
    drawn: Drawn,
    *,
    until: int,
    run: Run,
    seed: int,
    advance: Callable[[int], None] | None = None,
) -> tuple[Heads, Pairs]:
    """Every head that there is enough to learn from.

    Args:
        engine: Over the market cut at `until`; its ranker is not asked.
        drawn: The ranker's own lists.

    Returns:
        The heads, which do not order anything yet, and the pairs that they were fitted on.
    """
    snapshot, features = engine.snapshot, engine.features
    maturity = Maturity.of(snapshot, until=until)
    jobs = mature_jobs(engine, maturity, limit=run.heads.jobs)
    pairs = draw_pairs(engine, jobs, advance=advance)
    wanting = len(snapshot.history.interests.at) > 0
    came = pairs
    if wanting and jobs:  # few come and fewer are hired: more jobs cost little memory, time only
        more = mature_jobs(engine, maturity, limit=run.heads.hire_jobs)[: -len(jobs)]
        earlier = draw_pairs(engine, more, only_wanted=True, advance=advance)
        came = _joined([earlier, pairs.part(pairs.wanted)], width=pairs.matrix.shape[1])
    found = fit_consent(pairs, came, wanting=wanting, features=features, run=run, seed=seed)
    if run.heads.jobs:
        contracts = Contracts.of(snapshot, engine.learned.quality)
        found |= fit_quality(drawn, contracts, maturity, features=features, run=run, seed=seed)
    waits = {name: days for name, days in maturity.days().items() if name in found}
    return Heads(by_name=found, maturity_days=waits), pairs


def fit_consent(
    pairs: Pairs, came: Pairs, *, wanting: bool, features: FeatureSet, run: Run, seed: int
) -> dict[str, Head]:
    """The heads of both sides' consent that there is enough to learn from.

    Args:
        pairs: Whole lists, of which some came.
        came: Those whom the head of the hire speaks of.
        wanting: Whether the market records who wants a job. Where it does not, everybody found is
            taken to be willing.
    """
    found: dict[str, Head] = {}
    if wanting:
        found |= _head(ACCEPT, pairs, pairs.wanted, features=features, run=run, seed=seed)
    return found | _head(HIRE, came, came.hired, features=features, run=run, seed=seed)


def fit_quality(
    drawn: Drawn,
    contracts: Contracts,
    maturity: Maturity,
    *,
    features: FeatureSet,
    run: Run,
    seed: int,
) -> dict[str, Head]:
    """The head of the quality to expect, from people hired on the ranker's lists."""
    job = np.repeat(drawn.jobs, drawn.sizes)
    pairs = list(zip(job.tolist(), drawn.rows.tolist(), strict=True))
    quality = np.array([contracts.quality.get(pair, np.nan) for pair in pairs])
    rated = np.flatnonzero(np.isfinite(quality))
    begun = np.array([contracts.begun_at[pairs[row]] for row in rated], np.int64)
    rated = rated[maturity.is_mature(QUALITY, begun)]
    if len(rated) < 2 * LEAST_POSITIVE or np.ptp(quality[rated]) == 0:
        return {}
    cuts = _cuts(len(rated), run)
    parts = [_shares(drawn.matrix[part], quality[part]) for part in np.split(rated, cuts)]
    trees = _grown(parts[0], parts[1], features=features, run=run, seed=seed)
    later = np.split(rated, cuts)[2]
    level = Level.fit(trees.log_odds(drawn.matrix[later]), quality[later].astype(np.float32))
    return {QUALITY: Head(trees=trees, level=level)}


def _head(
    name: str,
    pairs: Pairs,
    happened: Mask,
    *,
    features: FeatureSet,
    run: Run,
    seed: int,
) -> dict[str, Head]:
    """One head; nothing where a slice holds too few outcomes of either kind."""
    cuts = list(slice_starts(pairs, run))
    slices = np.split(np.arange(len(pairs.jobs)), cuts)
    for rows in slices:
        count = int(happened[rows].sum())
        if min(count, len(rows) - count) < LEAST_POSITIVE:
            return {}
    start = pairs.starts[name]
    train, valid = (
        Outcomes(matrix=pairs.matrix[rows], happened=happened[rows], offsets=start[rows])
        for rows in slices[:2]
    )
    trees = _grown(train, valid, features=features, run=run, seed=seed)
    later = slices[2]
    log_odds = trees.log_odds(pairs.matrix[later]) + start[later]
    return {name: Head(trees=trees, level=Level.fit(log_odds, happened[later]))}


def _grown(
    train: Outcomes, valid: Outcomes, *, features: FeatureSet, run: Run, seed: int
) -> GbdtClassifier:
    ranker = run.ranker
    return GbdtClassifier.fit(
        train,
        valid,
        names=features.names,
        monotone=tuple(0 for _ in features.names),
        boosting=Boosting(
            rounds=run.heads.rounds,
            patience=min(ranker.patience, 30),
            learning_rate=run.heads.learning_rate,
            num_leaves=ranker.num_leaves,
            min_data_in_leaf=min(ranker.min_data_in_leaf, max(len(train) // 20, 1)),
            feature_fraction=ranker.feature_fraction,
            bagging_fraction=ranker.bagging_fraction,
            lambda_l2=ranker.lambda_l2,
        ),
        seed=seed,
    )


def slice_starts(pairs: Pairs, run: Run) -> tuple[int, int]:
    """The first pair of the slice that says when to stop, and of the one that calibrates."""
    jobs = np.unique(pairs.jobs)
    starts = np.append(np.searchsorted(pairs.jobs, jobs), len(pairs.jobs))
    valid, calibration = _cuts(len(jobs), run)
    return int(starts[valid]), int(starts[calibration])


def _cuts(count: int, run: Run) -> list[int]:
    """Where validation starts, and where calibration does."""
    calibration = count - round(count * run.training.calibration_share)
    return [max(calibration - round(count * run.training.valid_share), 0), calibration]


def _shares(matrix: Matrix, quality: Column) -> Outcomes:
    """A share of q as a yes of weight q and a no of weight 1 - q."""
    return Outcomes(
        matrix=np.concatenate([matrix, matrix]),
        happened=np.repeat([True, False], len(quality)),
        weights=np.concatenate([quality, 1 - quality]).astype(np.float32),
    )


def _joined(parts: list[Pairs], *, width: int) -> Pairs:
    def whole(name: str, empty: np.ndarray) -> np.ndarray:
        return np.concatenate([empty, *(getattr(one, name) for one in parts)])

    none = np.zeros(0, np.float32)
    return Pairs(
        jobs=whole("jobs", np.zeros(0, np.int64)),
        rows=whole("rows", np.zeros(0, np.int64)),
        matrix=np.concatenate([np.zeros((0, width), np.float32), *(one.matrix for one in parts)]),
        wanted=whole("wanted", np.zeros(0, np.bool_)),
        hired=whole("hired", np.zeros(0, np.bool_)),
        starts={
            name: np.concatenate([none, *(one.starts[name] for one in parts)])
            for name in (ACCEPT, HIRE, QUALITY)
        },
    )
