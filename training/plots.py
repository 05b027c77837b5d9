"""A report as four pictures.

The ranker is blue everywhere, the oracle black, the rest grey or another
colour that stays apart for colour-blind readers.

Source: Okabe & Ito, Color Universal Design, 2008 (the palette); Wilson, JASA
1927, doi:10.1080/01621459.1927.10502953 (intervals of shares).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.canvas import BLACK, BLUE, GREY, axes_of, worded
from training.metrics import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OTHERS = ("#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D1F", "#767676", "#A0A0A0")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))
COLUMNS_SHOWN = 20


def draw_plots(figures: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write `ladder.png`, `recall.png`, `reliability.png` and `importance.png`.

    Returns:
        What was written; no reliability where p_hire could not be trained.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.png" for name in _DRAWN}
    written = []
    for name, draw in _DRAWN.items():
        if name == "reliability" and figures["calibration"] is None:
            files[name].unlink(missing_ok=True)
            continue
        draw(figures, files[name])
        written.append(files[name])
    return tuple(written)


def draw_importance(importance: Mapping[str, float], folder: Path) -> Path:
    """Write `importance.png`: the columns that brought most of the gain, most first."""
    folder.mkdir(parents=True, exist_ok=True)
    _bars(importance, folder / "importance.png", unit="share of the total gain")
    return folder / "importance.png"


def draw_course(figures: Mapping[str, Any], file: Path) -> None:
    """Write a trial's extra hires so far, arm by arm, with the band of 95% intervals."""
    course, first = figures["course"], worded(figures["about"]["policies"][0])
    days, lines = [0, *course["days"]], _lines(list(course["hires_minus_first"]))
    with axes_of(file, height=4.2) as axes:
        axes.axhline(0, color=GREY, linewidth=1)
        for name, one in course["hires_minus_first"].items():
            look = lines["ranker" if name == "learned" else name]
            middle, low, high = ([0, *one[edge]] for edge in ("difference", "low", "high"))
            axes.fill_between(days, low, high, color=look["color"], alpha=0.15, linewidth=0)
            axes.plot(days, middle, label=worded(name), **look)
        axes.grid()
        axes.legend(frameon=False, loc="upper left")
        axes.set_xlabel("days since the arms parted")
        axes.set_ylabel(f"hires more than {first}, so far, a market")


def _ladder(figures: Mapping[str, Any], file: Path) -> None:
    systems = sorted(figures["systems"].items(), key=lambda one: (one[1]["ndcg@10"], one[0]))
    jobs = figures["systems"]["ranker"]["n_jobs"]
    with axes_of(file, height=0.9 + 0.3 * len(systems)) as axes:
        for place, (name, one) in enumerate(systems):
            low, high = one["ndcg@10_ci"] or (one["ndcg@10"], one["ndcg@10"])
            colour = _highlight(name)
            axes.plot([low, high], [place, place], color=colour, linewidth=2)
            axes.plot(one["ndcg@10"], place, "o", color=colour, markersize=6)
            axes.annotate(
                f"{one['ndcg@10']:.3f}",
                (high, place),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=colour,
                weight="bold" if name == "ranker" else "normal",
            )
        axes.set_yticks(range(len(systems)), [worded(name) for name, _ in systems])
        for label, (name, _) in zip(axes.get_yticklabels(), systems, strict=True):
            label.set(color=_highlight(name), weight="bold" if name == "ranker" else "normal")
        axes.set_xlim(left=0)
        axes.margins(x=0.12)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.set_xlabel("NDCG@10 (0 to 1), mean over jobs with a 95% bootstrap interval")
        axes.set_title(f"Who was hired, ranked: {jobs:,} held-out jobs")


def _recall(figures: Mapping[str, Any], file: Path) -> None:
    curves: dict[str, dict[str, float]] = {
        name: dict(curve) for name, curve in figures["recall_curve"].items()
    }
    order = sorted(curves, key=lambda name: (-list(curves[name].values())[-1], name))
    drawn = _lines(order)
    with axes_of(file, height=4.2) as axes:
        for name in order:
            depths = [int(depth) for depth in curves[name]]
            axes.plot(depths, list(curves[name].values()), marker="o", markersize=3, **drawn[name])
        depths = [int(depth) for depth in curves[order[0]]]
        axes.set_xscale("log")
        axes.set_xticks(depths, [str(depth) for depth in depths])
        axes.minorticks_off()
        axes.set_xlim(depths[0], depths[-1])
        axes.set_ylim(0, None)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.grid()
        axes.set_xlabel("k, people shown (log scale)")
        axes.set_ylabel("recall@k: share of hires among the first k")
        axes.set_title("How soon the people who were hired turn up")
        _name_lines(axes, {name: list(curves[name].values())[-1] for name in order}, drawn)


