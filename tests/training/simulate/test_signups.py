"""Everybody who signs up, and the few of them who come to compete."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.training.simulate.market_builders import joined
from training.simulate.parameters import Funnel, Parameters
from training.simulate.people import DAY, People, draw_people
from training.simulate.places import PLACES
from training.simulate.signups import Signups, draw_signups
from training.simulate.vocabulary import categories

START = pd.Timestamp("2024-01-01T00:00:00Z")
DAYS = 100
STEPS = ["signed_up_at", "completed_at", "admitted_at"]


def some_signups(
    n: int = 200, *, days: int = DAYS, seed: int = 0, **funnel: float
) -> tuple[People, Signups]:
    given = Parameters(freelancers=n, days=days, funnel=Funnel(**funnel))
    people = draw_people(
        n, days=days, founders=given.funnel.founders, pay_gap=0.0, rng=np.random.default_rng(seed)
    )
    return people, draw_signups(people, given, np.random.default_rng(seed + 1))


def a_table(n: int = 200, *, days: int = DAYS, before: int = DAYS, **given: float) -> pd.DataFrame:
    people, signups = some_signups(n, days=days, **given)
    return signups.frame(people, before=before * DAY)


def test_every_freelancer_signed_up_once_and_was_admitted_on_joining(market):
    admitted = market.signups.dropna(subset="freelancer_id").set_index("freelancer_id")
    assert admitted.index.is_unique
    assert set(admitted.index) == set(market.freelancers["freelancer_id"])
    assert (admitted["admitted_at"] == joined(market).reindex(admitted.index)).all()
    assert market.signups["signup_id"].is_unique


def test_nobody_else_was_admitted(market):
    others = market.signups["freelancer_id"].isna()
    assert market.signups.loc[others, "admitted_at"].isna().all()
    assert market.signups.loc[~others, "admitted_at"].notna().all()


@pytest.mark.parametrize("competing", [0.05, 0.1, 0.5, 1.0])
def test_the_share_that_competes_is_the_one_asked_for(competing):
    table = a_table(competing=competing)
    assert table["freelancer_id"].notna().mean() == pytest.approx(competing, rel=0.01)


@pytest.mark.parametrize("founders", [0.0, 0.4, 1.0])
def test_the_founders_are_there_on_the_first_day(founders):
    table = a_table(competing=0.2, founders=founders)
    early = table["admitted_at"].dropna() < START + pd.Timedelta(days=1)
    assert early.mean() == pytest.approx(founders)
    rest = table.loc[table["freelancer_id"].isna(), "signed_up_at"]
    assert (rest < START + pd.Timedelta(days=1)).mean() == pytest.approx(founders, abs=0.06)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("days", [4, 100])
def test_a_profile_is_completed_between_signing_up_and_admission(days, seed):
    people, signups = some_signups(days=days, seed=seed)
    table = signups.frame(people, before=days * DAY)
    admitted = table[table["admitted_at"].notna()]
    assert len(admitted) == 200
    assert admitted["completed_at"].notna().all()
    assert (admitted["signed_up_at"] <= admitted["completed_at"]).all()
    assert (admitted["completed_at"] <= admitted["admitted_at"]).all()


def test_signups_come_in_order_of_time_from_the_start_on():
    at = a_table()["signed_up_at"]
    assert at.is_monotonic_increasing
    assert at.min() >= START
    assert at.max() < START + pd.Timedelta(days=DAYS)


def test_some_who_fall_short_complete_a_profile_and_some_do_not():
    table = a_table()
    rest = table.loc[table["freelancer_id"].isna(), "completed_at"]
    assert 0.1 < rest.notna().mean() < 0.9


@pytest.mark.parametrize("day", [0, 1, 50, 99])
def test_as_of_an_instant_later_steps_are_not_known(day):
    now = START + pd.Timedelta(days=day)
    whole, early = a_table(), a_table(before=day)
    assert early["signup_id"].tolist() == whole["signup_id"][: len(early)].tolist()
    assert len(early) == (whole["signed_up_at"] < now).sum()
    for step in STEPS:
        known = whole[step][: len(early)]
        assert early[step].tolist() == known.where(known < now).tolist()
    assert (early["freelancer_id"].notna() == early["admitted_at"].notna()).all()


def test_an_instant_knows_only_what_lies_strictly_before_it():
    people, signups = some_signups()
    at = int(people.joined_at[100])
    ids = [
        set(signups.frame(people, before=before)["freelancer_id"].dropna())
        for before in (at, at + 1)
    ]
    assert people.ids[100] not in ids[0]
    assert people.ids[100] in ids[1]


def test_what_was_claimed_lies_within_reason():
    table = a_table()
    assert table["country"].isin([place.country for place in PLACES]).all()
    assert set(table["category"]) == set(categories())
    assert (table["skills"] >= 0).all()
    assert (table["years"] >= 0).all()
    assert table["test_score"].dropna().between(0, 100).all()
    assert 0 < table["test_score"].isna().mean() < 1


def test_those_who_compete_score_better_but_not_all_of_them():
    table = a_table(n=500)
    scores = table.groupby(table["freelancer_id"].notna())["test_score"]
    assert scores.mean()[True] > scores.mean()[False] + 5
    assert scores.min()[True] < scores.max()[False]


def test_a_market_of_nobody_has_no_signups():
    people, signups = some_signups(0)
    assert len(signups.frame(people, before=DAYS * DAY)) == 0
