"""The record of champions: kept in order, never changed, whole after a crash."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import LedgerError
from matcher.ledger import Entry, Ledger, reigns
from matcher.succession import line

ROOT = Path(__file__).parents[1]


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(tmp_path / "deep" / "champions.db")


def at(minute: int) -> str:
    return f"2026-01-01T00:{minute:02}:00.000000+00:00"


def an_entry(event="moved", *, version="1", minute=0, name="matcher", **more) -> Entry:
    more = {"digest": f"digest of {version}", **more}
    return Entry(event=event, name=name, at=at(minute), version=version, **more)


def a_move(version: str, *, minute: int, how="promotion", ends="moved", **more) -> list[Entry]:
    return [
        an_entry(event, version=version, minute=minute, how=how, **more)
        for event in ("intended", ends)
    ]


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_known_and_no_file_made_before_the_first_entry(ledger):
    assert ledger.entries("matcher") == ()
    assert not ledger.file.exists()


def test_what_was_written_is_read_in_its_order_and_to_the_last_digit(ledger):
    figures = {
        "checks": {"ranking": {"candidate": 0.1 + 0.2, "ci": [-1e-300, None], "holds": True}}
    }
    written = [
        an_entry(minute=3, by="Zoë 🦊", why="line\nand 'quote'", figures=figures, how="rollback"),
        an_entry("found", version=None, minute=4, digest=None),
    ]
    for entry in written:
        ledger.append(entry)
    assert Ledger(ledger.file).entries("matcher") == tuple(written)


def test_names_are_kept_apart_in_one_record(ledger):
    ledger.append(an_entry(version="1"))
    ledger.append(an_entry(version="2", name="other"))
    assert [one.version for one in ledger.entries("matcher")] == ["1"]
    assert [one.version for one in ledger.entries("other")] == ["2"]
    assert ledger.entries("nobody's") == ()


def test_a_clock_that_was_set_back_does_not_turn_the_order_round(ledger):
    ledger.append(an_entry(version="1", minute=9))
    ledger.append(an_entry(version="2", minute=5))
    assert [(one.version, one.at) for one in ledger.entries("matcher")] == [
        ("1", at(9)),
        ("2", at(9)),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET by = 'somebody else'",
        "UPDATE OR REPLACE entries SET number = 2 WHERE number = 1",
        "DELETE FROM entries",
        "REPLACE INTO entries SELECT 1, event, name, at, '9', digest, how, by, why, figures, hash "
        "FROM entries WHERE number = 1",
    ],
)
def test_the_file_itself_refuses_to_change_an_entry(ledger, statement):
    for version in ("1", "2"):
        ledger.append(an_entry(version=version, by="ana"))
    before = ledger.entries("matcher")
    with closing(sqlite3.connect(ledger.file)) as db:
        with pytest.raises(sqlite3.IntegrityError, match="an entry is never"):
            db.execute(statement)
        db.commit()
    assert ledger.entries("matcher") == before


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE entries SET by = 'somebody else' WHERE number = 2", 2),
        ("UPDATE entries SET figures = '{}' WHERE number = 1", 1),
        ("UPDATE entries SET figures = 'nonsense' WHERE number = 3", 3),
        ("UPDATE entries SET event = 'dreamt' WHERE number = 1", 1),
        ("DELETE FROM entries WHERE number = 2", 2),
        ("DELETE FROM entries WHERE number = 1", 1),
    ],
)
def test_what_gets_past_the_triggers_shows(ledger, statement, entry):
    for version in ("1", "2", "3"):
        ledger.append(an_entry(version=version, by="ana", figures={"ndcg@10": 0.5}))
    with closing(sqlite3.connect(ledger.file)) as db:
        for trigger in ("no_change", "no_removal"):
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute(statement)
        db.commit()
    told = f"entry {entry} of the record at .* is not the one that was written; restore"
    with pytest.raises(LedgerError, match=told):
        ledger.entries("matcher")
    with pytest.raises(LedgerError, match=told):
        ledger.append(an_entry(version="4"))


def test_a_write_that_is_cut_short_leaves_no_part_of_itself(ledger):
    ledger.append(an_entry(version="1"))
    script = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size = 1")
db.execute("BEGIN IMMEDIATE")
for number in range(2, 500):
    db.execute("INSERT INTO entries SELECT ?, event, name, at, version, digest, how, by, why, "
               "figures, hash FROM entries WHERE number = 1", [number])
os._exit(9)
"""
    assert run(script, ledger.file).returncode == 9
    assert [one.version for one in ledger.entries("matcher")] == ["1"]
    ledger.append(an_entry(version="2"))
    assert [one.version for one in ledger.entries("matcher")] == ["1", "2"]


