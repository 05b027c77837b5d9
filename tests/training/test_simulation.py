"""The command simulates, writes and reports, and refuses before the first day what it must."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import Matcher
from training.simulate.market import Market
from training.simulate.moments import SET, TARGETS, Moment
from training.simulate.parameters import FROZEN_FREELANCERS, FROZEN_JOBS, Parameters
from training.simulation import print_moments

TINY = ("--freelancers", 3, "--jobs", 3)


@pytest.fixture
def matcher(monkeypatch, capsys, tmp_path) -> Matcher:
    monkeypatch.chdir(tmp_path)
    return Matcher(monkeypatch, capsys)


@pytest.fixture
def idle(monkeypatch) -> None:
    """No day of any market may be played."""

    def played(*_: object, **__: object) -> None:
        raise AssertionError("a day was played")

    monkeypatch.setattr(Market, "step", played)


def test_force_replaces_a_market_that_was_simulated(matcher, tmp_path):
    assert matcher("simulate", tmp_path / "market", *TINY).code == 0
    assert matcher("simulate", tmp_path / "market", *TINY).code == 2
    assert matcher("simulate", tmp_path / "market", *TINY, "--force").code == 0


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("file/market", "file is no directory; name another path"),
        ("/proc/x", "/proc/x cannot be written"),
        ("n" * 300, "File name too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_the_first_day(matcher, out, said, force):
    Path("file").write_text("x", encoding="utf-8")
    ran = matcher("simulate", out, *TINY, *force)
    assert (ran.code, "Traceback" in ran.err) == (2, False)
    assert said in ran.err


@pytest.mark.usefixtures("idle")
def test_a_foreign_directory_is_refused_before_the_first_day(matcher, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear", encoding="utf-8")
    ran = matcher("simulate", tmp_path / "other", *TINY, "--force")
    assert ran.code == 2
    assert "'letter.txt'" in ran.err
    assert (tmp_path / "other" / "letter.txt").exists()


@pytest.mark.usefixtures("idle")
def test_a_size_out_of_bounds_is_refused(matcher, tmp_path):
    ran = matcher("simulate", tmp_path / "market", "--freelancers", 10**8)
    assert ran.code == 2
    assert "no market has this size: freelancers" in ran.err


def test_a_report_marks_what_is_set_and_json_says_so_too(matcher, tmp_path):
    table = matcher["simulate", tmp_path / "a", *TINY, "--report"]
    told = {line[1:].split("│")[0].strip() for line in table.splitlines() if "│ set " in line}
    assert told == SET
    figures = json.loads(matcher["simulate", tmp_path / "b", *TINY, "--report", "--json"])
    assert {one["name"] for one in figures["moments"] if one["is_set"]} == SET


@pytest.mark.parametrize(
    ("freelancers", "jobs", "is_small"),
    [
        (FROZEN_FREELANCERS, FROZEN_JOBS, False),
        (FROZEN_FREELANCERS - 1, FROZEN_JOBS, True),
        (FROZEN_FREELANCERS, FROZEN_JOBS - 1, True),
    ],
)
def test_a_report_says_when_the_market_is_smaller_than_the_calibrated_one(
    capsys, freelancers, jobs, is_small
):
    found = [
        Moment(name=name, target=target, tolerance=tolerance, value=target, source=source,
               is_set=False)
        for name, (target, tolerance, source) in TARGETS.items()
    ]  # fmt: skip
    print_moments(found, Parameters(freelancers=freelancers, jobs=jobs))
    said = "Calibrated at 20,000 freelancers and 30,000 jobs" in capsys.readouterr().out
    assert said is is_small
