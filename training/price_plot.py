"""What exploring costs, and what it buys, in one picture: a point for every share of the seats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.canvas import BLUE, GREY, VERMILION, axes_of, worded

BOUGHT = "expected_first_hires_per_post"
PAID = {
    "ndcg@10": ("NDCG@10 by the truth", BLUE),
    "expected_hires_per_post": ("hires", VERMILION),
}


def explored(figures: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Arms that explore a share of their seats, beside an arm that learns: changes by arm.

    Empty where the first arm does not learn, or where nothing was hired to compare with.
    """
    first = figures["about"]["policies"][0]
    if first.partition(":")[0] != "learned":
        return {}
    return {
        name: one
        for name, one in figures["over_first"].items()
        if ":" in name and all(one[key]["ci"] is not None for key in (BOUGHT, *PAID))
    }


def draw_price(figures: Mapping[str, Any], file: Path) -> None:
    """Write people hired for the first time against NDCG@10 and hires, with 95% intervals."""
    first, arms = figures["about"]["policies"][0], explored(figures)
    with axes_of(file, height=4.2) as axes:
        axes.axhline(0, color=GREY, linewidth=1)
        axes.axvline(0, color=GREY, linewidth=1)
        for key, (label, colour) in PAID.items():
            across, up = ([one[each] for one in arms.values()] for each in (key, BOUGHT))
            for x, y in zip(across, up, strict=True):
                axes.hlines(y["difference"], *x["ci"], color=colour, linewidth=1, alpha=0.6)
                axes.vlines(x["difference"], *y["ci"], color=colour, linewidth=1, alpha=0.6)
            middle = [[0.0, *(one["difference"] for one in each)] for each in (across, up)]
            axes.plot(*middle, color=colour, marker="o", markersize=5, label=label)
            for name, x, y in zip(arms, *(each[1:] for each in middle), strict=True):
                share = float(name.partition(":")[2])
                axes.annotate(
                    f"{share:.0%}",
                    (x, y),
                    xytext=(5, 5),
                    textcoords="offset points",
                    color=colour,
                )
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.1%}")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:+.0%}")
        axes.grid()
        axes.legend(frameon=False, loc="best")
        axes.set_xlabel(f"change beside {worded(first)}")
        axes.set_ylabel("people hired for the first time")
        axes.set_title("What exploring buys, and what it costs, by share of the seats")
