"""Profiles are edited now and then, dearer each time, and keep much to themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.simulate.agencies import draw_agencies
from training.simulate.people import DAY, draw_people
from training.simulate.profiles import Profiles
from training.simulate.vocabulary import skills


def some_profiles(n: int = 30) -> Profiles:
    people = draw_people(n, days=90, founders=1.0, pay_gap=0.0, rng=np.random.default_rng(0))
    return Profiles(
        people, draw_agencies(people, np.random.default_rng(1)), np.random.default_rng(2)
    )


def listed(edition: object) -> set[str]:
    """Names of the skills in an edition's column."""
    names = {spelling: name for name, skill in skills().items() for spelling in skill.spellings}
    return {names[spelling] for spelling in edition["skills"] or ()}


def test_editions_have_distinct_times_from_joining_on(market):
    editions = market.freelancers.sort_values(["freelancer_id", "valid_from"])
    assert not editions.duplicated(["freelancer_id", "valid_from"]).any()
    assert (editions["valid_from"] >= editions["joined_at"]).all()
    first = editions.drop_duplicates("freelancer_id")
    assert (first["valid_from"] == first["joined_at"]).all()
    assert (editions.groupby("freelancer_id")["joined_at"].nunique() == 1).all()


def test_rates_only_rise(market):
    editions = market.freelancers.sort_values(["freelancer_id", "valid_from"])
    raises = editions.groupby("freelancer_id")["hourly_rate_usd"].diff().dropna()
    assert len(raises) > 10
    assert (raises > 0).all()


def test_a_rate_that_was_hidden_stays_hidden(market):
    per_person = market.freelancers.groupby("freelancer_id")["hourly_rate_usd"]
    assert ((per_person.count() == 0) | (per_person.count() == per_person.size())).all()


@pytest.mark.parametrize(
    "column",
    [
        "title",
        "overview",
        "skills",
        "hourly_rate_usd",
        "country",
        "utc_offset_hours",
        "languages",
        "weekly_hours",
        "portable_ratings",
        "agency_id",
    ],
)
def test_any_field_may_be_missing(market, column):
    assert 0 < market.freelancers[column].isna().mean() < 0.8


def test_everybody_is_of_one_group_or_the_other(market):
    people = market.freelancers.drop_duplicates("freelancer_id")
    assert set(people["group"]) == {"a", "b"}
    assert 0.4 < (people["group"] == "a").mean() < 0.6


def test_an_agency_has_members_and_nobody_changes_agency_or_group(market):
    people = market.freelancers.groupby("freelancer_id")[["agency_id", "group"]].nunique()
    assert (people <= 1).all(axis=None)
    sizes = market.freelancers.drop_duplicates("freelancer_id")["agency_id"].value_counts()
    assert sizes.median() >= 2


def test_ids_tell_nobody_who_joined_first(market):
    people = market.freelancers.drop_duplicates("freelancer_id").sort_values("freelancer_id")
    order = people["joined_at"].rank().to_numpy()
    assert abs(np.corrcoef(np.arange(len(order)), order)[0, 1]) < 4 / np.sqrt(len(order))


def test_an_edit_adds_an_edition_and_leaves_the_first_as_it_was():
    profiles = some_profiles()
    before = dict(profiles.editions[0][0])
    profiles.edit(0, 50 * DAY, 77.0, np.random.default_rng(0))
    assert len(profiles.editions[0]) == 2
    assert profiles.editions[0][0] == before
    assert profiles.editions[0][1]["valid_from"] == 50 * DAY
    assert profiles.editions[0][1]["joined_at"] == before["joined_at"]
    assert [len(editions) for editions in profiles.editions[1:]] == [1] * 29


def test_an_edit_shows_the_rate_where_one_was_shown():
    profiles = some_profiles()
    for i in range(30):
        profiles.edit(i, 50 * DAY, 77.0, np.random.default_rng(i))
    for first, second in profiles.editions:
        shown = first["hourly_rate_usd"] is not None
        assert second["hourly_rate_usd"] == (77.0 if shown else None)


def test_skills_are_added_and_none_is_taken_back():
    profiles = some_profiles()
    for i in range(30):
        profiles.edit(i, 50 * DAY, 77.0, np.random.default_rng(i))
    both = [(listed(a), listed(b)) for a, b in profiles.editions if a["skills"] and b["skills"]]
    assert all(first <= second for first, second in both)
    assert any(first < second for first, second in both)


def test_an_edition_is_known_from_its_instant_on():
    profiles = some_profiles()
    profiles.edit(0, 50 * DAY, 77.0, np.random.default_rng(0))
    assert len(profiles.rows(before=50 * DAY)) == 30
    assert len(profiles.rows(before=50 * DAY + 1)) == 31


def test_whoever_has_not_joined_has_no_profile_yet():
    assert some_profiles().rows(before=0) == []


def test_claims_are_the_skills_of_the_latest_edition():
    profiles = some_profiles()
    for i in range(30):
        for day in (50, 60, 70):
            profiles.edit(i, day * DAY, 77.0, np.random.default_rng([i, day]))
    names = np.array(list(skills()))
    for i, editions in enumerate(profiles.editions):
        assert set(names[profiles.claims[:, i]]) == listed(editions[-1])


def test_profiles_overstate_and_understate():
    people = draw_people(300, days=90, founders=1.0, pay_gap=0.0, rng=np.random.default_rng(0))
    agencies = draw_agencies(people, np.random.default_rng(1))
    claims = Profiles(people, agencies, np.random.default_rng(2)).claims
    listing = claims.any(axis=0)
    strong = people.strength[:, listing] > 0.5
    assert (claims[:, listing] & ~strong).sum() > 300
    assert (~claims[:, listing] & strong).sum() > 300
    assert (claims[:, listing] & strong).sum() > (claims[:, listing] & ~strong).sum()


def test_the_same_people_write_differently_with_other_luck():
    people = draw_people(30, days=90, founders=1.0, pay_gap=0.0, rng=np.random.default_rng(0))
    agencies = draw_agencies(people, np.random.default_rng(1))
    one, other = (
        Profiles(replace(people), agencies, np.random.default_rng(seed)).editions for seed in (2, 3)
    )
    assert one != other
