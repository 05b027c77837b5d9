"""What taking the seat out of clicks is worth, told where the truth is known.

Rankers learn from as many logged lists each, with the same trees and columns, and order the
lists of held-out later jobs. They are held to the true chance of a hire, on lists that the client
did not look at: there alone no seat has a part in that chance. Only here is the truth looked at;
the rankers and the curves are made before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.engine import Engine
from matcher.errors import UsageError
from matcher.ports import Column, Mask, Rows
from matcher.progress import progress
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import Boosting, GbdtRanker
from training.debias import Shown, grown, lessons, naive, seated, weighted
from training.examination import LUCKY, drawn_by_luck, inferred, liking_from, looked_at
from training.impressions import Impressions
from training.labels import Labels
from training.metrics import Floats, edges, interval, mean, resamples
from training.oracle import TrueSeats
from training.pairs import Drawn, draw, learnable
from training.simulate.ndcg import ndcg

LEAST_LISTS = 50  # with a click, a ranker


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What is learned from, and what the record says of looking.

    Attributes:
        ranked: Lists in a policy's order; `drawn` as many that luck filled, or none where those
            are too few. Every list has a click.
        curves: How looking fades, by how that was told; None where it could not be.
        retrieved: At most as many lists as `matcher train` learns from: the retrieved, and who of
            them was hired.
    """

    ranked: Shown
    drawn: Shown | None
    curves: Mapping[str, Floats | None]
    retrieved: Drawn


def lists_of_luck(lists: Impressions) -> Mask:
    """[q] whether a list was filled by luck: somebody on it likelier than not had no seat."""
    lucky = np.nan_to_num(lists.propensity, nan=1.0) < LUCKY
    return np.bincount(lists.owner, weights=lucky, minlength=len(lists)) > 0


def learned_from(
    engine: Engine,
    past: Impressions,
    *,
    labels: Labels,
    columns: Columns,
    limit: int,
    seed: int,
) -> Lesson:
    """The latest lists of either kind, as many of each, and the curves of all of them.

    Raises:
        UsageError: Fewer than `LEAST_LISTS` lists of a policy have a click.
    """
    has_click = np.bincount(past.owner, weights=past.clicked, minlength=len(past)) > 0
    by_luck = lists_of_luck(past)
    ranked, drawn = np.flatnonzero(has_click & ~by_luck), np.flatnonzero(has_click & by_luck)
    if len(ranked) < LEAST_LISTS:
        raise UsageError(
            f"{len(ranked):,} ranked lists have a click, of {len(past):,} that are whole"
            f"{_blamed(past.left_out)}; log `shown` with decision_id and position, and `invited`, "
            f"until there are {LEAST_LISTS}"
        )
    is_enough = len(drawn) >= LEAST_LISTS
    each = min(limit, len(ranked), len(drawn) if is_enough else limit)
    hiring = learnable(engine, labels=labels, limit=each)
    with progress("Drawing lists", total=each * (1 + is_enough) + len(hiring)) as advance:
        of_ranked = Shown.of(engine, past.of_lists(ranked[-each:]), advance=advance)
        of_drawn = (
            Shown.of(engine, past.of_lists(drawn[-each:]), advance=advance) if is_enough else None
        )
        retrieved = draw(engine, hiring, labels=labels, advance=advance)
    liking = liking_from(of_ranked.matrix, columns, seed=seed)
    curves = {
        "looks": looked_at(past),
        "luck": drawn_by_luck(past),
        "inferred": inferred(of_ranked.lists, liking),
    }
    return Lesson(ranked=of_ranked, drawn=of_drawn, curves=curves, retrieved=retrieved)


