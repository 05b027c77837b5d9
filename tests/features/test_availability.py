from __future__ import annotations

import numpy as np
import pytest

from features.availability import (
    language_coverage,
    open_contracts,
    recent_declines,
    same_country,
    shared_hours,
    weekly_hours,
)
from tests.builders import a_brief, a_frame, a_freelancer, an_event


def value(feature, job=None, *, events=(), **fields) -> float:
    frame = a_frame(a_brief(**(job or {})), freelancers=[a_freelancer(**fields)], events=events)
    return float(feature(frame)[0])


@pytest.mark.parametrize(
    ("client", "freelancer", "hours"),
    [(0, 0, 8), (0, 3, 5), (-5, 2.5, 0.5), (0, 8, 0), (-12, 14, 6), (12, -12, 8), (14, -11, 7)],
)
def test_working_hours_are_shared_around_the_globe(client, freelancer, hours):
    job = {"utc_offset_hours": float(client)}
    assert value(shared_hours, job, utc_offset_hours=freelancer) == hours


def test_hours_are_unknown_without_both_offsets():
    assert np.isnan(value(shared_hours, {"utc_offset_hours": 1.0}))
    assert np.isnan(value(shared_hours, utc_offset_hours=1))


def test_hours_a_week_are_those_of_the_profile():
    assert value(weekly_hours, weekly_hours=20) == 20
    assert np.isnan(value(weekly_hours))


@pytest.mark.parametrize(
    ("asked", "spoken", "share"),
    [(["en"], ["en", "de"], 1), (["en", "fr"], ["en"], 1 / 2), (["fr"], ["en"], 0)],
)
def test_languages_asked_for_are_covered(asked, spoken, share):
    assert value(language_coverage, {"languages": tuple(asked)}, languages=spoken) == share


def test_languages_are_unknown_where_either_side_is_silent():
    assert np.isnan(value(language_coverage, languages=["en"]))
    assert np.isnan(value(language_coverage, {"languages": ("en",)}))


@pytest.mark.parametrize(
    ("wanted", "lives", "expected"),
    [("DE", "DE", 1), ("DE", "US", 0), ("FR", "US", 0), (None, "US", np.nan), ("DE", None, np.nan)],
)
def test_countries_are_compared_where_both_are_known(wanted, lives, expected):
    found = value(same_country, {"country": wanted}, country=lives)
    assert found == pytest.approx(expected, nan_ok=True)


def test_contracts_run_until_they_end():
    hired = [an_event(at=-30), an_event(at=-20), an_event(at=-10)]
    assert value(open_contracts, events=[*hired, an_event("completed")]) == 2
    ended = [an_event("completed"), an_event("cancelled"), an_event("completed", at=-2)]
    assert value(open_contracts, events=[*hired[:1], *ended]) == 0


def test_contracts_are_unknown_in_a_market_that_records_no_end():
    assert np.isnan(value(open_contracts, events=[an_event()]))


def test_a_decline_weighs_half_after_two_weeks():
    declined = [an_event("invite_declined", at=-14), an_event("invite_accepted", at=-14)]
    assert value(recent_declines, events=declined) == 1 / 2
