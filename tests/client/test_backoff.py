"""Waits grow, spread, end somewhere, and are at least as long as was asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.client.backoff import Backoff
from tests.client.services import Waits

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)


def test_a_wait_may_take_twice_as_long_as_the_one_before_up_to_the_longest():
    waits = Waits()
    for attempt in (0, 1, 2, 3, 20, 100_000):
        waits.backoff.wait(attempt)
    assert waits.slept == [0.2, 0.4, 0.8, 1.6, 10, 10]


def test_a_wait_is_drawn_from_nothing_to_the_most():
    waits = Waits(Random(7).uniform)  # noqa: S311  (no secret is drawn)
    for _ in range(1000):
        waits.backoff.wait(0)
    assert 0 <= min(waits.slept) < 0.02
    assert 0.18 < max(waits.slept) <= 0.2


def test_what_was_asked_for_is_waited_before_the_jitter():
    waits = Waits()
    waits.backoff.wait(0, asked_s=7)
    assert waits.slept == [7.2]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        (" 12 ", 12),
        ("Sat, 01 Jun 2024 12:00:30 GMT", 30),
        ("Sat, 01 Jun 2024 12:00:30 -0000", 30),
        ("Sat, 01 Jun 2024 11:00:00 GMT", 0),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("9" * 5000, None),
        ("Sat, 99 Jun 2024 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, expected):
    assert Backoff(clock=lambda: NOON).asked_s(header) == expected


@given(st.text(max_size=50))
def test_no_header_breaks_it(text):
    asked = Backoff(clock=lambda: NOON).asked_s(text)
    assert asked is None or asked >= 0
