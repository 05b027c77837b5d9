"""Puts a simulated market into a directory that appears whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import pandas as pd

from matcher.errors import OutputExistsError, UsageError
from matcher.marketplace import Marketplace, write_marketplace

TRUTH_FILE = "truth.parquet"
_TABLE_FILES = ("freelancers.parquet", "jobs.parquet", "events.parquet")


def write_with_truth(
    marketplace: Marketplace, truth: pd.DataFrame, directory: Path, *, force: bool
) -> None:
    """Three Parquet tables, and `truth.parquet` beside them.

    All four are written to a sibling directory that is then renamed into place.

    Raises:
        OutputExistsError: `directory` is there, and `force` is not given.
        UsageError: What `force` would replace is no marketplace directory.
    """
    directory = directory.absolute()
    _refuse_to_overwrite(directory, force=force)
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = directory.with_name(f".{directory.name}.{secrets.token_hex(4)}.new")
    try:
        write_marketplace(marketplace, fresh)
        truth.to_parquet(fresh / TRUTH_FILE, compression="zstd", index=False)
        _put_in_place(fresh, directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_to_overwrite(directory: Path, *, force: bool) -> None:
    if not directory.exists() and not directory.is_symlink():
        return
    if not force:
        raise OutputExistsError(directory)
    there = list(directory.iterdir()) if directory.is_dir() else []
    is_ours = all((directory / name).is_file() for name in _TABLE_FILES)
    is_flat = not any(path.is_dir() for path in there)
    if directory.is_symlink() or not directory.is_dir() or (there and not (is_ours and is_flat)):
        raise UsageError(
            f"{directory} is no marketplace directory of Parquet tables, so it will not be "
            "replaced; name another path, or remove it by hand"
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
