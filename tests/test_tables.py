"""The forms of a table hold the same content, however it is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from matcher.marketplace import from_frames, read_marketplace, write_marketplace
from matcher.schema import EVENT_KINDS, TABLES
from tests.marketplace_builders import FORMS, a_freelancer, a_job, a_marketplace, an_event

texts = st.none() | st.text(min_size=1, max_size=20)
numbers = st.none() | st.floats(0, 1e12, allow_subnormal=False) | st.integers(0, 2**53)
items = st.text(st.characters(exclude_characters="|", codec="utf-8"), min_size=1, max_size=9)
lists = st.none() | st.lists(items, max_size=3)
ids = st.text(
    st.characters(exclude_categories=["Z", "Cc", "Cs"], exclude_characters=""),
    min_size=1,
    max_size=12,
)
instants = st.datetimes(
    min_value=pd.Timestamp("0002-01-01").to_pydatetime(),
    max_value=pd.Timestamp("9998-01-01").to_pydatetime(),
).map(lambda instant: instant.isoformat() + "Z")
ratings = st.none() | st.lists(
    st.fixed_dictionaries(
        {"platform": items, "mean": st.floats(0, 100), "count": st.integers(0, 2**31)}
    ),
    max_size=2,
)
jobs = st.builds(
    a_job,
    ids,
    posted_at=instants,
    title=texts,
    description=texts,
    skills=lists,
    weeks=numbers,
    closes_at=st.none() | instants,
    tags=texts,
)
freelancers = st.builds(
    a_freelancer,
    ids,
    joined_at=instants,
    overview=texts,
    skills=lists,
    hourly_rate_usd=numbers,
    portable_ratings=ratings,
)


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    st.lists(jobs, min_size=1, max_size=3, unique_by=lambda job: job["job_id"]),
    st.lists(freelancers, min_size=1, max_size=3, unique_by=lambda row: row["freelancer_id"]),
    st.lists(st.sampled_from(EVENT_KINDS), max_size=3),
)
def test_content_survives_every_form(jobs, freelancers, kinds):
    events = [
        an_event(
            f"e{n}",
            kind=kind,
            value=3,
            job_id=jobs[0]["job_id"],
            freelancer_id=freelancers[0]["freelancer_id"],
        )
        for n, kind in enumerate(kinds)
    ]
    marketplace = from_frames(
        freelancers=pd.DataFrame(freelancers),
        jobs=pd.DataFrame(jobs),
        events=pd.DataFrame(events, columns=[column.name for column in TABLES["events"]]),
    )
    with tempfile.TemporaryDirectory() as directory:
        for form in ("csv", "jsonl", "parquet"):
            write_marketplace(marketplace, Path(directory) / form, form=form)
            marketplace_again = read_marketplace(Path(directory) / form)
            for name in TABLES:
                again = getattr(marketplace_again, name)[list(getattr(marketplace, name).columns)]
                pd.testing.assert_frame_equal(again, getattr(marketplace, name), check_exact=True)


@pytest.mark.parametrize("form", FORMS)
def test_columns_of_others_are_kept(tmp_path, form):
    jobs = [a_job("j1", source="a", note="x|y"), a_job("j2", source="b", note=None)]
    marketplace = read_marketplace(a_marketplace(tmp_path / "in", form=form, jobs=jobs))
    write_marketplace(marketplace, tmp_path / "out", form=form)
    again = read_marketplace(tmp_path / "out").jobs
    assert list(again.columns[-2:]) == ["source", "note"]
    assert again["source"].tolist() == ["a", "b"]
    assert again["note"].tolist() == ["x|y", pd.NA]


def test_columns_of_others_keep_their_types_in_parquet_and_jsonl(tmp_path):
    jobs = [
        a_job("j1", n=1, flag=True, tree={"a": [1, 2]}, mixed=1, huge=10**30),
        a_job("j2", n=2, flag=False, tree=None, mixed="one", huge=None),
    ]
    marketplace = read_marketplace(a_marketplace(tmp_path / "in", jobs=jobs))
    for form in ("parquet", "jsonl", "csv"):
        write_marketplace(marketplace, tmp_path / form, form=form)
    for form in ("parquet", "jsonl"):
        again = read_marketplace(tmp_path / form).jobs
        pd.testing.assert_frame_equal(again, marketplace.jobs)
    assert read_marketplace(tmp_path / "csv").jobs["tree"][0] == '{"a":[1,2]}'


def test_what_is_nested_too_deep_for_parquet_is_kept_as_json_text(tmp_path):
    tree = [[[]]]
    for _ in range(500):
        tree = [tree]
    marketplace = read_marketplace(a_marketplace(tmp_path / "in", jobs=[a_job(tree=tree)]))
    write_marketplace(marketplace, tmp_path / "out")
    assert read_marketplace(tmp_path / "out").jobs["tree"][0] == "[" * 503 + "]" * 503


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_of_other_tools_is_read(tmp_path, break_, mark):
    a_marketplace(tmp_path, form="csv", events=[])
    lines = ["job_id,posted_at,title,skills", '"j1",2024-01-01T00:00:00Z,"say ""go""",', "", ""]
    (tmp_path / "jobs.csv").write_text(mark + break_.join(lines), encoding="utf-8", newline="")
    marketplace = read_marketplace(tmp_path)
    assert marketplace.jobs["job_id"].tolist() == ["j1"]
    assert marketplace.jobs["title"].tolist() == ['say "go"']
    assert marketplace.jobs["skills"][0] is None
    assert len(marketplace.warnings) == 1


