"""What a `Store` promises of records, events, the log and vectors, on every database.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from matcher.errors import (
    InvalidRecordError,
    StaleVersionError,
    UnknownFreelancerError,
    UnknownJobError,
)
from matcher.snapshot import Snapshot
from matcher.store.store import Store
from matcher.store.vectors import Encoded, text_digest
from tests.fakes import FakeEncoder

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


class StoreContract:
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
        with pytest.raises(InvalidRecordError, match="joined_at: found .* expected 2025-01-01T12"):
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

    # Events

    def test_an_event_sent_twice_is_kept_once(self, store: Store):
        filled(store)
        assert statuses(store.add_events([a_hire(), a_hire("e2"), a_hire("e2")])) == [
            "duplicate",
            "accepted",
            "duplicate",
        ]
        assert store.marketplace().events["event_id"].tolist() == ["e1", "e2"]
        assert store.head() == 4

    def test_another_content_under_the_same_id_is_a_conflict(self, store: Store):
        filled(store)
        [verdict] = store.add_events([a_hire(value=9)])
        assert (verdict.status, store.head()) == ("conflict", 3)
        assert "'e1'" in verdict.reason
        assert store.marketplace().events["value"].isna().all()

    def test_the_good_ones_of_a_batch_are_kept_and_every_bad_one_is_told_why(self, store: Store):
        filled(store)
        bad = {
            "kind": a_hire("b1", kind="fired"),
            "job_id": a_hire("b2", job_id="j9"),
            "freelancer_id": a_hire("b3", freelancer_id="f9"),
            "value": a_hire("b4", kind="rated_client", value=6),
            "propensity": a_hire("b5", propensity=0),
            "at": a_hire("b6", at="2025-02-01T10:00:00"),
            "expected an object": 7,
            "note": a_hire("b8", note="\ud83d"),
        }
        verdicts = store.add_events([a_hire("e2"), *bad.values(), a_hire("e3")])
        assert statuses(verdicts) == ["accepted", *["refused"] * len(bad), "accepted"]
        for words, verdict in zip(bad, verdicts[1:], strict=False):
            assert words in verdict.reason
            assert "found" in verdict.reason
        assert [one.event_id for one in verdicts[1:5]] == ["b1", "b2", "b3", "b4"]
        assert store.head() == 5

    def test_a_hundred_bad_events_each_get_their_own_words(self, store: Store):
        filled(store)
        verdicts = store.add_events([a_hire(f"b{n}", propensity=n + 2) for n in range(100)])
        assert ["found %s.0," % (n + 2) in one.reason for n, one in enumerate(verdicts)] == [
            True
        ] * 100

    def test_events_may_come_in_any_order(self, store: Store):
        filled(store)
        days = [9, 3, 7, 1]
        store.add_events([a_hire(f"d{day}", at=f"2025-03-0{day}T00:00:00Z") for day in days])
        events = store.marketplace().events
        assert events["event_id"].tolist() == ["e1", "d1", "d3", "d7", "d9"]
        assert [one.id for one in store.changes(3)] == ["d9", "d3", "d7", "d1"]

    # The log

    def test_the_log_is_read_page_by_page(self, store: Store):
        filled(store)
        store.add_events([a_hire(f"e{n}", value=n) for n in range(2, 30)])
        seen, after = [], 0
        while page := store.changes(after, limit=7):
            seen += page
            after = page[-1].seq
        assert [one.seq for one in seen] == list(range(1, 32))
        assert [one.at for one in seen] == sorted(one.at for one in seen)
        assert seen[-1].record == {**seen[-1].record, "event_id": "e29", "value": 29.0}

    def test_a_clock_that_was_set_back_does_not_reach_the_log(self, url: str):
        clock = Clock()
        with Store.open(url, clock=clock) as store:
            store.put_job({"job_id": "j1", "title": "x"})
            clock.now -= timedelta(days=9)
            store.put_job({"job_id": "j2", "title": "x"})
            assert [one.at for one in store.changes(0)] == [FIRST, FIRST]

    def test_all_of_it_outlives_the_process(self, url: str):
        with Store.open(url) as store:
            filled(store)
            kept, identity = store.changes(0), store.identity()
            store.set_origin("bundle:1")
            store.set_origin("bundle:2")
        with Store.open(url) as store:
            assert (store.changes(0), store.identity()) == (kept, identity)
            assert store.origin() == "bundle:2"

    # Vectors

    def test_a_vector_comes_back_to_the_bit(self, store: Store):
        made = np.array([0.1, -0.0, 1e-40, 3.4e38], np.float32)
        digest = text_digest("go \ud83d")
        store.put_vectors(Encoded(encoder="m", vectors={digest: made}))
        kept = store.vectors("m", [digest, text_digest("unknown")])
        assert {key: one.tobytes() for key, one in kept.items()} == {digest: made.tobytes()}
        assert store.vectors("other", [digest]) == {}
        assert store.head() == 0

    def test_the_first_vector_of_a_text_stays(self, store: Store):
        digest = text_digest("go")
        for value in (1, 2):
            vectors = {digest: np.full(3, value, np.float32)}
            store.put_vectors(Encoded(encoder="m", vectors=vectors))
        assert store.vectors("m", [digest])[digest].tolist() == [1, 1, 1]

    def test_record_vector_and_log_are_kept_together_or_not_at_all(self, store: Store):
        encoded = Encoded(encoder="m", vectors={text_digest("x"): np.ones(3, np.float32)})
        with pytest.raises(StaleVersionError, match="of version none"):
            store.put_job({"job_id": "j1", "title": "x"}, if_match="7", encoded=encoded)
        assert store.vectors("m", [text_digest("x")]) == {}
        broken = Encoded(encoder="m", vectors={text_digest("x"): "no numbers"})
        with pytest.raises(ValueError, match="could not convert"):
            store.put_job({"job_id": "j1", "title": "x"}, encoded=broken)
        assert (store.head(), store.changes(0), len(store.marketplace().jobs)) == (0, [], 0)
        store.put_job({"job_id": "j1", "title": "x"}, encoded=encoded)
        assert len(store.vectors("m", [text_digest("x")])) == 1

    def test_a_snapshot_takes_what_the_store_holds(self, store: Store):
        snapshot = Snapshot.of(filled(store).marketplace(), encoder=FakeEncoder())
        assert (len(snapshot.freelancers), len(snapshot.jobs)) == (1, 1)
