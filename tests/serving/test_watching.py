"""The service goes where the registry's alias points."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event, Thread

import pytest

from matcher.errors import UsageError
from matcher.registry import set_alias
from serving.watching import follow, place_of
from tests.serving.live import until


def told(pointer: Path) -> str:
    return pointer.read_text(encoding="utf-8") if pointer.exists() else ""


def test_what_an_alias_names_is_written_down_and_again_when_it_moves(home, published, tmp_path):
    set_alias("matcher", "champion", "2")
    pointer, ended = tmp_path / "pointer", Event()
    options = {"look_s": 0.05, "ended": ended}
    watcher = Thread(target=follow, args=("matcher", "champion", pointer), kwargs=options)
    watcher.start()
    try:
        until(lambda: told(pointer))
        first = Path(told(pointer))
        assert (first / "card.md").read_text(encoding="utf-8") == "bundle 2"
        set_alias("matcher", "champion", "3")
        until(lambda: told(pointer) != str(first))
        assert (Path(told(pointer)) / "card.md").read_text(encoding="utf-8") == "bundle 3"
    finally:
        ended.set()
        watcher.join()


@pytest.mark.parametrize(
    ("name", "alias", "said"),
    [
        ("matcher", "loser", "expected matcher@champion or @challenger"),
        ("nobody", "champion", "nobody"),
        ("matcher", "challenger", "challenger"),
    ],
)
def test_an_alias_that_names_nothing_is_refused(home, tmp_path, name, alias, said):
    with pytest.raises(UsageError, match=said):
        follow(name, alias, tmp_path / "pointer", look_s=1, ended=Event())
    assert not (tmp_path / "pointer").exists()


def test_a_directory_is_its_own_place(tmp_path):
    named = tmp_path / "market@champion"
    named.mkdir()
    for bundle in (named, tmp_path / "missing"):
        with place_of(str(bundle)) as place:
            assert place == bundle


def test_an_alias_is_followed_by_a_process_that_ends_with_the_service(home):
    set_alias("matcher", "champion", "4")
    with place_of("matcher@champion") as pointer:
        bundle = Path(told(pointer))
        assert (bundle / "card.md").read_text(encoding="utf-8") == "bundle 4"
    assert not pointer.exists()
    with pytest.raises(UsageError, match="no bundle of the registry"), place_of("no@champion"):
        raise AssertionError(signal.SIGTERM)
