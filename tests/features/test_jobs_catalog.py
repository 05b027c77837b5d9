"""One contract for every feature of a job for a freelancer, on rich, poor and empty lists."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from features import FEATURES
from features.feature import COMPARE
from matcher.jobs.frame import JobsFrame
from matcher.ranking.baseline import JOBS_WEIGHTS
from tests.builders import (
    a_busy_market,
    a_freelancer,
    a_job,
    a_jobs_engine,
    a_market,
    an_event,
    instant,
)

JOBS = FEATURES.jobs
EVERY_FEATURE = pytest.mark.parametrize(
    "feature", JOBS.features, ids=[feature.name for feature in JOBS.features]
)


def frame_of(engine, who: str) -> JobsFrame:
    query = engine.ask(who, as_of=instant())
    return engine.frame(query, engine.retrieve(query))


@cache
def rich() -> tuple[JobsFrame, ...]:
    """What people of a busy market are shown, an invitation among it."""
    market = a_busy_market()
    jobs = [{**row, "positions": 90, "languages": row["languages"]} for row in market.jobs]
    invited = [an_event("invited", str(row["job_id"]), "f003", at=-1) for row in jobs[::7]]
    engine = a_jobs_engine(
        a_market(freelancers=market.freelancers, jobs=jobs, events=[*market.events, *invited])
    )
    joined = engine.snapshot.freelancers.joined_before(instant())
    return tuple(
        frame_of(engine, engine.snapshot.freelancers.ids[row]) for row in np.flatnonzero(joined)
    )


@cache
def poor() -> JobsFrame:
    """Somebody of whom nothing but the id is known, before jobs of whom nothing but a title is."""
    return frame_of(
        a_jobs_engine(a_market(freelancers=[a_freelancer()], jobs=[a_job("a"), a_job("b")])), "f1"
    )


@cache
def empty() -> JobsFrame:
    return frame_of(a_jobs_engine(a_market(freelancers=[a_freelancer()])), "f1")


@EVERY_FEATURE
def test_every_feature_keeps_its_promises(feature):
    for frame in (*rich(), poor(), empty()):
        values = feature(frame)
        finite = values[np.isfinite(values)]
        assert values.shape == (len(frame),)
        assert values.dtype == np.float32
        assert not np.isinf(values).any()
        assert np.all((feature.low <= finite) & (finite <= feature.high))


@EVERY_FEATURE
def test_every_feature_is_documented(feature):
    assert feature.doc.endswith(".")
    assert feature.unit
    assert feature.family
    assert feature.low < feature.high


@EVERY_FEATURE
def test_every_feature_has_words_for_any_value(feature):
    for value in (feature.low if np.isfinite(feature.low) else -3.0, 0.0, 0.7, np.nan):
        said = JOBS.phrase(feature.name, value)
        assert said
        assert "{" not in said
        assert "nan" not in said.split()


@EVERY_FEATURE
def test_rich_lists_tell_jobs_apart(feature):
    assert len({value for frame in rich() for value in feature(frame).tolist()}) > 1


def test_names_are_unique_and_every_weight_is_a_column():
    assert len(set(JOBS.names)) == len(JOBS.names) == len(JOBS.monotone())
    assert JOBS_WEIGHTS.keys() <= set(JOBS.names)


def test_the_matrix_is_made_column_by_column():
    frame = rich()[3]
    matrix = JOBS.transform(frame)
    column = dict(zip(JOBS.names, matrix.T, strict=True))
    assert (matrix.dtype, matrix.shape) == (np.float32, (len(frame), len(JOBS.names)))
    for feature in JOBS.features:
        values = feature(frame)
        np.testing.assert_array_equal(column[feature.name], values)
        for how in feature.against:
            np.testing.assert_array_equal(column[f"{feature.name}_{how}"], COMPARE[how](values))


def test_a_catalog_of_the_other_direction_alone_changes_the_fingerprint():
    without = type(FEATURES)(FEATURES.features)
    assert without.fingerprint != FEATURES.fingerprint
    assert without.jobs.names == ()


def column(name: str, frame: JobsFrame) -> dict[str, float]:
    (feature,) = (one for one in JOBS.features if one.name == name)
    ids = [frame.snapshot.jobs.records[row].job_id or "" for row in frame.rows]
    return dict(zip(ids, feature(frame).tolist(), strict=True))


def listed(jobs, *, events=(), **profile) -> JobsFrame:
    people = [a_freelancer("f1", **profile), a_freelancer("f2"), a_freelancer("f3")]
    return frame_of(a_jobs_engine(a_market(freelancers=people, jobs=jobs, events=events)), "f1")


def test_skills_are_covered_whatever_their_spelling():
    jobs = [a_job("half", skills=["GO ", "sql"]), a_job("none", skills=["cobol"]), a_job("bare")]
    frame = listed(jobs, skills=["go", "unheard of"])
    assert column("skill_coverage", frame) == pytest.approx(
        {"half": 0.5, "none": 0, "bare": np.nan}, nan_ok=True
    )
    assert column("missing_skills", frame) == pytest.approx(
        {"half": 1, "none": 1, "bare": np.nan}, nan_ok=True
    )


def test_a_rate_is_set_against_hourly_pay_alone():
    jobs = [
        a_job("hourly", payment="hourly", budget_usd_max=40.0),
        a_job("least", payment="hourly", budget_usd_min=10.0),
        a_job("fixed", payment="fixed", budget_usd_max=40.0),
        a_job("free", payment="hourly", budget_usd_max=0.0),
    ]
    assert column("rate_to_budget", listed(jobs, hourly_rate_usd=20.0)) == pytest.approx(
        {"hourly": 0.5, "least": 2, "fixed": np.nan, "free": np.nan}, nan_ok=True
    )


def test_days_and_applicants_are_counted_up_to_the_instant():
    events = [an_event("applied", "a", who, at=at) for who, at in (("f2", -1), ("f3", 0))]
    frame = listed([a_job("a", posted=-2), a_job("b", posted=-0.5)], events=events)
    assert column("applicants", frame) == {"a": 1, "b": 0}
    assert column("days_since_posted", frame) == {"a": 2, "b": 0.5}


def test_working_hours_wrap_around_the_date_line():
    jobs = [a_job("near", utc_offset_hours=-12.0), a_job("far", utc_offset_hours=0.0)]
    assert column("shared_hours", listed(jobs, utc_offset_hours=12.0)) == {"near": 8, "far": 0}
