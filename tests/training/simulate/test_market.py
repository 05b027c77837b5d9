"""The market keeps the contract, its own clock and its own probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from matcher.errors import UsageError
from matcher.marketplace import from_frames
from training.simulate.fit import NEGLIGIBLE
from training.simulate.market import SimulatedMarket, simulate

START = pd.Timestamp("2024-01-01T00:00:00Z")


def hires(market: SimulatedMarket) -> pd.DataFrame:
    hired = market.events[market.events["kind"] == "hired"]
    return hired.merge(market.jobs[["job_id", "posted_at", "positions", "closes_at"]], on="job_id")


def joined(market: SimulatedMarket) -> pd.Series:
    return market.freelancers.groupby("freelancer_id")["joined_at"].min()


def test_the_output_validates_without_refusal(market):
    marketplace = from_frames(
        freelancers=market.freelancers, jobs=market.jobs, events=market.events
    )
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


def test_every_event_follows_its_posting(market):
    posted_at = market.events["job_id"].map(market.jobs.set_index("job_id")["posted_at"])
    assert (market.events["at"] > posted_at).all()


def test_whoever_is_hired_had_joined_before_the_posting(market):
    hired = hires(market)
    assert (hired["freelancer_id"].map(joined(market)) < hired["posted_at"]).all()


def test_no_more_are_hired_than_there_are_positions(market):
    hired = hires(market)
    per_job = hired.groupby("job_id").agg(n=("freelancer_id", "size"), seats=("positions", "first"))
    assert (per_job["n"] <= per_job["seats"].fillna(1)).all()
    assert not hired.duplicated(["job_id", "freelancer_id"]).any()
    assert per_job["n"].max() > 1


def test_nobody_is_hired_after_the_job_closed(market):
    hired = hires(market)
    assert not (hired["at"] >= hired["closes_at"]).any()


def test_most_jobs_end_in_a_hire_and_most_freelancers_never_get_one(market):
    hired = hires(market)
    assert 0.55 < hired["job_id"].nunique() / len(market.jobs) < 0.75
    large = simulate(freelancers=800, jobs=1_000, seed=3)
    assert hires(large)["freelancer_id"].nunique() < 0.5 * 800


def test_two_fifths_are_there_from_the_start_and_others_keep_joining(market):
    days = (joined(market) - START).dt.days
    assert (days == 0).sum() == 200
    assert days.max() > 600


def test_stars_are_inflated(market):
    stars = market.events.loc[market.events["kind"] == "rated_freelancer", "value"]
    assert (stars == 5).mean() > 0.8


def test_only_random_lists_have_a_propensity(market):
    shown = market.events[market.events["kind"] == "shown"]
    per_list = shown.groupby("decision_id")["propensity"].agg(["size", "count", "sum"])
    is_random = per_list["count"] > 0
    assert 0 < is_random.sum() < len(per_list)
    assert (per_list["count"][is_random] == per_list["size"][is_random]).all()
    assert (
        shown.groupby("decision_id")["position"]
        .apply(lambda places: sorted(places) == list(range(1, len(places) + 1)))
        .all()
    )


def test_profiles_are_edited_at_distinct_times_and_rates_only_rise(market):
    editions = market.freelancers.sort_values(["freelancer_id", "valid_from"])
    assert not editions.duplicated(["freelancer_id", "valid_from"]).any()
    assert (editions["valid_from"] >= editions["joined_at"]).all()
    raises = editions.groupby("freelancer_id")["hourly_rate_usd"].diff().dropna()
    assert len(raises) > 50
    assert (raises > 0).all()


def test_clients_return_to_people_they_liked(market):
    hired = hires(market).merge(market.jobs[["job_id", "client_id"]], on="job_id")
    again = hired.sort_values("at").duplicated(["client_id", "freelancer_id"])
    assert 0.15 < again.mean() < 0.5


def test_truth_is_about_freelancers_in_the_pool(market):
    truth = market.truth.merge(market.jobs[["job_id", "posted_at"]], on="job_id")
    assert list(market.truth.columns) == ["job_id", "freelancer_id", "p_hire"]
    assert truth["p_hire"].dtype == np.float32
    assert truth["p_hire"].between(np.float32(NEGLIGIBLE), 1).all()
    assert (truth["freelancer_id"].map(joined(market)) < truth["posted_at"]).all()


def test_hires_happen_as_often_as_the_truth_says():
    markets = [simulate(freelancers=300, jobs=1_000, seed=seed) for seed in range(4)]
    pairs = pd.concat([with_outcome(market) for market in markets])
    edges = [0, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1]
    for _, bucket in pairs.groupby(pd.cut(pairs["p_hire"], edges), observed=True):
        p = bucket["p_hire"].to_numpy(np.float64)
        noise = np.sqrt((p * (1 - p)).sum())
        assert abs(bucket["hired"].sum() - p.sum()) < 4 * noise + 1


def test_what_the_truth_leaves_out_hardly_ever_happens(market):
    known = market.truth.set_index(["job_id", "freelancer_id"]).index
    pairs = pd.MultiIndex.from_frame(hires(market)[["job_id", "freelancer_id"]])
    assert pairs.isin(known).mean() > 0.99


def test_progress_ends_at_all_jobs():
    seen: list[tuple[int, int]] = []
    simulate(freelancers=5, jobs=250, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(100, 250), (200, 250), (250, 250)]


@pytest.mark.parametrize(("freelancers", "jobs"), [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_tiny_markets_are_valid_too(freelancers, jobs):
    market = simulate(freelancers=freelancers, jobs=jobs, seed=2)
    assert market.freelancers["freelancer_id"].nunique() == freelancers
    assert len(market.jobs) == jobs
    assert len(market.truth) <= freelancers * jobs
    from_frames(freelancers=market.freelancers, jobs=market.jobs, events=market.events)


def test_a_negative_size_is_refused():
    with pytest.raises(UsageError, match="none may be negative"):
        simulate(freelancers=-1)


def with_outcome(market: SimulatedMarket) -> pd.DataFrame:
    hired = hires(market)[["job_id", "freelancer_id"]].assign(hired=1.0)
    pairs = market.truth.merge(hired, on=["job_id", "freelancer_id"], how="left")
    return pairs.fillna({"hired": 0.0})
