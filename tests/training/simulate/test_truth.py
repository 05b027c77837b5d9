"""What the truth says happens as often as it says, and is about people who are there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.training.simulate.market_builders import hires, joined
from training.simulate.export import SimulatedMarket
from training.simulate.niches import niches
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate
from training.simulate.truth import KEPT
from training.simulate.vocabulary import categories

PAIR = ["job_id", "freelancer_id"]


@pytest.fixture(scope="module")
def several() -> list[SimulatedMarket]:
    """Four markets so small that every pair with any chance is kept."""
    return [simulate(Parameters(freelancers=300, jobs=1_000), seed=seed) for seed in range(4)]


def with_outcome(market: SimulatedMarket, *kinds: str) -> pd.DataFrame:
    """The pairs of the truth, and whether an event of these kinds came of each."""
    found = market.events.loc[market.events["kind"].isin(kinds), PAIR].drop_duplicates()
    plain = market.truth.astype({"job_id": "str", "freelancer_id": "str"})
    return plain.merge(found.assign(happened=1.0), on=PAIR, how="left").fillna({"happened": 0.0})


def assert_calibrated(p: pd.Series, happened: pd.Series) -> None:
    edges = [0, 1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1]
    chance = p.astype(np.float64)
    for _, bucket in chance.groupby(pd.cut(chance, edges), observed=True):
        noise = np.sqrt((bucket * (1 - bucket)).sum())
        found = happened[bucket.index].sum()
        assert abs(found - bucket.sum()) < 4 * noise + 1, (bucket.mean(), found, bucket.sum())


def test_every_pair_of_a_small_market_is_kept(several):
    for market in several:
        assert market.truth.groupby("job_id", observed=True).size().max() < KEPT


def test_hires_happen_as_often_as_the_truth_says(several):
    pairs = pd.concat([with_outcome(market, "hired") for market in several], ignore_index=True)
    assert_calibrated(pairs["p_hire"], pairs["happened"])
    assert pairs["happened"].sum() == sum(len(hires(market)) for market in several)


def test_candidates_come_as_often_as_the_truth_says(several):
    pairs = pd.concat(
        [with_outcome(market, "applied", "invite_accepted") for market in several],
        ignore_index=True,
    )
    assert_calibrated(pairs["p_apply"], pairs["happened"])


def test_seats_are_looked_at_as_often_as_the_truth_says(several):
    pairs = pd.concat([with_outcome(market, "viewed") for market in several], ignore_index=True)
    assert_calibrated(pairs["examination"], pairs["happened"])


def test_jobs_hire_as_many_as_expected(several):
    expected = np.concatenate([market.truth_jobs["p_hires"] for market in several])
    hired = np.concatenate(
        [
            market.truth_jobs["job_id"].map(hires(market).groupby("job_id").size()).fillna(0)
            for market in several
        ]
    )
    for half in (expected < np.median(expected), expected >= np.median(expected)):
        gap = hired[half] - expected[half]
        assert abs(gap.mean()) < 4 * gap.std() / np.sqrt(len(gap))


def test_the_expected_hires_of_a_job_are_those_of_its_people(several):
    for market in several:
        summed = market.truth.astype({"job_id": "str"}).groupby("job_id")["p_hire"].sum()
        expected = market.truth_jobs.set_index("job_id")["p_hires"]
        assert summed.reindex(expected.index).fillna(0).to_numpy() == pytest.approx(
            expected.to_numpy(), abs=1e-5
        )


def test_lists_help_on_the_whole(market):
    jobs = market.truth_jobs
    moved = jobs["p_hires"] != jobs["p_hires_without_list"]
    assert 0 < moved.mean() < 1
    assert jobs["p_hires"].sum() > jobs["p_hires_without_list"].sum()


def test_declining_costs_where_somebody_was_invited(market):
    invited = set(market.events.loc[market.events["kind"] == "invited", "job_id"])
    jobs = market.truth_jobs
    cost = jobs["cost_of_declining"]
    assert cost.notna().tolist() == jobs["job_id"].isin(invited).tolist()
    assert cost.dropna().between(0, 1).all()


def test_truth_is_about_freelancers_in_the_pool(market):
    truth = market.truth.astype({"job_id": "str", "freelancer_id": "str"})
    posted_at = truth["job_id"].map(market.jobs.set_index("job_id")["posted_at"])
    assert (truth["freelancer_id"].map(joined(market)) < posted_at).all()
    assert not truth.duplicated(PAIR).any()


def test_truth_has_its_columns_and_its_order(market):
    chances = ["p_hire", "p_apply", "examination"]
    assert list(market.truth.columns) == [*PAIR, "p_hire", "p_apply", "quality", "examination"]
    assert (market.truth.dtypes[[*chances, "quality"]] == np.float32).all()
    assert market.truth[chances].min().min() >= 0
    assert market.truth[chances].max().max() <= 1
    truth = market.truth.astype({"job_id": "str", "freelancer_id": "str"})
    assert truth.sort_values(PAIR).index.tolist() == truth.index.tolist()


def test_nobody_is_hired_without_becoming_a_candidate(market):
    assert (market.truth["p_hire"] <= market.truth["p_apply"] + 1e-4).all()


def test_whoever_was_hired_is_in_it_and_whoever_was_viewed_could_be(market):
    truth = pd.MultiIndex.from_frame(market.truth[PAIR].astype("str"))
    hired = pd.MultiIndex.from_frame(hires(market)[PAIR])
    assert hired.isin(truth).all()
    viewed = with_outcome(market, "viewed")
    assert (viewed.loc[viewed["happened"] == 1, "examination"] > 0).all()


def test_there_is_a_row_a_job_and_a_row_a_freelancer(market):
    assert market.truth_jobs["job_id"].tolist() == market.jobs["job_id"].tolist()
    assert set(market.truth_jobs["category"]) == set(categories())
    said = market.jobs["category"].dropna()
    assert market.truth_jobs.loc[said.index, "category"].tolist() == said.tolist()
    everybody = sorted(market.freelancers["freelancer_id"].unique())
    assert market.truth_freelancers["freelancer_id"].tolist() == everybody
    assert market.truth_freelancers["niche"].isin([niche.name for niche in niches()]).all()


def test_the_good_are_hired_more(market):
    people = market.truth_freelancers.set_index("freelancer_id")["quality"]
    hired = hires(market)["freelancer_id"].map(people)
    assert hired.mean() > people.mean() + 0.1
