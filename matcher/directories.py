"""A directory that appears whole or not at all, and what can be asked before the work is done."""

from __future__ import annotations

import os
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
        UsageError: What `force` would replace is something else, or nothing can be written there.
    """
    directory = directory.absolute()
    check_directory(directory, what=what, force=force, is_ours=is_ours)
    directory.parent.mkdir(parents=True, exist_ok=True)
    fresh = directory.with_name(f".{directory.name}.{secrets.token_hex(4)}.new")
    fresh.mkdir()
    try:
        yield fresh
        _put_in_place(fresh, directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def check_directory(
    directory: Path, *, what: str, force: bool, is_ours: Callable[[Path], bool]
) -> None:
    """Refuse before the work what `replaced` would refuse after it; leaves nothing behind.

    Raises:
        OutputExistsError: Something is there and `force` is not given.
        UsageError: What `force` would replace is something else, or nothing can be written there.
    """
    if os.path.lexists(directory):
        _refuse_to_overwrite(directory, what=what, force=force, is_ours=is_ours)
    _check_room(directory)


def check_file(path: Path, *, force: bool) -> None:
    """Refuse before the work a file that could not be written after it; leaves nothing behind.

    Raises:
        OutputExistsError: A file is there and `force` is not given.
        UsageError: Something else is there, or nothing can be written there.
    """
    if os.path.lexists(path):
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is there and is no file; name another path")
        if not force:
            raise OutputExistsError(path)
    _check_room(path)


def _check_room(path: Path) -> None:
    """Make and remove a directory where the first missing folder, or the output, would be."""
    path = path.absolute()
    there = next(folder for folder in path.parents if os.path.lexists(folder))
    if not there.is_dir():
        raise UsageError(f"{path} cannot be written: {there} is no directory; name another path")
    first = path.relative_to(there).parts[0]
    probe = there / f".{first}.{secrets.token_hex(4)}.new"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}; name another path"
        ) from error


def _refuse_to_overwrite(
    directory: Path, *, what: str, force: bool, is_ours: Callable[[Path], bool]
) -> None:
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
