"""Which columns moved since the training, and how far, in one picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.canvas import BLACK, BLUE, GREY, VERMILION, axes_of, worded
from training.stability import LARGE, MODERATE

COLOURS = {"stable": GREY, "noise": GREY, "moderate": BLUE, "large": VERMILION}


def draw_drift(figures: Mapping[str, Any], file: Path, *, worst: int) -> None:
    """Write the worst columns as bars, the worst on top, each with its noise level as a tick."""
    columns = figures["columns"]
    shown = columns[:worst][::-1]
    with axes_of(file, height=1.1 + 0.22 * max(len(shown), 1)) as axes:
        names = [worded(one["column"]) for one in shown]
        colours = [COLOURS[one["reading"]] for one in shown]
        axes.barh(names, [one["psi"] for one in shown], color=colours)
        for edge in (MODERATE, LARGE):
            axes.axvline(edge, color=GREY, linewidth=1, linestyle=(0, (4, 2)))
        for place, one in enumerate(shown):
            if one["noise"] is not None:
                axes.vlines(one["noise"], place - 0.4, place + 0.4, color=BLACK, linewidth=1.5)
        axes.set_xlim(left=0)
        axes.margins(y=0.02)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        axes.set_xlabel(
            f"population stability index; dashed: {MODERATE} and {LARGE}; black: noise, 95%"
        )
        axes.set_title(
            f"Moved since the training: the worst {len(shown)} of {len(columns)} columns"
        )
