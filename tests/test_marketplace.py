"""What a reader of a marketplace may rely on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from matcher.errors import UsageError
from matcher.marketplace import from_frames, read_marketplace, write_marketplace
from matcher.schema import TABLES, Meaning
from tests.marketplace_builders import FORMS, a_freelancer, a_job, a_marketplace, an_event

REAL_DATA = Path(__file__).parents[1].parent / "shared" / "data"
CONSTANT_PROFILE = (
    "1 freelancer known by a single row: the profile is taken as constant, and an overview "
    "edited later is a leak that no code can see"
)
DTYPES = {
    Meaning.ID: "string",
    Meaning.TEXT: "string",
    Meaning.TIME: "datetime64[us, UTC]",
    Meaning.NUMBER: "float64",
    Meaning.KIND: "category",
    Meaning.LIST: "object",
    Meaning.RATINGS: "object",
}


def frames_of(marketplace):
    return {name: getattr(marketplace, name) for name in TABLES}


@pytest.mark.parametrize("form", FORMS)
def test_every_column_is_there_in_order_with_its_type(tmp_path, form):
    marketplace = read_marketplace(a_marketplace(tmp_path, form=form))
    for name, frame in frames_of(marketplace).items():
        assert list(frame.columns) == [column.name for column in TABLES[name]]
        assert isinstance(frame.index, pd.RangeIndex)
        for column in TABLES[name]:
            assert str(frame[column.name].dtype) == DTYPES[column.meaning]
    assert marketplace.warnings == (CONSTANT_PROFILE,)


@pytest.mark.parametrize("form", FORMS)
def test_unknown_is_null_and_never_empty(tmp_path, form):
    unknown = a_freelancer(title="", overview=None, skills=None, languages=[], hourly_rate_usd=None)
    directory = a_marketplace(tmp_path, form=form, freelancers=[unknown, a_freelancer("f2")])
    freelancer = read_marketplace(directory).freelancers.iloc[0]
    assert freelancer["title"] is pd.NA
    assert freelancer["overview"] is pd.NA
    assert freelancer["skills"] is None
    assert freelancer["languages"] == ()
    assert np.isnan(freelancer["hourly_rate_usd"])
    assert freelancer["valid_from"] == freelancer["joined_at"]


@pytest.mark.parametrize("form", FORMS)
def test_values_come_through_as_they_are(tmp_path, form):
    ratings = [{"platform": "Elsewhere", "mean": 4.5, "count": 12}]
    text = '=cmd|calc, "quoted"\r\n<script>alert(1)</script> \u2028 日本語 🧑‍💻\x00' + "x" * 100_000
    rows = {
        "freelancers": [
            a_freelancer("日本/1", portable_ratings=ratings, country="DE", utc_offset_hours=5.75)
        ],
        "jobs": [a_job(description=text, skills=["c++", "node js"], positions=2, payment="fixed")],
        "events": [],
    }
    marketplace = read_marketplace(a_marketplace(tmp_path, form=form, **rows))
    assert marketplace.freelancers["portable_ratings"][0] == tuple(ratings)
    assert marketplace.freelancers["freelancer_id"][0] == "日本/1"
    assert marketplace.freelancers["utc_offset_hours"][0] == 5.75
    assert marketplace.jobs["description"][0] == text
    assert marketplace.jobs["skills"][0] == ("c++", "node js")
    assert marketplace.jobs["positions"][0] == 2


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2024-02-01T10:00:00Z", 0),
        ("2024-02-01T10:00Z", 0),
        ("2024-02-01 15:30:00+05:30", 0),
        ("2024-02-01T05:00:00-0500", 0),
        ("2024-02-01T11:00:00+01", 0),
        ("2024-02-01T10:00:00.5Z", 500_000),
        ("2024-02-01T10:00:00.1234567Z", 123_456),
    ],
)
def test_instants_are_read_in_utc_to_the_microsecond(tmp_path, form, text, microsecond):
    directory = a_marketplace(tmp_path, form=form, jobs=[a_job(posted_at=text)])
    posted_at = datetime(2024, 2, 1, 10, 0, 0, microsecond, tzinfo=UTC)
    assert read_marketplace(directory).jobs["posted_at"][0] == posted_at


def test_parquet_may_hold_other_physical_types(tmp_path):
    a_marketplace(tmp_path, form="parquet", events=[])
    tokyo = pa.timestamp("ns", "Asia/Tokyo")
    table = pa.table(
        {
            "job_id": pa.array([7], pa.uint32()),
            "posted_at": pa.array([1_000_000_999], tokyo),
            "title": pa.array(["go"]).dictionary_encode(),
            "description": pa.array(["x"], pa.string_view()),
            "category": pa.array([np.nan], pa.float64()),
            "skills": pa.array([["go", None, ""]], pa.list_(pa.string(), 3)),
            "budget_usd_min": pa.array([5], pa.decimal128(9, 2)),
            "weeks": pa.array(["3"]),
            "client_id": pa.nulls(1),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "jobs.parquet")
    job = read_marketplace(tmp_path).jobs.iloc[0]
    assert job["job_id"] == "7"
    assert job["posted_at"] == pd.Timestamp(1, unit="s", tz="UTC")
    assert job["title"] == "go"
    assert job["description"] == "x"
    assert job["category"] is pd.NA
    assert job["skills"] == ("go",)
    assert job["budget_usd_min"] == 5
    assert job["weeks"] == 3


def test_rows_come_in_order_of_time_with_ties_by_id(tmp_path):
    later = "2025-01-01T00:00:00Z"
    directory = a_marketplace(
        tmp_path,
        freelancers=[
            a_freelancer("f2"),
            a_freelancer("f1", valid_from=later),
            a_freelancer("f1"),
            a_freelancer("F3"),
        ],
        jobs=[a_job("j1", posted_at=later), a_job("j3"), a_job("j2")],
        events=[an_event("e2"), an_event("e10"), an_event("e1", at=later)],
    )
    marketplace = read_marketplace(directory)
    assert marketplace.freelancers["freelancer_id"].tolist() == ["F3", "f1", "f1", "f2"]
    assert marketplace.freelancers["valid_from"].is_monotonic_increasing is False
    assert marketplace.freelancers["valid_from"][1] < marketplace.freelancers["valid_from"][2]
    assert marketplace.jobs["job_id"].tolist() == ["j2", "j3", "j1"]
    assert marketplace.events["event_id"].tolist() == ["e10", "e2", "e1"]


def test_before_keeps_what_was_known_strictly_before(tmp_path):
    directory = a_marketplace(
        tmp_path,
        freelancers=[
            a_freelancer("f1"),
            a_freelancer("f1", valid_from="2024-03-01T00:00:00Z"),
            a_freelancer("f2", joined_at="2024-03-01T00:00:00Z"),
        ],
        jobs=[a_job("j1"), a_job("j2", posted_at="2024-03-01T00:00:00Z")],
        events=[
            an_event("e1", at="2024-02-29T23:59:59.999999Z"),
            an_event("e2", at="2024-02-02T00:00:00Z", job_id="j2"),
            an_event("e3", at="2024-02-02T00:00:00Z", freelancer_id="f2"),
            an_event("e4", at="2024-03-01T00:00:00Z"),
        ],
    )
    marketplace = read_marketplace(directory)
    known = marketplace.before(datetime(2024, 3, 1, tzinfo=UTC))
    assert known.freelancers["freelancer_id"].tolist() == ["f1"]
    assert known.jobs["job_id"].tolist() == ["j1"]
    assert known.events["event_id"].tolist() == ["e1"]
    assert known.warnings == (CONSTANT_PROFILE,)
    assert isinstance(known.events.index, pd.RangeIndex)
    first = marketplace.jobs["posted_at"].min().to_pydatetime()
    assert marketplace.before(first - timedelta(days=999)).freelancers.empty


def test_before_refuses_an_instant_without_a_time_zone(tmp_path):
    marketplace = read_marketplace(a_marketplace(tmp_path))
    with pytest.raises(UsageError, match="has no time zone; give an aware instant"):
        marketplace.before(datetime(2024, 3, 1))  # noqa: DTZ001


def test_what_is_unlikely_is_a_warning_with_its_count(tmp_path):
    early = "2023-01-01T00:00:00Z"
    directory = a_marketplace(
        tmp_path,
        freelancers=[
            a_freelancer("f1"),
            a_freelancer("f1", joined_at="2024-01-02T00:00:00Z"),
        ],
        jobs=[a_job("j1", closes_at=early), a_job("j2", posted_at="2022-01-01T00:00:00Z")],
        events=[
            an_event("e1"),
            an_event("e2"),
            an_event("e3", kind="paid"),
            an_event("e4", at=early, kind="viewed"),
            an_event("e5", at=early, kind="viewed", job_id="j2"),
        ],
    )
    assert read_marketplace(directory).warnings == (
        "1 event came before the job was posted",
        "2 events came before the freelancer joined",
        "1 hire repeated one: the same freelancer was hired for the same job before",
        "1 freelancer with rows that disagree on joined_at",
        "1 job closed before it was posted, so it is never open",
    )


@pytest.mark.parametrize("form", FORMS)
def test_zero_bytes_are_a_table_of_no_rows(tmp_path, form):
    for name in TABLES:
        (tmp_path / f"{name}.{form}").write_bytes(b"")
    marketplace = read_marketplace(tmp_path)
    for name, frame in frames_of(marketplace).items():
        assert list(frame.columns) == [column.name for column in TABLES[name]]
        assert frame.empty
    assert marketplace.warnings == ()


def test_frames_in_memory_become_the_same_marketplace(tmp_path):
    rows = {
        "freelancers": [a_freelancer(skills=["go"], portable_ratings=[], hourly_rate_usd=3)],
        "jobs": [a_job(weeks=2.5)],
        "events": [an_event(value=9)],
    }
    read = read_marketplace(a_marketplace(tmp_path, **rows))
    frames = {name: pd.DataFrame(table, index=[5]) for name, table in rows.items()}
    frames["jobs"]["posted_at"] = pd.Timestamp("2024-02-01T01:00", tz="Europe/Berlin")
    frames["events"]["at"] = [datetime(2024, 3, 1, tzinfo=UTC)]
    frames["events"]["kind"] = frames["events"]["kind"].astype("category")
    for name, frame in frames_of(from_frames(**frames)).items():
        pd.testing.assert_frame_equal(frame, getattr(read, name))
    for name, frame in frames_of(from_frames(**frames_of(read))).items():
        pd.testing.assert_frame_equal(frame, getattr(read, name))


@pytest.mark.parametrize("name", ["web-platform", "streaming-platform"])
def test_real_marketplaces_are_read_and_come_back(tmp_path, name):
    if not (REAL_DATA / name).is_dir():
        pytest.skip(f"needs the real marketplace {name} in ../shared/data, which is not here")
    marketplace = read_marketplace(REAL_DATA / name)
    assert (marketplace.events["kind"] == "hired").all()
    (warning,) = marketplace.warnings
    assert "known by a single row" in warning
    write_marketplace(marketplace, tmp_path / "out", form="csv")
    for table, frame in frames_of(read_marketplace(tmp_path / "out")).items():
        assert frame.equals(getattr(marketplace, table))
