"""Puts tables into a directory that appears whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from matcher.errors import OutputExistsError, UsageError
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
    directory = directory.absolute()
    _refuse_to_overwrite(directory, list(frames), force=force)
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = directory.with_name(f".{directory.name}.{secrets.token_hex(4)}.new")
    fresh.mkdir()
    try:
        for name, frame in frames.items():
            WRITERS[form](frame, fresh / f"{name}.{form}", name)
        _put_in_place(fresh, directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_to_overwrite(directory: Path, names: list[str], *, force: bool) -> None:
    if not directory.exists() and not directory.is_symlink():
        return
    if not force:
        raise OutputExistsError(directory)
    tables = {f"{name}.{form}" for name in names for form in READERS}
    there = list(directory.iterdir()) if directory.is_dir() else []
    is_marketplace = any(path.name in tables for path in there) and not any(
        path.is_dir() for path in there
    )
    if not directory.is_dir() or directory.is_symlink() or (there and not is_marketplace):
        raise UsageError(
            f"{directory} is no marketplace directory, so it will not be replaced; "
            "name another path, or remove it by hand"
        )


def _put_in_place(fresh: Path, directory: Path) -> None:
    """Swaps the new directory in; the old one comes back if that fails."""
    if not directory.exists():
        fresh.rename(directory)
        return
    stale = fresh.with_suffix(".old")
    directory.rename(stale)
    try:
        fresh.rename(directory)
    except OSError:
        stale.rename(directory)
        raise
    shutil.rmtree(stale)
