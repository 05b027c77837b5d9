"""A directory appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.directories import check_directory, check_file, replaced
from matcher.errors import OutputExistsError, UsageError


def is_ours(directory: Path) -> bool:
    return (directory / "mark").exists()


def write(directory: Path, text: str = "new", *, force: bool = False) -> None:
    with replaced(directory, force=force, what="thing", is_ours=is_ours) as fresh:
        (fresh / "mark").write_text(text)


def contents(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir())


def test_what_was_written_is_there_and_nothing_else(tmp_path):
    write(tmp_path / "deep" / "out")
    assert contents(tmp_path / "deep") == ["out"]
    assert (tmp_path / "deep" / "out" / "mark").read_text() == "new"


def test_nothing_shows_while_it_is_being_written(tmp_path):
    with replaced(tmp_path / "out", force=False, what="thing", is_ours=is_ours) as fresh:
        assert fresh.is_dir()
        assert not (tmp_path / "out").exists()


def test_what_is_there_stays_without_force(tmp_path):
    write(tmp_path / "out", "old")
    with pytest.raises(OutputExistsError, match="already exists; pass --force to replace it"):
        write(tmp_path / "out")
    assert (tmp_path / "out" / "mark").read_text() == "old"


def test_force_replaces_what_is_ours_whole(tmp_path):
    write(tmp_path / "out", "old")
    (tmp_path / "out" / "stray").write_text("x")
    write(tmp_path / "out", force=True)
    assert contents(tmp_path) == ["out"]
    assert contents(tmp_path / "out") == ["mark"]


def test_force_replaces_an_empty_directory(tmp_path):
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", force=True)
    assert (tmp_path / "out" / "mark").read_text() == "new"


def test_force_never_replaces_what_is_not_ours(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("x")
    with pytest.raises(UsageError, match="photos is no thing, so it will not be replaced"):
        write(tmp_path / "photos", force=True)
    assert contents(tmp_path / "photos") == ["a.jpg"]


def test_force_replaces_neither_a_file_nor_a_link(tmp_path):
    (tmp_path / "file").write_text("x")
    write(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("file", "link"):
        with pytest.raises(UsageError, match=f"{name} is no thing"):
            write(tmp_path / name, force=True)
    assert (tmp_path / "real" / "mark").exists()


def test_a_failure_leaves_what_was_there_and_no_litter(tmp_path):
    write(tmp_path / "out", "old")

    def fail() -> None:
        with replaced(tmp_path / "out", force=True, what="thing", is_ours=is_ours) as fresh:
            (fresh / "mark").write_text("half")
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        fail()
    assert contents(tmp_path) == ["out"]
    assert (tmp_path / "out" / "mark").read_text() == "old"


def check(path: Path, *, force: bool = False) -> None:
    check_directory(path, what="thing", force=force, is_ours=is_ours)


def test_what_can_be_written_passes_the_check_and_the_check_leaves_nothing(tmp_path):
    (tmp_path / "old").mkdir()
    check(tmp_path / "deep" / "out")
    check(tmp_path / "old", force=True)
    check_file(tmp_path / "deep" / "out.json", force=False)
    assert contents(tmp_path) == ["old"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("ask", [check, check_file])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path, ask, force):
    (tmp_path / "file").write_text("x")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for path in (tmp_path / "file" / "out", tmp_path / "file" / "deep" / "out"):
        with pytest.raises(UsageError, match="file is no directory; name another path"):
            ask(path, force=force)
    with pytest.raises(UsageError, match="nowhere is no directory"):
        ask(tmp_path / "nowhere" / "out", force=force)
    with pytest.raises(UsageError, match="cannot be written: File name too long"):
        ask(tmp_path / ("n" * 300), force=force)
    with pytest.raises(UsageError, match="/proc/x cannot be written"):
        ask(Path("/proc/x"), force=force)
    assert contents(tmp_path) == ["file", "nowhere"]


def test_a_directory_and_a_device_are_no_file(tmp_path):
    for path in (tmp_path, Path("/dev/null")):
        for force in (False, True):
            with pytest.raises(UsageError, match="is there and is no file"):
                check_file(path, force=force)


def test_a_file_that_is_there_needs_force(tmp_path):
    (tmp_path / "out.json").write_text("old")
    with pytest.raises(OutputExistsError, match="--force"):
        check_file(tmp_path / "out.json", force=False)
    check_file(tmp_path / "out.json", force=True)
    assert (tmp_path / "out.json").read_text() == "old"
