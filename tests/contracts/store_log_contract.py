"""What a `Store` promises of events, the log and vectors, on every database.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from matcher.errors import StaleVersionError
from matcher.snapshot import Snapshot
from matcher.store.store import Store
from matcher.store.vectors import Encoded, text_digest
from matcher.violations import TABLE_NAMES
from tests.builders import a_busy_market
from tests.contracts.store_contract import FIRST, Clock, a_hire, filled, statuses
from tests.fakes import FakeEncoder


class LogContract:
    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        with Store.open(url, clock=Clock()) as opened:
            yield opened

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

    def test_the_order_of_names_is_no_content(self, store: Store):
        filled(store)
        told = [
            store.add_events([a_hire("n1", note={"a": 1, "b": [2]}, source="x")]),
            store.add_events([{"source": "x", **a_hire("n1", note={"b": [2], "a": 1})}]),
        ]
        assert [statuses(one) for one in told] == [["accepted"], ["duplicate"]]

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

    # A whole marketplace

    def test_taking_in_a_marketplace_that_was_cut_short_is_finished_by_doing_it_again(
        self, store: Store
    ):
        market = a_busy_market().read()
        rows = [len(one) for one in (market.freelancers, market.jobs, market.events)]

        def stop_after_the_jobs(_: int) -> None:
            if store.head() == rows[0] + rows[1]:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt, match=r"^$"):
            store.ingest(market, advance=stop_after_the_jobs)
        told = store.ingest(market).tables
        assert [told[name]["unchanged"] for name in TABLE_NAMES] == [rows[0], rows[1], 0]
        assert told["events"]["added"] == rows[2]
        again = store.ingest(market)
        assert [again.tables[name]["unchanged"] for name in TABLE_NAMES] == rows
        assert again.seq == store.head() == sum(rows)
        for name in TABLE_NAMES:
            before, after = (getattr(one, name) for one in (market, store.marketplace()))
            pd.testing.assert_frame_equal(after, before)

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
