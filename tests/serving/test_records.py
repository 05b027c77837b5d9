"""A job as it is handed in, without the web."""

from __future__ import annotations

import pytest

from matcher.domain import Job
from matcher.errors import InvalidRecordError
from matcher.records import SHOWN, read_job


def test_unknown_is_null_or_absent():
    assert read_job({"title": "go", "skills": None, "weeks": None}) == Job(title="go")


def test_a_title_of_null_says_nothing():
    assert read_job({"title": None}) == Job(title="")


def test_times_come_out_in_utc():
    job = read_job({"title": "go", "posted_at": "2024-05-01T02:00:00+02:00"})
    assert job.posted_at is not None
    assert job.posted_at.isoformat() == "2024-05-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (7, "found 7, expected an object"),
        ({}, "title: found nothing, expected a value"),
        ({"title": "go", "posted_at": "2024-05-01T00:00:00"}, "posted_at: .*timezone"),
        ({"title": "go", "job_id": "a b"}, "job_id: found 'a b', expected an id"),
        ({"title": "go", "weeks": float("nan")}, "weeks: found nan, expected a finite number"),
    ],
)
def test_a_refusal_names_field_value_and_expectation(content, said):
    with pytest.raises(InvalidRecordError, match=said):
        read_job(content)


def test_only_the_first_complaints_are_told():
    with pytest.raises(InvalidRecordError, match="x0: ") as refusal:
        read_job({"title": "go", **{f"x{i}": 1 for i in range(100)}})
    assert str(refusal.value).count("expected") == SHOWN
