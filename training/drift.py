"""Has the market moved away from what a bundle was trained on?

The lists of jobs posted since are drawn by the live engine, each as of its posting, and every
column is set beside the reference that the bundle keeps. Nothing that happened at or after a
posting plays a part, so a job counts whether it hired or not.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from features import FEATURES
from matcher.bundle import Bundle
from matcher.domain import instant_of, moment_of
from matcher.engine import Engine
from matcher.errors import BundleError, DriftError, OutputExistsError, UsageError
from matcher.marketplace import read_marketplace
from matcher.ports import Column, Rows
from matcher.progress import progress
from matcher.reference import ANSWERS, Reference, Spread, median
from matcher.retrieval.default import default_encoder
from matcher.snapshot import Snapshot
from training.drift_plot import draw_drift
from training.evaluate import Span, test_span
from training.figures import keep_figures, picture_of, write_figures
from training.labels import Labels
from training.metrics import Floats
from training.pairs import Drawn, draw
from training.reference import answered, retrieved_by
from training.stability import noise_level, psi, reading, resamples
from training.tables import print_drift


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far a column lies from where it lay in training.

    Attributes:
        noise: What 95 in 100 indices stay below where nothing moved; None with a single list.
        unknown_then: Share of values that were unknown; `unknown_now` likewise.
        median_then: Of the known values; None where none is; `median_now` likewise.
    """

    column: str
    family: str
    psi: float
    noise: float | None
    reading: str
    unknown_then: float
    unknown_now: float
    median_then: float | None
    median_now: float | None

    def exceeds(self, allowed: float) -> bool:
        """Whether it moved further than allowed, and further than chance would have it."""
        return self.psi > allowed and self.noise is not None and self.psi > self.noise


def watch_market(
    directory: Path,
    *,
    bundle: Path,
    since: datetime | None,
    sample: int,
    worst: int,
    out: Path | None,
    fail_above: float | None,
    as_json: bool,
    force: bool,
) -> Mapping[str, Any]:
    """What the command `drift` does: draw, compare, keep, print, refuse what moved too far.

    Raises:
        BundleError: The bundle keeps no reference.
        UsageError: No job has been posted since, or nobody was there for any of them.
        DriftError: A column moved further than `fail_above`.
    """
    _check(out, fail_above=fail_above, force=force)
    opened = Bundle.open(bundle, features=FEATURES)
    if not opened.model.reference.columns:
        raise BundleError(
            f"{bundle} keeps no reference to compare with: no job that it was trained on hired "
            "anybody from its pool; train a new one when some have"
        )
    encoder = default_encoder()
    opened.require(encoder)
    snapshot = Snapshot.of(read_marketplace(directory), encoder=encoder)
    span = _span(opened, snapshot, since=since, sample=sample)
    engine = opened.model.engine(snapshot, encoder=encoder)
    with progress("Drawing lists", total=len(span.jobs)) as advance:
        drawn = drawn_since(engine, span.jobs, advance=advance)
    shifts = compare(engine, drawn, opened.model.reference)
    figures = {
        "about": _about(opened, engine, span, drawn),
        "columns": [asdict(one) for one in shifts],
    }
    keep_figures("drift", figures, digest=opened.digest)
    _deliver(figures, worst=worst, out=out, as_json=as_json)
    _refuse([one for one in shifts if fail_above is not None and one.exceeds(fail_above)])
    return figures


def drawn_since(
    engine: Engine, jobs: Rows, *, advance: Callable[[int], None] | None = None
) -> Drawn:
    """The lists of some jobs, each as of its posting; what became of them is not looked at."""
    return draw(engine, jobs.tolist(), labels=Labels({}), advance=advance)


