"""Pay in a brief: what is offered per hour or in total, and the many sums that are no pay."""

from __future__ import annotations

import pytest

from matcher.reading.money import pay


@pytest.mark.parametrize(
    ("text", "payment", "low", "high"),
    [
        ("Logo for a bakery, $30-50/hr", "hourly", 30, 50),
        ("We pay $30 - $50 per hour.", "hourly", 30, 50),
        ("30\u201350 USD/hour", "hourly", 30, 50),
        ("USD 45 an hour", "hourly", None, 45),
        ("US$45/h, remote", "hourly", None, 45),
        ("I can pay up to 40 an hour", "hourly", None, 40),
        ("between 20 and 30 per hour", "hourly", 20, 30),
        ("at least $60/hour for the right person", "hourly", 60, None),
        ("$60+/hr", "hourly", 60, None),
        ("Hourly rate: $25", "hourly", None, 25),
        ("25 dollars hourly", "hourly", None, 25),
        ("Budget: $2,000 fixed", "fixed", None, 2000),
        ("budget: $1.5k-2.5k", "fixed", 1500, 2500),
        ("2-3k USD for the whole project", "fixed", 2000, 3000),
        ("Landing page\n2k USD", "fixed", None, 2000),
        ("A shop. 2k USD.", "fixed", None, 2000),
        ("fixed price $150", "fixed", None, 150),
        ("We pay $400 in total", "fixed", None, 400),
        ("max budget 1 500 USD", "fixed", None, 1500),
        ("Budget is $300, $300 and not more", "fixed", None, 300),
    ],
)
def test_what_is_offered_is_read(text, payment, low, high):
    found = pay(text)
    assert found is not None
    assert (found.payment, found.low, found.high) == (payment, low, high)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We are a $5M company",
        "a $5 million company with a budget",
        "We raised $500,000 last year",
        "our revenue of $20,000 a month",
        "Our monthly marketing budget is $20,000",
        "customers pay $500 for it",
        "hosting costs us $300",
        "€40/hour",
        "40 EUR/hour",
        "C$50/hr",
        "$50 CAD per hour",
        "CAD $50/hr",
        "£2,000 fixed",
        "$3,000 per month",
        "$60,000/year",
        "$15 per article",
        "$500 a week",
        "budget $30",  # per hour, or in all?
        "10 hours ago",
        "100 km/h winds",
        "up to 40 requests per hour",
        "process 300 an hour",
        "$0/hr",
        "$9999/hr",
        "$50-30/hr",
        "junior $20/hr, senior $50/hr",
        "either $30/hr or $2,000 fixed",
        "version 2.000 USD edition",
        "win a prize of $1,000",
        "$100%",
        "call 555-1234",
    ],
)
def test_nothing_is_said_of_a_sum_that_may_be_no_pay(text):
    assert pay(text) is None


def test_the_place_is_the_sum_and_its_unit():
    text = "Poster 🦊 for $30-50/hr, soon"
    found = pay(text)
    assert found is not None
    assert text[found.found.start : found.found.end] == "$30-50/hr"
    assert found.found.value == "30-50 USD/hour"
