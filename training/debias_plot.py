"""How looking fades from seat to seat: as told from the record, beside the truth if it is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.canvas import BLACK, BLUE, GREY, VERMILION, axes_of

CURVES = {
    "true": (BLACK, "-", "the truth"),
    "looks": (BLUE, "o", "from the looks"),
    "luck": (VERMILION, "s", "from seats that luck filled"),
    "inferred": (GREY, "^", "inferred with a model of liking"),
}


def draw_debias(figures: Mapping[str, Any], file: Path) -> None:
    """Write the curves that there are, on a logarithmic scale, 1 at the first seat."""
    with axes_of(file, height=3.4) as axes:
        for name, (colour, mark, label) in CURVES.items():
            curve = figures["curves"].get(name)
            if curve:
                seats = range(1, len(curve) + 1)
                axes.plot(seats, curve, mark, color=colour, label=label, markersize=5)
        axes.set_yscale("log")
        axes.grid(axis="y")
        axes.set_xlabel("seat")
        axes.set_ylabel("chance of a look, beside seat 1")
        axes.set_title("How looking fades down a list")
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False)
