"""Every rule of the contract, broken on purpose, in every form."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from pandera.config import config_context

from matcher.errors import InvalidMarketplaceError
from matcher.marketplace import from_frames
from tests.marketplace_builders import (
    FORMS,
    a_freelancer,
    a_job,
    a_marketplace,
    an_event,
    refused,
)

A_YEAR_WITHOUT_LEAP = "2023-02-29T00:00:00Z"
CELLS = [
    ("freelancers", "freelancer_id", None, "found null, expected an id"),
    ("freelancers", "freelancer_id", "", "found null, expected an id"),
    ("freelancers", "freelancer_id", "a b", "found 'a b', expected an id"),
    ("freelancers", "freelancer_id", "a\u00a0b", "expected an id"),
    ("freelancers", "freelancer_id", "a\tb", r"found 'a\\tb', expected an id"),
    ("freelancers", "freelancer_id", "a\x07b", r"found 'a\\x07b', expected an id"),
    ("freelancers", "freelancer_id", "x" * 201, r"found 'x+\.\.\., expected an id: 1 to 200"),
    ("freelancers", "joined_at", None, "found null, expected a value"),
    ("freelancers", "valid_from", "soon", "found 'soon', expected an instant"),
    ("freelancers", "hourly_rate_usd", -1, "found -1.0, expected 0 or more"),
    ("freelancers", "country", "de", "found 'de', expected two capital letters"),
    ("freelancers", "country", "DEU", "found 'DEU', expected two capital letters"),
    ("freelancers", "utc_offset_hours", -12.5, "found -12.5, expected -12 to 14"),
    ("freelancers", "utc_offset_hours", 14.25, "found 14.25, expected -12 to 14"),
    ("freelancers", "languages", ["en", "English"], "expected codes of two lowercase letters"),
    ("freelancers", "weekly_hours", 169, "expected 0 to 168"),
    ("freelancers", "portable_ratings", "{", "expected a JSON array"),
    ("freelancers", "portable_ratings", "[1]", "expected a JSON array"),
    ("freelancers", "portable_ratings", '{"a": 1}', "expected a JSON array"),
    ("freelancers", "portable_ratings", "[" * 100_000, "expected a JSON array"),
    ("freelancers", "portable_ratings", '[{"platform":"x","mean":NaN,"count":1}]', "JSON array"),
    ("freelancers", "portable_ratings", '[{"platform":"x","mean":4,"count":1.5}]', "JSON array"),
    ("freelancers", "portable_ratings", '[{"platform":"","mean":4,"count":1}]', "JSON array"),
    ("freelancers", "portable_ratings", '[{"platform":"x","mean":4}]', "JSON array"),
    ("jobs", "posted_at", "2024-01-01T00:00:00", "expected an instant with a time zone"),
    ("jobs", "posted_at", "2024-01-01", "expected an instant with a time zone"),
    ("jobs", "posted_at", A_YEAR_WITHOUT_LEAP, "found '2023-02-29T00:00:00Z', expected an instant"),
    ("jobs", "posted_at", "2024-13-01T00:00:00Z", "expected an instant"),
    ("jobs", "posted_at", "0001-01-01T00:00:00+01:00", "expected an instant"),
    ("jobs", "posted_at", "now()", r"found 'now\(\)', expected an instant"),
    ("jobs", "closes_at", "never", "found 'never', expected an instant"),
    ("jobs", "client_id", "the client", "found 'the client', expected an id: at most 200"),
    ("jobs", "payment", "daily", "found 'daily', expected hourly or fixed"),
    ("jobs", "budget_usd_min", -0.5, "found -0.5, expected 0 or more"),
    ("jobs", "budget_usd_max", "1,000", "found '1,000', expected a finite number"),
    ("jobs", "budget_usd_max", "1e999", "expected a finite number"),
    ("jobs", "budget_usd_max", "nan", "found 'nan', expected a finite number"),
    ("jobs", "budget_usd_max", "0x10", "expected a finite number"),
    ("jobs", "weeks", -1, "expected 0 or more"),
    ("jobs", "positions", 0, "found 0.0, expected a whole number from 1 up"),
    ("jobs", "positions", 1.5, "found 1.5, expected a whole number from 1 up"),
    ("events", "kind", "hire", "found 'hire', expected one of shown, viewed"),
    ("events", "kind", None, "found null, expected one of shown, viewed"),
    ("events", "job_id", "j2", "found 'j2', expected a job_id of the jobs table"),
    ("events", "freelancer_id", "f2", "found 'f2', expected a freelancer_id of the freelancers"),
    ("events", "decision_id", "d 1", "expected an id: at most 200"),
    ("events", "position", 0, "expected a whole number from 1 up"),
    ("events", "propensity", 0, "found 0.0, expected above 0 and at most 1"),
    ("events", "propensity", 1.01, "found 1.01, expected above 0 and at most 1"),
    ("events", "value", -1, "found -1.0, expected 0 USD or more for hired and paid"),
]
BUILDERS = {"freelancers": a_freelancer, "jobs": a_job, "events": an_event}


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl.gz"])
@pytest.mark.parametrize(("table", "column", "cell", "told"), CELLS)
def test_a_bad_cell_is_refused_where_it_stands(tmp_path, form, table, column, cell, told):
    rows = {table: [BUILDERS[table](**{column: cell})]}
    if table != "events":
        rows["events"] = []
    error = refused(a_marketplace(tmp_path, form=form, **rows))
    assert error.total == 1
    violation = error.violations[0]
    assert (violation.table, violation.row, violation.column) == (table, 1, column)
    assert re.search(told, str(violation))
    assert violation.remedy in str(error)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["rated_freelancer", "rated_client", "rated_private"])
@pytest.mark.parametrize("value", [None, -0.5, 10.5])
def test_a_rating_is_known_and_in_range(tmp_path, form, kind, value):
    events = [an_event("e0"), an_event("e1", kind=kind, value=value)]
    (violation,) = refused(a_marketplace(tmp_path, form=form, events=events)).violations
    assert (violation.row, violation.column) == (2, "value")
    assert kind in violation.expected


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("tables", "column"),
    [
        ({"events": [an_event(), an_event()]}, "event_id"),
        ({"jobs": [a_job(), a_job()]}, "job_id"),
        ({"freelancers": [a_freelancer(), a_freelancer()]}, "valid_from"),
        (
            {
                "freelancers": [
                    a_freelancer(valid_from="2024-01-01T01:00:00+01:00"),
                    a_freelancer(valid_from=None),
                ]
            },
            "valid_from",
        ),
        ({"jobs": [a_job("j1"), a_job("j2", budget_usd_min=2, budget_usd_max=1)]}, None),
    ],
)
def test_rows_that_contradict_are_refused(tmp_path, form, tables, column):
    (violation,) = refused(a_marketplace(tmp_path, form=form, **tables)).violations
    assert violation.row == 2
    assert violation.column == (column or "budget_usd_min")


@pytest.mark.parametrize("form", FORMS)
def test_a_missing_required_column_is_refused(tmp_path, form):
    rows = [{key: cell for key, cell in a_job().items() if key != "title"}]
    (violation,) = refused(a_marketplace(tmp_path, form=form, jobs=rows)).violations
    assert (violation.table, violation.row, violation.column) == ("jobs", None, "title")


def test_a_missing_table_is_refused_without_blaming_the_events(tmp_path):
    a_marketplace(tmp_path, form="csv")
    (tmp_path / "jobs.csv").unlink()
    (violation,) = refused(tmp_path).violations
    assert violation.table == "jobs"
    assert "jobs.parquet" in violation.expected


def test_two_forms_of_a_table_are_refused(tmp_path):
    a_marketplace(tmp_path, form="csv")
    (tmp_path / "jobs.csv.gz").write_bytes(b"")
    (violation,) = refused(tmp_path).violations
    assert violation.value == "jobs.csv and jobs.csv.gz"


def test_a_directory_in_the_place_of_a_table_is_refused(tmp_path):
    a_marketplace(tmp_path, form="csv")
    (tmp_path / "jobs.csv").unlink()
    (tmp_path / "jobs.csv").mkdir()
    assert refused(tmp_path).violations[0].expected == "a regular file"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("title", 1.5),
        ("title", True),
        ("title", ["go"]),
        ("title", "\ud800"),
        ("posted_at", 1_700_000_000),
        ("skills", "go"),
        ("skills", [1]),
        ("skills", {"go": 1}),
        ("skills", [["go"]]),
        ("weeks", True),
        ("weeks", "three"),
        ("weeks", [3]),
        ("weeks", 10**400),
        ("job_id", False),
    ],
)
def test_json_of_another_type_is_refused_once(tmp_path, column, cell):
    a_marketplace(tmp_path, jobs=[a_job("j1"), a_job("j2") | {column: cell}], events=[])
    (violation,) = refused(tmp_path).violations
    assert (violation.row, violation.column) == (2, column)


def test_a_column_name_twice_is_refused(tmp_path):
    a_marketplace(tmp_path, form="csv", events=[])
    text = "job_id,posted_at,title,title\nj1,2024-01-01T00:00Z,a,b\n"
    (tmp_path / "jobs.csv").write_text(text)
    assert refused(tmp_path).violations[0].column == "title"


def test_far_too_many_columns_are_refused(tmp_path):
    a_marketplace(tmp_path, jobs=[a_job(f"j{n}") | {f"x{n}": n} for n in range(1_001)], events=[])
    assert "1,000 columns" in str(refused(tmp_path))


def test_all_violations_are_counted_and_the_first_twenty_told(tmp_path):
    a_marketplace(
        tmp_path,
        form="csv",
        freelancers=[a_freelancer(), a_freelancer("f2", country="x")],
        jobs=[a_job(f"j{n}", weeks=-1, payment="barter") for n in range(30)],
        events=[an_event(f"e{n}", propensity=2) for n in range(40)],
    )
    error = refused(tmp_path)
    assert error.total == 1 + 2 * 30 + 40
    assert len(error.violations) == 20
    assert [violation.table for violation in error.violations[:2]] == ["freelancers", "jobs"]
    assert [violation.row for violation in error.violations[1:4]] == [1, 1, 2]
    assert "101 violations (the first 20 follow)" in str(error)
    assert error.exit_code == 3


def test_a_refusal_shows_no_raw_control_characters(tmp_path):
    a_marketplace(tmp_path, jobs=[a_job("j1", payment="\x1b[31m\u202ered" * 99)], events=[])
    error = refused(tmp_path)
    assert "\x1b" not in str(error)
    assert "\u202e" not in str(error)
    assert len(str(error)) < 500


def test_frames_in_memory_meet_the_same_rules():
    frames = {
        "freelancers": pd.DataFrame([a_freelancer()]),
        "jobs": pd.DataFrame([a_job()]).assign(posted_at=pd.Timestamp("2024-01-01")),
        "events": pd.DataFrame([an_event()]),
    }
    with pytest.raises(InvalidMarketplaceError, match="without a time zone"):
        from_frames(**frames)


def test_checks_cannot_be_switched_off_by_the_environment(tmp_path):
    a_marketplace(tmp_path, jobs=[a_job(weeks=-1)])
    with config_context(validation_enabled=False):
        assert refused(tmp_path).total == 1
