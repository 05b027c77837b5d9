"""Agencies are of one trade, and nobody works for two."""

from __future__ import annotations

import numpy as np
import pytest

from training.simulate.agencies import Agencies, draw_agencies
from training.simulate.niches import category_of_niche
from training.simulate.people import People, draw_people


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(2_000, days=90, founders=0.5, pay_gap=0.0, rng=np.random.default_rng(0))


@pytest.fixture(scope="module")
def agencies(people: People) -> Agencies:
    return draw_agencies(people, np.random.default_rng(0))


def test_the_members_are_those_who_say_so(agencies):
    found = {row: np.flatnonzero(agencies.of == row).tolist() for row in range(len(agencies.ids))}
    assert {row: rows.tolist() for row, rows in agencies.members.items()} == found
    assert len(set(agencies.ids)) == len(agencies.ids)


def test_everybody_has_the_id_of_their_agency_or_none(agencies):
    for row, agency in enumerate(agencies.of):
        assert agencies.id_of(row) == (None if agency < 0 else agencies.ids[agency])
    assert 0 < np.mean(agencies.of >= 0) < 1


def test_an_agency_keeps_to_one_trade(people, agencies):
    trade = category_of_niche()[people.niche]
    assert all(len(set(trade[rows])) == 1 for rows in agencies.members.values())


def test_an_agency_has_two_people_at_least(agencies):
    assert min(map(len, agencies.members.values())) >= 2


def test_without_people_there_are_no_agencies():
    nobody = draw_people(0, days=9, founders=0.5, pay_gap=0.0, rng=np.random.default_rng(0))
    assert draw_agencies(nobody, np.random.default_rng(0)).ids == ()
