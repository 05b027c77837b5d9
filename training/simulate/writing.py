"""Puts a simulated market into a directory that appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from matcher.directories import replaced
from matcher.marketplace import Marketplace, write_marketplace

TRUTH_FILE = "truth.parquet"
TABLE_FILES = ("freelancers.parquet", "jobs.parquet", "events.parquet")


def write_with_truth(
    marketplace: Marketplace, truth: pd.DataFrame, directory: Path, *, force: bool
) -> None:
    """Three Parquet tables, and `truth.parquet` beside them.

    Raises:
        OutputExistsError: `directory` is there, and `force` is not given.
        UsageError: What `force` would replace is no marketplace directory.
    """
    with replaced(
        directory, what="marketplace directory", force=force, is_ours=_is_simulated
    ) as folder:
        write_marketplace(marketplace, folder / "tables")
        for table in TABLE_FILES:
            (folder / "tables" / table).rename(folder / table)
        (folder / "tables").rmdir()
        truth.to_parquet(folder / TRUTH_FILE, compression="zstd", index=False)


def _is_simulated(directory: Path) -> bool:
    has_tables = all((directory / name).is_file() for name in TABLE_FILES)
    return has_tables and not any(path.is_dir() for path in directory.iterdir())
