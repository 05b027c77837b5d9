"""A report as a file of JSON: there whole, or as it was before; and where its picture lies.

One that judges a bundle is also kept where a service that serves it finds it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from matcher.errors import ReportError
from matcher.reports import Kind, keep


def write_figures(figures: Mapping[str, Any], out: Path) -> None:
    """Write figures as JSON in one step, into a folder that is made where it is missing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.part")
    text = json.dumps(figures, indent=1, ensure_ascii=False, allow_nan=False)
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(out)


def keep_figures(kind: Kind, figures: Mapping[str, Any], *, digest: str) -> None:
    """Keep figures for whoever serves the bundle; where they cannot be, a warning says so."""
    try:
        keep(kind, figures, digest=digest, judged_at=datetime.now(UTC))
    except ReportError as error:  # what was asked for is told all the same
        sys.stderr.write(f"warning: {error}\n")


def picture_of(out: Path) -> Path:
    """The PNG beside a report, of the same name."""
    return out.with_name(f"{out.name}.png") if out.suffix == ".png" else out.with_suffix(".png")
