"""Tables as columns, and profiles as of an instant."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.roster import Freelancers, Jobs, platform_rating
from tests.builders import a_freelancer, a_job, a_market, day, instant


def freelancers_of(*rows) -> Freelancers:
    return Freelancers.of(a_market(freelancers=rows).freelancers)


def test_rows_follow_the_order_of_ids():
    people = freelancers_of(a_freelancer("b"), a_freelancer("B"), a_freelancer("a"))
    assert people.ids == ("B", "a", "b")
    assert [people.rows[name] for name in people.ids] == [0, 1, 2]


def test_the_profile_in_force_began_strictly_before():
    people = freelancers_of(
        a_freelancer("f1", joined=-50, hourly_rate_usd=10),
        a_freelancer("f1", joined=-50, valid_from=day(-20), hourly_rate_usd=20),
        a_freelancer("f2", joined=-5, hourly_rate_usd=30),
    )

    def rates(at: float) -> list[float]:
        versions = people.versions(instant(at))
        return [float(people.rate[v]) if v >= 0 else np.nan for v in versions]

    assert np.isnan(rates(-50)).tolist() == [True, True]
    assert rates(-49)[0] == rates(-20)[0] == 10
    assert rates(-19)[0] == 20
    assert rates(0) == [20, 30]


def test_the_pool_is_who_joined_strictly_before():
    people = freelancers_of(a_freelancer("f1", joined=-1), a_freelancer("f2", joined=0))
    assert people.joined_before(instant()).tolist() == [True, False]
    assert people.joined_before(instant() + 1).tolist() == [True, True]


def test_unknown_fields_stay_unknown():
    people = freelancers_of(a_freelancer())
    figures = (people.rate, people.offset, people.weekly_hours, people.platform_mean)
    assert all(np.isnan(column).all() and column.dtype == np.float32 for column in figures)
    assert people.country.tolist() == [-1]
    assert people.texts == ("",)
    assert people.skills.row_sizes.tolist() == people.languages.row_sizes.tolist() == [0]


def test_skills_are_held_as_they_are_compared():
    people = freelancers_of(a_freelancer(skills=["Go", "go ", "SQL"]))
    assert people.skill_names.names == ("go", "sql")
    assert people.skills.row_sizes.tolist() == [2]


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([{"mean": 4, "count": 3}, {"mean": 5, "count": 1}], ((4 * 3 + 5) / 4, 4)),
        ([{"mean": 4, "count": 0}], (np.nan, 0)),
        ([], (np.nan, 0)),
        (None, (np.nan, 0)),
    ],
)
def test_ratings_from_elsewhere_are_weighed_by_their_count(ratings, expected):
    assert platform_rating(ratings) == pytest.approx(expected, nan_ok=True)


def test_jobs_lie_in_the_order_of_their_posting_with_ties_by_id():
    jobs = Jobs.of(a_market(jobs=[a_job("b"), a_job("a"), a_job("c", posted=-99)]).jobs)
    assert [job.job_id for job in jobs.records] == ["c", "a", "b"]
    assert jobs.posted_at.tolist() == [instant(-99), instant(-30), instant(-30)]
    assert jobs.rows == {"c": 0, "a": 1, "b": 2}


def test_a_job_is_read_whole_and_the_unknown_is_none():
    full = a_job(
        "j1",
        description="d",
        client_id="c",
        category="web",
        skills=["Go"],
        payment="fixed",
        budget_usd_max=5,
        positions=2,
        closes_at=day(9),
        languages=["en"],
    )
    jobs = Jobs.of(a_market(jobs=[full, a_job("j2", title=None)]).jobs)
    one, bare = jobs.records
    assert (one.positions, one.closes_at, one.skills, one.posted_at) == (
        2,
        day(9),
        ("Go",),
        day(-30),
    )
    assert jobs.texts[0] == "web: go api\nd\nSkills: Go"
    assert (bare.title, bare.client_id, bare.budget_usd_max, bare.positions) == (
        "",
        None,
        None,
        None,
    )
    assert jobs.client.tolist() == [0, -1]


def test_empty_tables_are_empty_columns():
    market = a_market()
    people, jobs = Freelancers.of(market.freelancers), Jobs.of(market.jobs)
    assert len(people) == len(jobs) == 0
    assert len(people.versions(instant())) == len(people.joined_before(instant())) == 0
