"""A directory that appears whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from matcher.errors import OutputExistsError, UsageError


@contextmanager
def replaced(
    directory: Path, *, what: str, force: bool, is_ours: Callable[[Path], bool]
) -> Iterator[Path]:
    """A fresh directory beside `directory`, renamed into its place when the block ends well.

    Args:
        what: What is written, for the refusal: a bundle, say.
        force: Replace what is there, if it is ours.
        is_ours: Whether a directory that is there is of the kind being written; an empty
            one always is.

    Raises:
        OutputExistsError: Something is there and `force` is not given.
        UsageError: What `force` would replace is something else.
    """
    directory = directory.absolute()
    _refuse_to_overwrite(directory, what=what, force=force, is_ours=is_ours)
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = directory.with_name(f".{directory.name}.{secrets.token_hex(4)}.new")
    fresh.mkdir()
    try:
        yield fresh
        _put_in_place(fresh, directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_to_overwrite(
    directory: Path, *, what: str, force: bool, is_ours: Callable[[Path], bool]
) -> None:
    if not directory.exists() and not directory.is_symlink():
        return
    if not force:
        raise OutputExistsError(directory)
    plain = directory.is_dir() and not directory.is_symlink()
    if not plain or (any(directory.iterdir()) and not is_ours(directory)):
        raise UsageError(
            f"{directory} is no {what}, so it will not be replaced; "
            "name another path, or remove it by hand"
        )


def _put_in_place(fresh: Path, directory: Path) -> None:
    """Swap the new directory in; the old one comes back if that fails."""
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