def test_several_processes_write_at_once_and_no_entry_is_lost(ledger):
    script = """
import sys
from pathlib import Path
from matcher.ledger import Entry, Ledger
for number in range(10):
    Ledger(Path(sys.argv[1])).append(
        Entry(event="refused", name="matcher", at="2026", version=f"{sys.argv[2]}-{number}"))
"""
    started = [
        subprocess.Popen([sys.executable, "-c", script, ledger.file, str(one)], cwd=ROOT)
        for one in range(3)
    ]
    assert [one.wait() for one in started] == [0, 0, 0]
    found = [one.version for one in ledger.entries("matcher")]
    assert sorted(found) == sorted(f"{one}-{n}" for one in range(3) for n in range(10))
    for one in range(3):
        mine = [version for version in found if version.startswith(f"{one}-")]
        assert mine == [f"{one}-{n}" for n in range(10)]


def test_the_lock_ends_with_the_process_that_held_it(ledger):
    script = """
import os, sys
from pathlib import Path
from matcher.ledger import Ledger
with Ledger(Path(sys.argv[1])).locked():
    os._exit(9)
"""
    assert run(script, ledger.file).returncode == 9
    with ledger.locked():
        ledger.append(an_entry())


def test_who_waits_too_long_for_the_lock_is_told_what_it_may_be(ledger, monkeypatch):
    monkeypatch.setattr("matcher.ledger.BUSY_S", 0.05)
    told = "cannot be used .*locked.*is another promotion under way"
    with ledger.locked(), pytest.raises(LedgerError, match=told), ledger.locked():
        pass


def test_a_file_that_is_something_else_is_refused(ledger):
    ledger.file.parent.mkdir()
    ledger.file.write_text("a letter, and no record at all. " * 40, encoding="utf-8")
    with pytest.raises(LedgerError, match="cannot be used"):
        ledger.entries("matcher")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"no record .* can be kept in .*; check MATCHER_HOME"):
        Ledger(tmp_path / "file" / "champions.db").append(an_entry())


def test_a_reign_lasts_until_the_next_begins():
    entries = (*a_move("1", minute=1, by="ana"), *a_move("2", minute=5), an_entry("refused"))
    first, second = reigns(entries)
    assert (first.version, first.since, first.until, first.by) == ("1", at(1), at(5), "ana")
    assert (second.version, second.since, second.until) == ("2", at(5), None)
    assert reigns(()) == ()


def test_what_was_intended_and_abandoned_never_reigned():
    entries = (*a_move("1", minute=1), *a_move("2", minute=5, ends="abandoned"))
    assert [(one.version, one.until) for one in reigns(entries)] == [("1", None)]
    assert reigns((an_entry("intended"),)) == ()


def test_nobody_reigns_where_the_alias_was_found_gone():
    found = an_entry("found", version=None, minute=7, digest=None)
    assert [(one.version, one.until) for one in reigns((*a_move("1", minute=1), found))] == [
        ("1", at(7)),
        (None, None),
    ]


def versions(*steps: tuple[str, str]) -> list[str | None]:
    entries = [
        entry
        for minute, (how, version) in enumerate(steps)
        for entry in a_move(version, minute=minute, how=how)
    ]
    return [one.version for one in line(reigns(tuple(entries)))]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("", ""),
        ("p1", "1"),
        ("p1 p2 p3", "1 2 3"),
        ("p1 p2 p3 r2", "1 2"),
        ("p1 p2 p3 r2 r1", "1"),
        ("p1 p2 p3 r1", "1"),
        ("p1 p2 r1 p3", "1 3"),
        ("p1 p2 r1 r2", "1 2"),  # back to one that was left by a rollback
        ("p1 p2 p1", "1 2 1"),
        ("p1 p2 p1 r2", "1 2"),
    ],
)
def test_a_return_takes_away_what_came_after(steps, expected):
    taken = [({"p": "promotion", "r": "rollback"}[one[0]], one[1]) for one in steps.split()]
    assert versions(*taken) == expected.split()


@given(st.lists(st.sampled_from("pr"), max_size=14))
def test_going_back_undoes_promotions_one_by_one(steps):
    undone: list[str] = []
    taken: list[tuple[str, str]] = []
    for number, step in enumerate(steps):
        if step == "p":
            undone.append(str(number))
        elif len(undone) < 2:
            continue
        else:
            undone.pop()
        taken.append(({"p": "promotion", "r": "rollback"}[step], undone[-1]))
        assert versions(*taken) == undone
