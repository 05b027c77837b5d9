"""A report as a file of JSON: there whole, or as it was before; and where its picture lies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_figures(figures: Mapping[str, Any], out: Path) -> None:
    """Write figures as JSON in one step, into a folder that is made where it is missing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.part")
    text = json.dumps(figures, indent=1, ensure_ascii=False, allow_nan=False)
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(out)


def picture_of(out: Path) -> Path:
    """The PNG beside a report, of the same name."""
    return out.with_name(f"{out.name}.png") if out.suffix == ".png" else out.with_suffix(".png")
