"""The record of a whole market keeps the contract and its own clock."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from matcher.marketplace import from_frames
from tests.training.simulate.market_builders import hires, joined
from training.simulate.parameters import Parameters
from training.simulate.places import PLACES
from training.simulate.recording import simulate

START = pd.Timestamp("2024-01-01T00:00:00Z")


def test_the_tables_validate_without_refusal(market):
    marketplace = market.marketplace()
    assert len(marketplace.events) == len(market.events)
    assert all("single row" in warning for warning in marketplace.warnings)


@pytest.mark.parametrize("table", ["freelancers", "jobs", "events"])
def test_cells_have_the_types_of_the_contract(market, table):
    frame = getattr(market, table)
    for name in frame.columns:
        cells = frame[name]
        if name in {"skills", "languages", "portable_ratings"}:
            assert {type(cell) for cell in cells} == {tuple, type(None)}
        elif name.endswith(("_at", "at")) or name == "valid_from":
            assert cells.dtype == pd.DatetimeTZDtype("us", "UTC")
        else:
            assert cells.dtype in (np.dtype(np.float64), pd.StringDtype(na_value=np.nan))


def test_every_event_is_of_a_known_job_and_freelancer(market):
    assert market.events["job_id"].isin(market.jobs["job_id"]).all()
    assert market.events["freelancer_id"].isin(market.freelancers["freelancer_id"]).all()
    assert market.events["event_id"].is_unique


def test_events_are_numbered_in_order_of_time(market):
    assert market.events["at"].is_monotonic_increasing
    assert market.events["event_id"].is_monotonic_increasing
    assert market.jobs["posted_at"].is_monotonic_increasing


def test_every_event_follows_its_posting(market):
    posted_at = market.events["job_id"].map(market.jobs.set_index("job_id")["posted_at"])
    assert (market.events["at"] > posted_at).all()


def test_everybody_in_an_event_had_joined_before_the_posting(market):
    posted_at = market.events["job_id"].map(market.jobs.set_index("job_id")["posted_at"])
    assert (market.events["freelancer_id"].map(joined(market)) < posted_at).all()


def test_no_more_are_hired_than_there_are_positions(market):
    per_job = hires(market).groupby("job_id")["positions"].agg(["size", "first"])
    assert (per_job["size"] <= per_job["first"].fillna(1)).all()
    assert per_job["size"].max() > 1


def test_nobody_is_hired_after_the_job_closed(market):
    hired = hires(market)
    assert not (hired["at"] >= hired["closes_at"]).any()


@pytest.mark.parametrize("kind", ["shown", "viewed", "invited", "applied", "shortlisted"])
def test_nothing_of_the_search_happens_after_the_job_closed(market, kind):
    events = market.events[market.events["kind"] == kind]
    closes_at = events["job_id"].map(market.jobs.set_index("job_id")["closes_at"])
    assert closes_at.notna().any()
    assert not (events["at"] >= closes_at).any()


@pytest.mark.parametrize(
    "kind", ["shown", "viewed", "applied", "invited", "invite_accepted", "hired", "completed"]
)
def test_nothing_happens_twice_to_the_same_pair(market, kind):
    events = market.events[market.events["kind"] == kind]
    assert len(events) > 0
    assert not events.duplicated(["job_id", "freelancer_id"]).any()


def test_every_list_is_complete_and_says_how_likely_its_seats_were(market):
    shown = market.events[market.events["kind"] == "shown"]
    lists = shown.groupby("decision_id")
    assert shown["decision_id"].notna().all()
    assert (lists["position"].agg(sorted) == lists.size().map(lambda k: [*range(1, k + 1)])).all()
    assert shown["decision_id"].tolist() == ("d-" + shown["job_id"]).tolist()
    assert shown["propensity"].between(0, 1, inclusive="right").all()
    assert len(set(shown["propensity"])) > 1


def test_nothing_but_a_seat_has_a_propensity(market):
    others = market.events[market.events["kind"] != "shown"]
    assert others["propensity"].isna().all()
    assert others.loc[others["kind"] != "viewed", ["decision_id", "position"]].isna().all(axis=None)


def test_whoever_was_viewed_had_been_shown_at_that_seat(market):
    keys = ["decision_id", "job_id", "freelancer_id", "position"]
    shown, viewed = (
        market.events.loc[market.events["kind"] == kind, [*keys, "at"]]
        for kind in ("shown", "viewed")
    )
    both = viewed.merge(shown, on=keys, suffixes=("", "_shown"))
    assert len(both) == len(viewed) > 0
    assert (both["at"] > both["at_shown"]).all()


def test_the_first_seat_is_viewed_most(market):
    viewed = market.events.loc[market.events["kind"] == "viewed", "position"].value_counts()
    assert viewed.idxmax() == 1
    assert viewed[1] > viewed[8]


def test_two_fifths_are_there_from_the_start_and_others_keep_joining(market):
    days = (joined(market) - START).dt.days
    assert (days == 0).sum() == 200
    assert days.max() > 600


def test_some_jobs_hire_and_some_do_not(market):
    assert 0.1 < hires(market)["job_id"].nunique() / len(market.jobs) < 0.9


def test_clients_return_to_people_they_liked(market):
    again = hires(market).duplicated(["client_id", "freelancer_id"])
    assert again.mean() > 0.03


def test_progress_ends_at_all_days():
    seen: list[tuple[int, int]] = []
    simulate(
        Parameters(freelancers=5, jobs=5, days=30),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(day, 30) for day in range(1, 31)]


@pytest.mark.parametrize(("freelancers", "jobs"), [(0, 0), (0, 3), (3, 0), (1, 1), (2, 30)])
def test_tiny_markets_are_valid_too(freelancers, jobs):
    market = simulate(Parameters(freelancers=freelancers, jobs=jobs), seed=2)
    assert market.freelancers["freelancer_id"].nunique() == freelancers
    assert len(market.jobs) == len(market.truth_jobs) == jobs
    assert len(market.truth) <= freelancers * jobs
    from_frames(freelancers=market.freelancers, jobs=market.jobs, events=market.events)


@pytest.mark.parametrize(
    "changed",
    [
        {"days": 2},
        {"exploration": 0},
        {"exploration": 1},
        {"hiring": {"own_search": 0.0, "rebuff": 0.0, "inviting": 0.0}},
        {"hiring": {"inviting": 1.0, "thinness": 1.0}},
        {"attention": {"seats": 1}},
        {"attention": {"seats": 40, "fold": 40, "decay": 0.0}},
        {"funnel": {"founders": 0.0}},
        {"funnel": {"founders": 1.0, "competing": 1.0}},
        {"ratings": {"answered": 0.0, "private": 0.0, "severity": 0.0}},
        {"applications": {"mean": 1_000.0, "prompt": 1.0}},
        {"applications": {"mean": 0.0}},
        {"applications": {"mean": 1_000.0, "dispersion": 1e-6}},
        {"applications": {"dispersion": 1e6}},
        {"attention": {"seats": 1_000, "fold": 1_000, "decay": 100.0}},
        {"days": 10_000},
        {"funnel": {"competing": 0.001}},
        {"hiring": {"boost": 1e6, "patience": 1e-6, "rebuff": 1_000.0, "own_search": 1_000.0}},
        {"hiring": {"boost": 1e-6, "patience": 1e6, "new_client_premium": 1_000.0}},
        {"hiring": {"country_penalty": {place.country: 100.0 for place in PLACES}}},
        {"ratings": {"severity": 1_000.0}},
    ],
    ids=str,
)
def test_extreme_markets_are_valid_too(changed):
    given = Parameters.model_validate({"freelancers": 50, "jobs": 50} | changed)
    made = simulate(given, seed=2)
    made.marketplace()
    assert np.isfinite(made.truth[["p_hire", "p_apply", "quality", "examination"]]).all(axis=None)
    assert made.truth["p_hire"].between(0, 1 + 1e-6).all()
