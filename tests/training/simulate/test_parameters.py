"""A market file says what it changes; whatever is wrong with it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import UsageError
from training.simulate.parameters import (
    FROZEN_FREELANCERS,
    FROZEN_JOBS,
    Hiring,
    Parameters,
    read_parameters,
    resized,
)

MARKET_FILE = Path(__file__).parents[3] / "data" / "runs" / "market.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "market.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_changes_nothing(tmp_path):
    assert read_parameters(written(tmp_path, "")) == Parameters()


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    text = "jobs = 12\n[hiring]\nboost = 3.0\ncountry_penalty = { PH = 0.5 }"
    hiring = Hiring(boost=3.0, country_penalty={"PH": 0.5})
    assert read_parameters(written(tmp_path, text)) == Parameters(jobs=12, hiring=hiring)


@pytest.mark.skipif(not MARKET_FILE.exists(), reason="there is no market file yet")
def test_the_market_file_of_the_figures_is_one():
    assert read_parameters(MARKET_FILE).jobs > 0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("colour = 1", "colour"),
        ("[hiring]\nbost = 3.0", r"hiring\.bost"),
        ("jobs = -1", "jobs"),
        ("freelancers = -1", "freelancers"),
        ("days = 1", "days"),
        ("exploration = 1.5", "exploration"),
        ("jobs = 'many'", "jobs.*'many'"),
        ("[funnel]\ncompeting = 0.0", r"funnel\.competing"),
        ("[attention]\nseats = 0", r"attention\.seats"),
        ("[hiring]\npay_gap = 1.0", r"hiring\.pay_gap"),
        ("[hiring]\npatience = 0.0", r"hiring\.patience"),
        ("[hiring]\nboost = inf", r"hiring\.boost"),
        ("[hiring]\ncountry_penalty = { Mars = 0.5 }", r"hiring\.country_penalty\.Mars"),
        ("[hiring]\ncountry_penalty = { PH = -1.0 }", r"hiring\.country_penalty\.PH"),
        ("[hiring]\ncountry_penalty = { XX = 0.5 }", r"nobody lives in XX; the countries are AR, "),
        ("[ratings]\nkindness = nan", r"ratings\.kindness"),
        ('jobs = "20"', "jobs.*'20'"),
        ("jobs = 20.0", r"jobs.*20\.0"),
        ("jobs = true", "jobs.*True"),
        ('exploration = "0.1"', r"exploration.*'0\.1'"),
        ("days = 10_001", "days.*10000"),
        ("freelancers = 10_000_001", "freelancers.*10000000"),
        ("jobs = 10_000_001", "jobs.*10000000"),
        ("[attention]\nseats = 1_001", r"attention\.seats.*1000"),
        ("[attention]\nfold = 1_001", r"attention\.fold.*1000"),
        ("[attention]\ndecay = 1e3", r"attention\.decay"),
        ("[hiring]\nboost = 1e7", r"hiring\.boost"),
        ("[hiring]\npatience = 1e-300", r"hiring\.patience"),
        ("[applications]\nmean = 1e300", r"applications\.mean"),
        ("[funnel]\ncompeting = 1e-9", r"funnel\.competing"),
        ("[funnel]\ntop_rated_earned_usd = 1e12", r"funnel\.top_rated_earned_usd"),
    ],
)
def test_a_wrong_key_or_value_is_named(tmp_path, text, key):
    with pytest.raises(UsageError, match=f"is not a market file: .*{key}"):
        read_parameters(written(tmp_path, text))


def test_a_whole_number_will_do_for_a_fraction(tmp_path):
    assert read_parameters(written(tmp_path, "exploration = 1")).exploration == 1


def test_another_size_keeps_the_rest_and_the_bounds():
    given = Parameters(jobs=12, hiring=Hiring(boost=3.0, country_penalty={"PH": 0.5}))
    assert resized(given, {}) == given
    assert resized(given, {"jobs": 5}) == given.model_copy(update={"jobs": 5})
    with pytest.raises(UsageError, match=r"has this size: jobs.*10000000, found 20000000"):
        resized(given, {"jobs": 20_000_000})


def test_the_market_of_the_figures_has_the_size_that_reports_compare_with():
    frozen = read_parameters(MARKET_FILE)
    assert (frozen.freelancers, frozen.jobs) == (FROZEN_FREELANCERS, FROZEN_JOBS)


def test_everything_wrong_is_named_at_once(tmp_path):
    with pytest.raises(UsageError, match=r"jobs.*; .*days"):
        read_parameters(written(tmp_path, "jobs = -1\ndays = 0"))


def test_a_file_that_is_no_toml_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"market\.toml is not TOML"):
        read_parameters(written(tmp_path, "jobs = = 3"))
    (tmp_path / "market.toml").write_bytes(b"jobs = '\xff'")
    with pytest.raises(UsageError, match=r"market\.toml is not TOML"):
        read_parameters(tmp_path / "market.toml")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"no market file at .*none\.toml"):
        read_parameters(tmp_path / "none.toml")
    with pytest.raises(UsageError, match="no market file at"):
        read_parameters(tmp_path)