def _reliability(figures: Mapping[str, Any], file: Path) -> None:
    calibration = figures["calibration"]
    table = calibration["reliability"]
    predicted, observed, n = (
        np.array([one[key] for one in table], dtype=np.float64)
        for key in ("predicted", "observed", "n")
    )
    low, high = _wilson(observed, n)
    edge = 1.08 * max(float(predicted.max()), float(high.max()), 1e-4)
    with axes_of(file, width=5, height=4.8) as axes:
        for scale in (axes.set_xscale, axes.set_yscale):
            scale("function", functions=(lambda p: np.sqrt(np.maximum(p, 0)), np.square))
        axes.plot([0, edge], [0, edge], color=GREY, linewidth=1, linestyle=(0, (4, 2)))
        axes.vlines(predicted, low, high, color=BLUE, linewidth=1.5, alpha=0.55)
        axes.plot(predicted, observed, "o", color=BLUE, markersize=5)
        ticks = _root_ticks(edge)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_ticks(ticks, [f"{100 * tick:.3g}%" for tick in ticks])
        axes.set_xlim(0, edge)
        axes.set_ylim(0, edge)
        axes.set_aspect("equal")
        axes.grid()
        axes.set_xlabel("predicted chance of a hire (square-root scale)")
        axes.set_ylabel("observed share of hires (square-root scale)")
        axes.set_title(
            f"Promised and kept: {calibration['pairs']:,} pairs in {len(table)} equal bins,\n"
            f"calibration error {100 * calibration['ece']:.2g} percentage points"
        )
        axes.text(
            0.97, 0.03, "bars: 95% interval; dashed: perfect",
            transform=axes.transAxes, ha="right", color=GREY,
        )  # fmt: skip


def _importance(figures: Mapping[str, Any], file: Path) -> None:
    unit = "mean absolute contribution to the score (raw score units)"
    _bars(figures["importance"], file, unit=unit)


def _bars(importance: Mapping[str, float], file: Path, *, unit: str) -> None:
    columns = list(importance.items())
    shown = columns[:COLUMNS_SHOWN][::-1]
    with axes_of(file, height=0.9 + 0.22 * max(len(shown), 1)) as axes:
        axes.barh([worded(name) for name, _ in shown], [one for _, one in shown], color=BLUE)
        axes.set_xlim(left=0)
        axes.margins(y=0.02)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.set_xlabel(unit)
        axes.set_title(f"What moves the ranking: the first {len(shown)} of {len(columns)} columns")


_DRAWN = {
    "ladder": _ladder,
    "recall": _recall,
    "reliability": _reliability,
    "importance": _importance,
}


def _highlight(name: str) -> str:
    return {"ranker": BLUE, "oracle": BLACK}.get(name, GREY)


def _lines(order: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Colour, dash and width of every system; no two alike."""
    plain = [name for name in order if name not in {"ranker", "oracle"}]
    drawn: dict[str, dict[str, Any]] = {
        name: {
            "color": OTHERS[place % len(OTHERS)],
            "linestyle": DASHES[(place + 2 * (place // len(OTHERS))) % len(DASHES)],
            "linewidth": 1.3,
        }
        for place, name in enumerate(plain)
    }
    drawn["ranker"] = {"color": BLUE, "linewidth": 2.6, "zorder": 3}
    drawn["oracle"] = {"color": BLACK, "linewidth": 1.3, "linestyle": DASHES[1]}
    return drawn


def _name_lines(
    axes: Axes, ends: Mapping[str, float], drawn: Mapping[str, Mapping[str, Any]]
) -> None:
    """Names at the right end of their lines, moved apart where they would overlap."""
    top = axes.get_ylim()[1]
    names = sorted(ends, key=lambda name: (ends[name], name))
    heights = _apart(np.array([ends[name] for name in names]), gap=0.055 * top, top=top)
    for name, height in zip(names, heights, strict=True):
        axes.annotate(
            worded(name),
            (1, ends[name]),
            xytext=(1.06, float(height)),
            xycoords=axes.get_yaxis_transform(),
            textcoords=axes.get_yaxis_transform(),
            va="center",
            color=drawn[name]["color"],
            weight="bold" if name == "ranker" else "normal",
            arrowprops={
                "arrowstyle": "-",
                "color": drawn[name]["color"],
                "linewidth": 0.6,
                "relpos": (0, 0.5),
            },
        )


def _apart(heights: Floats, *, gap: float, top: float) -> Floats:
    """Rising heights, moved as little as it takes to lie `gap` apart between 0 and `top`.

    Pool adjacent violators; where there is no room, the lowest fall below 0.

    Source: Barlow et al., Statistical Inference under Order Restrictions, 1972.
    """
    blocks: list[tuple[float, int]] = []  # mean of a run of touching names, and its length
    for place, height in enumerate(heights):
        mean, size = float(height) - gap * place, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        blocks.append((mean, size))
    levels = np.repeat([mean for mean, _ in blocks], [size for _, size in blocks])
    room = np.minimum(np.maximum(levels, 0), top - gap * (len(heights) - 1))
    return np.asarray(room + gap * np.arange(len(heights)), dtype=np.float64)


def _wilson(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    """The 95% interval of shares of n."""
    z = 1.96
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(middle - half, 0), np.minimum(middle + half, 1)


def _root_ticks(edge: float) -> list[float]:
    """0 and round numbers up to the edge, at least a tenth of a square-root scale apart."""
    power = math.floor(math.log10(edge))
    ticks = [digit * 10.0**place for place in range(power, power - 3, -1) for digit in (5, 2, 1)]
    chosen: list[float] = []
    for tick in ticks:
        above = chosen[-1] if chosen else math.inf
        if tick <= edge and math.sqrt(above) - math.sqrt(tick) > 0.1 * math.sqrt(edge):
            chosen.append(tick)
    return [0.0, *reversed([tick for tick in chosen if tick > 0.01 * edge])]
