"""Axes in the house style; matplotlib's only home.

Drawn without pyplot, so nothing global changes; the same figures give the same bytes.

Source: Okabe & Ito, Color Universal Design, 2008 (the palette).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, BLACK, GREY, VERMILION = "#0072B2", "#000000", "#767676", "#D55E00"
DPI = 160
STYLE: Mapping[str, Any] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#444444",
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.7,
}


@contextmanager
def axes_of(file: Path, *, height: float, width: float = 6.4) -> Iterator[Axes]:
    """Axes in the house style, saved when the block ends; the reader's own style never shows."""
    from matplotlib import style
    from matplotlib.figure import Figure

    with style.context(["default", dict(STYLE)]):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure.add_subplot()
        figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})


def worded(name: str) -> str:
    """A name as people read it."""
    return name.replace("_", " ")
