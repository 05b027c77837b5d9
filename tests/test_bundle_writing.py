"""A bundle is written whole or not at all, and never over something else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.errors import OutputExistsError, UsageError
from matcher.manifest import MANIFEST
from tests.bundles import opened
from tests.fakes import FakeEncoder
from tests.small_market import contents, differing


@pytest.fixture
def copied(small_bundle: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to be damaged."""
    return Path(shutil.copytree(small_bundle, tmp_path / "copied"))


# What stays when writing fails


def test_a_crash_while_writing_leaves_nothing(trained, tmp_path):
    broken = replace(trained, figures={"trees": float("nan")})
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        broken.write(tmp_path / "b", encoder=FakeEncoder())
    assert list(tmp_path.iterdir()) == []


def test_a_crash_while_replacing_leaves_the_old_bundle(trained, copied):
    before = contents(copied.parent)
    broken = replace(trained, figures={"trees": float("nan")})
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        broken.write(copied, encoder=FakeEncoder(), force=True)
    assert contents(copied.parent) == before


def test_a_bundle_is_not_overwritten_unasked(trained, copied):
    before = contents(copied)
    with pytest.raises(OutputExistsError, match="pass --force to replace it"):
        trained.write(copied, encoder=FakeEncoder())
    assert contents(copied) == before


def test_force_replaces_a_bundle_whole(trained, copied, small_bundle):
    (copied / "left-over.txt").write_text("old", encoding="utf-8")
    trained.write(copied, encoder=FakeEncoder(), force=True)
    assert differing(small_bundle, copied) == []
    assert [path.name for path in copied.parent.iterdir()] == ["copied"]


@pytest.mark.parametrize("what", ["folder", "extension", "file", "link"])
def test_force_replaces_nothing_but_a_bundle(trained, copied, tmp_path, what):
    path = tmp_path / "precious"
    if what == "folder":
        path.mkdir()
        (path / "letter.txt").write_text("dear", encoding="utf-8")
    elif what == "extension":
        path.mkdir()
        (path / MANIFEST).write_text('{"name": "a browser extension"}', encoding="utf-8")
    elif what == "file":
        path.write_text("dear", encoding="utf-8")
    else:
        path.symlink_to(copied)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="so it will not be replaced; name another path"):
        trained.write(path, encoder=FakeEncoder(), force=True)
    assert contents(tmp_path) == before


def test_an_empty_folder_is_filled_with_force(trained, tmp_path, small_bundle):
    (tmp_path / "b").mkdir()
    trained.write(tmp_path / "b", encoder=FakeEncoder(), force=True)
    assert differing(small_bundle, tmp_path / "b") == []


def test_opening_changes_nothing(copied):
    before = contents(copied)
    opened(copied).engine(encoder=FakeEncoder())
    assert contents(copied) == before