def compare(engine: Engine, drawn: Drawn, reference: Reference) -> tuple[Shift, ...]:
    """Every column of a reference beside the same column of lists drawn later, worst first.

    Raises:
        UsageError: The lists hold nobody.
    """
    if len(drawn.rows) == 0:
        raise UsageError(
            f"nobody was in the pool of any of {len(drawn.jobs):,} jobs, so there is nothing to "
            "compare; choose jobs posted later with --from"
        )
    sizes = retrieved_by(drawn)
    sizes = sizes[sizes > 0]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    weights = resamples(len(sizes))
    columns: dict[str, Column] = {
        name: drawn.matrix[:, place] for place, name in enumerate(engine.features.names)
    }
    if set(ANSWERS) <= set(reference.columns):
        columns |= answered(engine.ranker, engine.calibrator, drawn)
    shifts = [
        _shift(name, _family(engine, name), values, reference.columns[name], owner, weights)
        for name, values in columns.items()
    ]
    return tuple(sorted(shifts, key=lambda one: (-one.psi, one.column)))


def _shift(
    name: str, family: str, values: Column, then: Spread, owner: Rows, weights: Floats
) -> Shift:
    """One column; `owner` is the list of each value."""
    lists, bins = weights.shape[1], len(then.counts)
    cells = np.bincount(owner * bins + then.bins(values), minlength=lists * bins)
    by_list = cells.reshape(lists, bins).astype(np.float64)
    now = by_list.sum(axis=0)
    index = psi(then.counts, now)
    noise = noise_level(by_list, weights, lists_then=then.lists)
    return Shift(
        column=name,
        family=family,
        psi=index,
        noise=noise if math.isfinite(noise) else None,
        reading=reading(index, noise=noise),
        unknown_then=then.counts[-1] / sum(then.counts),
        unknown_now=float(now[-1] / now.sum()),
        median_then=then.median,
        median_now=median(values),
    )


def _family(engine: Engine, name: str) -> str:
    return "answer" if name in ANSWERS else engine.features.family(name)


def _check(out: Path | None, *, fail_above: float | None, force: bool) -> None:
    if out is not None and out.exists() and not force:
        raise OutputExistsError(out)
    if fail_above is not None and not 0 <= fail_above < math.inf:
        raise UsageError(f"--fail-above is {fail_above}; give an index from 0 on, such as 0.25")


def _span(bundle: Bundle, snapshot: Snapshot, *, since: datetime | None, sample: int) -> Span:
    until = bundle.manifest.until
    seen = bundle.manifest.last_at + 1 if until is None else until
    start = seen if since is None else instant_of(since)
    if start < seen:
        sys.stderr.write(
            f"warning: the bundle learned until {moment_of(seen).isoformat()}: what was posted "
            "before is compared with itself\n"
        )
    if not (snapshot.jobs.posted_at >= start).any():
        raise UsageError(
            f"no job of {len(snapshot.jobs):,} was posted from {moment_of(start).isoformat()} on; "
            "wait for some, or choose an earlier --from"
        )
    return test_span(snapshot.jobs, test_from=moment_of(start), sample=sample)


def _about(bundle: Bundle, engine: Engine, span: Span, drawn: Drawn) -> dict[str, Any]:
    posted = engine.snapshot.jobs.posted_at
    columns = bundle.model.reference.columns
    return {
        "bundle": bundle.digest,
        "from": moment_of(span.test_from).isoformat(),
        "to": moment_of(int(posted[span.jobs[-1]])).isoformat(),
        "jobs": int((posted >= span.test_from).sum()),
        "lists": int(np.count_nonzero(retrieved_by(drawn))),
        "pairs": int(drawn.retrieved.sum()),
        "lists_then": columns[engine.features.names[0]].lists,
        "answers_then": columns["score"].lists if "score" in columns else 0,
    }


def _deliver(figures: Mapping[str, Any], *, worst: int, out: Path | None, as_json: bool) -> None:
    if out is not None:
        write_figures(figures, out)
        draw_drift(figures, picture_of(out), worst=worst)
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    else:
        print_drift(figures, worst=worst)


def _refuse(moved: Sequence[Shift]) -> None:
    if moved:
        raise DriftError({one.column: one.psi for one in moved})
