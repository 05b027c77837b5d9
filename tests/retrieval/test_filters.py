"""Hard filters: inclusive bounds, and the unknown fails."""

from __future__ import annotations

import pytest

from matcher.retrieval.filters import Filters, Span
from matcher.roster import Freelancers
from tests.builders import a_freelancer, a_market, day, instant

PEOPLE = [
    a_freelancer(
        "full",
        hourly_rate_usd=60,
        utc_offset_hours=-3,
        weekly_hours=20,
        country="DE",
        languages=["de", "en"],
        skills=["Go", "SQL"],
    ),
    a_freelancer(
        "other",
        hourly_rate_usd=61,
        utc_offset_hours=4,
        weekly_hours=19,
        country="US",
        languages=["en"],
        skills=["figma", "sql"],
    ),
    a_freelancer("unknown"),
    a_freelancer("later", joined=1, hourly_rate_usd=1, country="DE"),
]


def passing(filters: Filters, people=PEOPLE, *, at: float = 0) -> tuple[list[str], dict[str, int]]:
    freelancers = Freelancers.of(a_market(freelancers=people).freelancers)
    allowed, excluded = filters.apply(
        freelancers,
        versions=freelancers.versions(instant(at)),
        joined=freelancers.joined_before(instant(at)),
    )
    return [name for name, passes in zip(freelancers.ids, allowed, strict=True) if passes], dict(
        excluded
    )


@pytest.mark.parametrize(
    ("filters", "name"),
    [
        (Filters(hourly_rate_usd=Span(lte=60)), "hourly_rate_usd"),
        (Filters(utc_offset_hours=Span(gte=-3, lte=3)), "utc_offset_hours"),
        (Filters(weekly_hours=Span(gte=20)), "weekly_hours"),
        (Filters(country_in=frozenset({"DE", "AT"})), "country"),
        (Filters(languages_all=frozenset({"de", "en"})), "languages"),
        (Filters(skills_all=frozenset({" GO", "sql"})), "skills_all"),
        (Filters(skills_any=frozenset({"go", "php"})), "skills_any"),
    ],
)
def test_one_passes_one_fails_and_the_unknown_fails_and_is_counted(filters, name):
    assert passing(filters) == (["full"], {name: 1, f"{name}_unknown": 1})


def test_without_filters_everyone_who_has_joined_passes():
    assert passing(Filters()) == (["full", "other", "unknown"], {})
    assert passing(Filters(), at=2)[0] == ["full", "later", "other", "unknown"]


def test_the_excluded_are_named():
    exclude = Filters(exclude=frozenset({"other", "nobody", "later"}))
    assert passing(exclude) == (["full", "unknown"], {"exclude": 1})


def test_a_person_counts_under_every_filter_that_excludes_them():
    both = Filters(hourly_rate_usd=Span(lte=60), country_in=frozenset({"DE"}))
    assert passing(both)[1] == {
        "hourly_rate_usd": 1,
        "hourly_rate_usd_unknown": 1,
        "country": 1,
        "country_unknown": 1,
    }


@pytest.mark.parametrize(
    "filters",
    [
        Filters(country_in=frozenset({"FR"})),
        Filters(country_in=frozenset()),
        Filters(skills_all=frozenset({"go", "cobol"})),
        Filters(skills_any=frozenset({"cobol", "fortran"})),
        Filters(languages_all=frozenset({"en", "fr"})),
    ],
)
def test_nobody_has_what_nobody_lists(filters):
    assert passing(filters)[0] == []


def test_the_profile_in_force_decides():
    people = [
        a_freelancer("f", hourly_rate_usd=10),
        a_freelancer("f", valid_from=day(-9), hourly_rate_usd=90),
    ]
    cheap = Filters(hourly_rate_usd=Span(lte=50))
    assert passing(cheap, people, at=-9)[0] == ["f"]
    assert passing(cheap, people)[0] == []


def test_whoever_has_joined_without_a_profile_in_force_fails():
    people = [a_freelancer("f", joined=-9, valid_from=day(9), hourly_rate_usd=10)]
    cheap = Filters(hourly_rate_usd=Span(lte=50), country_in=frozenset({"DE"}))
    assert passing(cheap, people) == ([], {"hourly_rate_usd_unknown": 1, "country_unknown": 1})
    assert passing(Filters(), people)[0] == ["f"]


def test_no_market_is_no_error():
    assert passing(Filters(hourly_rate_usd=Span(lte=50), skills_any=frozenset({"go"})), []) == (
        [],
        {},
    )
