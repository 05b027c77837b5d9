"""What a `Store` promises of freelancers and jobs, on every database.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from matcher.errors import (
    InvalidRecordError,
    StaleVersionError,
    UnknownFreelancerError,
    UnknownJobError,
)
from matcher.store.store import Store

FIRST = datetime(2025, 1, 1, 12, 0, 0, 123457, tzinfo=UTC)
HOSTILE = "'; DROP TABLE jobs; -- <script>é日本🧑‍💻\u202e\x01\r\n\\ \ufeff"


class Clock:
    """Tells the time it was set to, a second later every time it is asked."""

    def __init__(self) -> None:
        self.now = FIRST - timedelta(seconds=1)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def a_hire(event_id: object = "e1", **fields: object) -> dict[str, object]:
    return {
        "event_id": event_id,
        "at": "2025-02-01T10:00:00.000001Z",
        "kind": "hired",
        "job_id": "j1",
        "freelancer_id": "f1",
        **fields,
    }


def filled(store: Store) -> Store:
    """One of each."""
    store.put_freelancer({"freelancer_id": "f1"})
    store.put_job({"job_id": "j1", "title": "go api"})
    store.add_events([a_hire()])
    return store


def statuses(verdicts) -> list[str]:
    return [one.status for one in verdicts]


class RecordsContract:
    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        with Store.open(url, clock=Clock()) as opened:
            yield opened

    # Records

    def test_an_empty_store_is_an_empty_marketplace(self, store: Store):
        view = store.view()
        assert (view.seq, store.head(), store.changes(0)) == (0, 0, [])
        assert [len(view.marketplace.freelancers), len(view.marketplace.jobs)] == [0, 0]
        assert view.marketplace.events.empty
        assert store.add_events([]) == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"skills": None, "languages": None, "portable_ratings": None},
            {"skills": (), "languages": (), "portable_ratings": ()},
            {"skills": ("c++", HOSTILE), "languages": ("en", "pl")},
            {"hourly_rate_usd": 0.1 + 0.2, "utc_offset_hours": -3.5, "weekly_hours": 0.0},
            {"title": HOSTILE, "overview": "x" * 500_000},
            {"portable_ratings": ({"platform": HOSTILE, "mean": 4.7, "count": 12},)},
            {"agency": HOSTILE, "nested": {"a": [1, None, "ż"]}, "n": 7, "x": 1e-300, "ok": True},
        ],
        ids=["unknown", "empty", "lists", "numbers", "texts", "ratings", "extras"],
    )
    def test_what_was_written_comes_back_exactly(self, store: Store, fields):
        record = {"freelancer_id": "f/1", "joined_at": FIRST, **fields}
        store.put_freelancer(record)
        kept = store.freelancer("f/1").record
        assert {name: kept[name] for name in record} == record
        assert store.changes(0)[0].record == kept

    def test_a_null_and_an_empty_list_are_two_things(self, store: Store):
        for id_, skills in (("j1", None), ("j2", [])):
            store.put_job({"job_id": id_, "title": "x", "skills": skills})
        assert store.job("j1").record["skills"] is None
        assert store.job("j2").record["skills"] == ()
        assert store.marketplace().jobs["skills"].tolist() == [None, ()]

    def test_the_first_instant_is_that_of_the_write_by_default(self, store: Store):
        store.put_freelancer({"freelancer_id": "f1"})
        store.put_job({"job_id": "j1", "title": "x"})
        assert store.freelancer("f1").record["valid_from"] == FIRST
        assert store.job("j1").record["posted_at"] == FIRST + timedelta(seconds=1)

    def test_a_changed_profile_is_a_new_version_and_leaves_the_past_alone(self, store: Store):
        store.put_freelancer({"freelancer_id": "f1", "joined_at": FIRST, "title": "old"})
        before = store.marketplace().freelancers
        written = store.put_freelancer({"freelancer_id": "f1", "title": "new"})
        assert not written.created
        now = store.marketplace().freelancers
        assert now["title"].tolist() == ["old", "new"]
        assert now["joined_at"].tolist() == [FIRST, FIRST]
        assert now["valid_from"].tolist() == [FIRST, FIRST + timedelta(seconds=1)]
        pd.testing.assert_frame_equal(now.iloc[:1], before)

    def test_two_versions_within_one_instant_stay_apart(self, url: str):
        with Store.open(url, clock=lambda: FIRST) as store:
            for title in ("a", "b", "c"):
                store.put_freelancer({"freelancer_id": "f1", "title": title})
            rows = store.marketplace().freelancers
        assert rows["title"].tolist() == ["a", "b", "c"]
        assert rows["valid_from"].is_unique

    def test_the_instant_at_which_somebody_joined_never_moves(self, store: Store):
        store.put_freelancer({"freelancer_id": "f1"})
        with pytest.raises(InvalidRecordError, match=r"joined_at: found .* expected 2025-01-01T12"):
            store.put_freelancer({"freelancer_id": "f1", "joined_at": "2020-01-01T00:00:00Z"})

    def test_the_same_content_again_is_no_change(self, store: Store):
        record = {"freelancer_id": "f1", "skills": ["go"], "hourly_rate_usd": 30}
        first = store.put_freelancer(record)
        again = store.put_freelancer({**store.freelancer("f1").record})
        assert (again.version, again.changed, store.head()) == (first.version, False, 1)
        job = {"job_id": "j1", "title": "x"}
        store.put_job(job)
        assert not store.put_job({**job, "posted_at": None, "weeks": None}).changed
        assert store.head() == 2

    def test_a_job_is_replaced_and_keeps_its_posting(self, store: Store):
        store.put_job({"job_id": "j1", "title": "old", "weeks": 3})
        store.put_job({"job_id": "j1", "title": "new"})
        jobs = store.marketplace().jobs
        assert jobs["title"].tolist() == ["new"]
        assert jobs["posted_at"].tolist() == [FIRST]
        assert store.job("j1").record["weeks"] is None
        assert [one.record["title"] for one in store.changes(0)] == ["old", "new"]

    @pytest.mark.parametrize(
        ("record", "words"),
        [
            ({"freelancer_id": "a b"}, "freelancer_id: found 'a b', expected an id"),
            ({"freelancer_id": ""}, "freelancer_id: found null"),
            ({}, "freelancer_id: found null"),
            ({"freelancer_id": "f\0"}, "freelancer_id"),
            ({"freelancer_id": "f", "title": "a\0b"}, "title: found NUL"),
            ({"freelancer_id": "f", "title": "\ud83d"}, "title: found .* expected text"),
            ({"freelancer_id": "f", "skills": ["\ud83d"]}, "skills: found"),
            ({"freelancer_id": "f", "agency": "\ud83d"}, "agency: found what is no Unicode"),
            ({"freelancer_id": "f", "joined_at": "2024-01-01T00:00:00"}, "joined_at: found"),
            ({"freelancer_id": "f", "hourly_rate_usd": -1}, "hourly_rate_usd: found -1.0"),
            ({"freelancer_id": "f", "hourly_rate_usd": float("inf")}, "hourly_rate_usd: found"),
            ({"freelancer_id": "f", "country": "de", "weekly_hours": 999}, "country.*weekly_hours"),
        ],
    )
    def test_a_record_that_breaks_the_contract_is_refused_whole(self, store: Store, record, words):
        with pytest.raises(InvalidRecordError, match=f"the freelancer is refused: .*{words}"):
            store.put_freelancer(record)
        assert store.head() == 0

    # Versions

    def test_only_the_version_that_is_there_may_be_replaced(self, store: Store):
        first = store.put_job({"job_id": "j1", "title": "a"})
        second = store.put_job({"job_id": "j1", "title": "b"}, if_match=first.version)
        assert store.job("j1").version == second.version != first.version
        with pytest.raises(StaleVersionError, match=f"of version {second.version}, If-Match names"):
            store.put_job({"job_id": "j1", "title": "c"}, if_match=first.version)
        assert StaleVersionError.status == 412
        assert store.put_job({"job_id": "j1", "title": "c"}, if_match="*").changed

    @pytest.mark.parametrize("if_match", ["1", "*"])
    def test_nothing_matches_what_is_not_there(self, store: Store, if_match):
        with pytest.raises(StaleVersionError, match="of version none"):
            store.put_freelancer({"freelancer_id": "f1"}, if_match=if_match)
        assert store.head() == 0

    # Deleting

    def test_who_is_deleted_is_unknown_and_the_past_stays(self, store: Store):
        filled(store).delete_freelancer("f1")
        with pytest.raises(UnknownFreelancerError, match="f1"):
            store.freelancer("f1")
        view = store.view()
        assert view.deleted_freelancers == {"f1"}
        assert view.marketplace.events["event_id"].tolist() == ["e1"]
        assert store.changes(3)[0].kind == "freelancer_deleted"
        assert not store.delete_freelancer("f1").changed
        assert store.head() == 4

    def test_a_deleted_job_is_closed_from_that_instant_on(self, store: Store):
        filled(store).delete_job("j1")
        with pytest.raises(UnknownJobError, match="j1"):
            store.job("j1")
        assert store.view().deleted_jobs == {"j1"}
        assert store.marketplace().jobs["closes_at"].tolist() == [FIRST + timedelta(seconds=3)]

    def test_who_comes_back_has_a_version_of_their_own(self, store: Store):
        filled(store).delete_freelancer("f1")
        assert store.put_freelancer({"freelancer_id": "f1"}).created
        view = store.view()
        assert (len(view.marketplace.freelancers), view.deleted_freelancers) == (2, frozenset())

    @pytest.mark.parametrize("id_", ["nobody", "a\0b", "\ud83d", "", "'; --"])
    def test_an_unknown_id_is_told_so(self, store: Store, id_):
        with pytest.raises(UnknownFreelancerError, match="no freelancer"):
            store.freelancer(id_)
        with pytest.raises(UnknownJobError, match="no job"):
            store.delete_job(id_)
