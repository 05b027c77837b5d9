"""A record and its cells: whatever was read from a directory comes back from the store."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.marketplace import from_frames
from matcher.schema import FREELANCER_COLUMNS
from matcher.store.cells import digest_of, record_of, rows_of

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
numbers = st.floats(0, 1e12, allow_nan=False)
lists = st.none() | st.lists(texts, max_size=4).map(tuple)
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
records = st.lists(
    st.fixed_dictionaries(
        {
            "posted_at": instants,
            "title": st.none() | texts,
            "description": st.none() | texts,
            "skills": lists,
            "weeks": st.none() | numbers,
            "closes_at": st.none() | instants,
        },
        optional={"extra_text": texts, "extra_number": numbers, "extra": st.none()},
    ),
    min_size=1,
    max_size=8,
)
few = settings(max_examples=20, deadline=None)  # each is a whole marketplace


def cells_of(jobs: list[dict[str, object]], *, ids: list[str]) -> list[dict[str, object]]:
    names = sorted({name for job in jobs for name in job})
    market = from_frames(
        freelancers=pd.DataFrame(columns=["freelancer_id", "joined_at"]),
        jobs=pd.DataFrame(
            {
                "job_id": ids,
                **{name: pd.Series([j.get(name) for j in jobs], dtype=object) for name in names},
            }
        ),
        events=pd.DataFrame(columns=["event_id", "at", "kind", "job_id", "freelancer_id"]),
    )
    rows = {row["job_id"]: row for batch in rows_of(market.jobs, "jobs") for row in batch}
    return [rows[id_] for id_ in ids]


def known(record: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in record.items() if value is not None}


@few
@given(records)
def test_a_record_comes_back_from_its_cells(jobs):
    ids = [f"j{n}" for n in range(len(jobs))]
    back = [record_of(cells, "jobs") for cells in cells_of(jobs, ids=ids)]
    assert [known(one) for one in back] == [
        {"job_id": id_, **known(job)} for id_, job in zip(ids, jobs, strict=True)
    ]


@few
@given(records, records)
def test_equal_content_has_equal_digests_and_no_other(some, others):
    jobs = [*some, *others, *some]
    rows = cells_of(jobs, ids=[f"j{n}" for n in range(len(jobs))])
    digests = [digest_of({**row, "job_id": "j"}, "jobs") for row in rows]
    for one, digest in zip(jobs, digests, strict=True):
        alike = [known(one) == known(other) for other in jobs]
        assert [digest == other for other in digests] == alike


def test_from_when_a_profile_counts_is_no_part_of_what_it_says():
    blank = dict.fromkeys([*(column.name for column in FREELANCER_COLUMNS), "extra"])
    digests = {digest_of({**blank, "valid_from": at}, "freelancers") for at in (1, 2)}
    assert len(digests) == 1