def test_jsonl_may_begin_with_a_byte_order_mark_and_hold_blank_lines(tmp_path):
    a_marketplace(tmp_path, form="jsonl", events=[])
    path = tmp_path / "jobs.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n\r\n \n"))
    assert read_marketplace(tmp_path).jobs["job_id"].tolist() == ["j1"]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_lone_byte_order_mark_is_a_table_of_no_rows(tmp_path, form, mark):
    a_marketplace(tmp_path, form=form, events=[])
    (tmp_path / f"jobs.{form}").write_bytes(mark)
    assert read_marketplace(tmp_path).jobs.empty


def test_a_header_alone_is_a_table_of_no_rows(tmp_path):
    a_marketplace(tmp_path, form="csv", events=[])
    (tmp_path / "jobs.csv").write_text("job_id,posted_at,title")
    assert read_marketplace(tmp_path).jobs.empty


def test_a_csv_larger_than_a_block_is_read_whole(tmp_path):
    n_jobs = 200
    text = 'x,"\n' * 30_000
    a_marketplace(
        tmp_path,
        form="csv.gz",
        jobs=[a_job(f"j{n:03}", description=text) for n in range(n_jobs)],
        events=[],
    )
    jobs = read_marketplace(tmp_path).jobs
    assert len(jobs) == n_jobs
    assert (jobs["description"] == text).all()


def test_a_table_larger_than_a_chunk_of_lines_is_read_whole(tmp_path):
    n_jobs = 40_000
    rows = [a_job(f"j{n:05}") for n in range(n_jobs)]
    rows[-1] |= {"weeks": 7, "late": "x"}
    jobs = read_marketplace(a_marketplace(tmp_path, jobs=rows, events=[])).jobs
    assert len(jobs) == n_jobs
    assert jobs["weeks"].iloc[-1] == 7
    assert jobs["late"].notna().sum() == 1


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_columns_of_nulls_are_unknown(tmp_path, form):
    nothing = dict.fromkeys(column.name for column in TABLES["jobs"])
    jobs = read_marketplace(
        a_marketplace(tmp_path, form=form, jobs=[{**nothing, **a_job(), "title": None}])
    ).jobs
    known = ["job_id", "posted_at"]
    assert jobs.drop(columns=known).isna().all().all()
