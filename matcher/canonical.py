"""JSON files of a bundle: written so that the bytes depend on the content alone, read strictly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import BundleError

Floats = NDArray[np.float64]
REMEDY = "copy the bundle again, or train a new one"


def read_json(file: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        BundleError: It is not JSON, or not an object.
    """
    try:
        content = json.loads(file.read_bytes(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{file} is not JSON ({error}); {REMEDY}") from error
    if not isinstance(content, dict):
        raise BundleError(f"{file} holds no JSON object; {REMEDY}")
    return content


def write_json(file: Path, content: object) -> None:
    """Write JSON whose bytes depend on the content alone."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number of JSON")


def rising_curve(scores: object, rates: object, *, file: str) -> tuple[Floats, Floats]:
    """Breakpoints of a calibration that a file holds.

    Raises:
        ValueError: They are no rising curve of shares.
    """
    across, up = np.array(scores, np.float64), np.array(rates, np.float64)
    is_curve = across.ndim == 1 and across.shape == up.shape and len(across) > 0
    if not is_curve or (np.diff(across) <= 0).any() or (np.diff(up) < 0).any():
        raise ValueError(f"{file} holds no rising curve")
    if up[0] < 0 or up[-1] > 1:
        raise ValueError(f"{file} holds rates that are no shares")
    return across, up