def rankers_of(
    lesson: Lesson, *, columns: Columns, boosting: Boosting, seed: int
) -> dict[str, GbdtRanker]:
    """Every ranker by name, the naive one first."""
    taught = lessons(lesson.ranked, columns)
    lists = {"naive": naive(taught), "positions": seated(lesson.ranked, columns)}
    for name, curve in lesson.curves.items():
        if curve is not None:
            lists[f"weights_{name}"] = weighted(taught, _as_long(curve, lesson.ranked.lists))
    if lesson.drawn is not None:
        lists["unbiased"] = naive(lessons(lesson.drawn, columns))
    if len(lesson.retrieved.jobs):
        lists["hires"] = lesson.retrieved.lists(columns)
    with progress("Growing rankers", total=len(lists)) as advance:
        rankers = {}
        for name, one in lists.items():
            rankers[name] = grown(one, columns, boosting=boosting, seed=seed)
            advance(1)
    return rankers


def judge(rankers: Mapping[str, GbdtRanker], later: Shown, truth: TrueSeats) -> dict[str, Floats]:
    """NDCG@10 of every ranker, the order as logged and the truth itself, list by list.

    A list of which nobody has any chance tells nothing and is passed over.
    """
    scores: dict[str, Column] = {name: one.score(later.matrix) for name, one in rankers.items()}
    scores["logged"] = -later.lists.seat.astype(np.float32)
    values: dict[str, list[float]] = {name: [] for name in (*scores, "oracle")}
    for job, seats in later.lists.slices():
        rows = later.lists.rows[seats]
        gain = truth.of("hires", job, rows)
        best = ndcg(gain, order_of(gain, rows))
        if best is None:
            continue
        for name, column in scores.items():
            values[name].append(ndcg(gain, order_of(column[seats], rows)) or 0.0)
        values["oracle"].append(best)
    return {name: np.array(one, np.float64) for name, one in values.items()}


def order_of(scores: Column | Floats, rows: Rows) -> Rows:
    """[n] places, best first; ties by row, so by id."""
    return np.lexsort((rows, -scores))


def compared(values: Mapping[str, Floats]) -> dict[str, Any]:
    """Means, differences to the naive ranker, and shares of the gap closed, each with interval."""
    base = values["naive"]
    others = {name: one for name, one in values.items() if name != "naive"}
    return {
        "systems": {
            name: {"ndcg@10": mean(one), "ndcg@10_ci": interval(one), "n_lists": len(one)}
            for name, one in values.items()
        },
        "minus_naive": {
            name: {"ndcg@10": mean(one - base), "ci": interval(one - base)}
            for name, one in others.items()
        },
        "share_closed": {
            name: _closed(one - base, values["unbiased"] - base)
            for name, one in others.items()
            if "unbiased" in values and name.startswith(("weights_", "positions"))
        },
    }


def true_curve(read: Impressions, truth: TrueSeats) -> Floats | None:
    """[seats] how looking fades on lists that were looked at; None where none was."""
    if not len(read):
        return None
    chance = np.concatenate(
        [truth.of("looks", job, read.rows[seats]) for job, seats in read.slices()]
    )
    known = chance > 0  # the truth says nothing of people whom the job does not concern
    place, chance = read.seat[known] - 1, chance[known]
    rate = np.bincount(place, weights=chance) / np.maximum(np.bincount(place), 1)
    return np.asarray(rate / rate[0]) if len(rate) and rate[0] > 0 else None


def _closed(gained: Floats, gap: Floats) -> dict[str, Any] | None:
    """The share of the gap to the unbiased ranker; None where there is none to close."""
    if mean(gap) <= 0:
        return None
    shares = [
        float(weight @ gained / (weight @ gap))
        for weight in resamples(len(gap))
        if weight @ gap > 0
    ]
    return {"share": mean(gained) / mean(gap), "ci": list(edges(shares))}


def _as_long(curve: Floats, lists: Impressions) -> Floats:
    """A curve that ends before the last seat goes on as it ended."""
    missing = max(int(lists.seat.max(initial=0)) - len(curve), 0)
    return np.append(curve, np.full(missing, curve[-1]))


def _blamed(left_out: Mapping[str, int]) -> str:
    told = ", ".join(f"{count:,} {what}" for what, count in left_out.items())
    return f" (left out: {told})" if told else ""
