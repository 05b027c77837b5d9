"""A market file says what it changes; whatever is wrong with it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import UsageError
from training.simulate.parameters import Hiring, Parameters, read_parameters

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
        ("[ratings]\nkindness = nan", r"ratings\.kindness"),
    ],
)
def test_a_wrong_key_or_value_is_named(tmp_path, text, key):
    with pytest.raises(UsageError, match=f"is not a market file: .*{key}"):
        read_parameters(written(tmp_path, text))


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
