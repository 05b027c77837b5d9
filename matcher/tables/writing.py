"""Puts tables into a directory that appears whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from matcher.directories import replaced
from matcher.errors import UsageError
from matcher.schema import TABLES
from matcher.tables.encoding import WRITERS
from matcher.tables.forms import READERS


def write_tables(
    frames: Mapping[str, pd.DataFrame], directory: Path, *, form: str, force: bool
) -> None:
    """Each frame as a file of `form` in `directory`.

    They are written beside it first and renamed into place.

    Raises:
        OutputExistsError: `directory` is there, and `force` is not given.
        UsageError: The form is unknown or cannot hold the content, or what `force`
            would replace is no marketplace.
    """
    if form not in WRITERS:
        raise UsageError(f"no form {form!r} is known; choose one of {', '.join(WRITERS)}")
    with replaced(
        directory, what="marketplace directory", force=force, is_ours=_is_marketplace
    ) as folder:
        for name, frame in frames.items():
            WRITERS[form](frame, folder / f"{name}.{form}", name)


def _is_marketplace(directory: Path) -> bool:
    """Whether a directory holds a table, and no directory that a person may have put there."""
    there = list(directory.iterdir())
    tables = {f"{name}.{form}" for name in TABLES for form in READERS}
    return any(path.name in tables for path in there) and not any(path.is_dir() for path in there)
