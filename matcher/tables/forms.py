"""Finds the one form of a table in a directory and reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from matcher.tables.delimited import read_csv
from matcher.tables.jsonlines import read_jsonl
from matcher.tables.parquet import read_parquet
from matcher.tables.raw import RawTable, unreadable_table
from matcher.violations import Finding

READERS: dict[str, Callable[[Path, str], RawTable]] = {
    "parquet": read_parquet,
    "csv": read_csv,
    "csv.gz": read_csv,
    "jsonl": read_jsonl,
    "jsonl.gz": read_jsonl,
}


def read_table(directory: Path, name: str) -> RawTable:
    """The table `name`; that it is missing, twice there or no file is a finding."""
    forms = [form for form in READERS if (directory / f"{name}.{form}").exists()]
    if not forms:
        choices = ", ".join(f"{name}.{form}" for form in READERS)
        return unreadable_table(
            name,
            Finding(
                table=name,
                column=None,
                expected=f"one of {choices}",
                remedy="add the table; a zero-byte file is a table of no rows",
                values=(f"no such file in {directory}",),
            ),
        )
    if len(forms) > 1:
        return unreadable_table(
            name,
            Finding(
                table=name,
                column=None,
                expected="exactly one form of the table",
                remedy="keep one and remove the others",
                values=(" and ".join(f"{name}.{form}" for form in forms),),
            ),
        )
    path = directory / f"{name}.{forms[0]}"
    if not path.is_file():
        return unreadable_table(
            name,
            Finding(
                table=name,
                column=None,
                expected="a regular file",
                remedy="write the table as a single file",
                values=(f"{path.name}, which is none",),
            ),
        )
    return READERS[forms[0]](path, name)
