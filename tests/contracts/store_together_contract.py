"""What a `Store` promises to many who write at once, and to those who are cut short.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from matcher.errors import StaleVersionError
from matcher.store.store import Store
from matcher.store.vectors import text_digest
from tests.contracts.store_contract import a_hire, filled, statuses

WRITERS, BATCHES, EACH = 8, 6, 5
SEED = 5

WRITER = """
import sys
import numpy as np
from matcher.store.store import Store
from matcher.store.vectors import Encoded, text_digest

url, run = sys.argv[1:]
with Store.open(url) as store:
    for n in range(10_000):
        who = f"{run}-{n}"
        vectors = {text_digest(who): np.full(8, n, np.float32)}
        store.put_freelancer({"freelancer_id": who}, encoded=Encoded(encoder="m", vectors=vectors))
        print("freelancer", who, flush=True)
        store.add_events([
            {"event_id": f"{who}-{i}", "at": "2025-02-01T10:00:00Z", "kind": "viewed",
             "job_id": "j1", "freelancer_id": who} for i in range(20)
        ])
        print("events", who, flush=True)
"""


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """What each of them gives, all started together."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(run, work) for work in works]]


def check_whole(store: Store) -> None:
    """Nothing half-applied: log, records and head tell one story."""
    view, log = store.view(), store.changes(0, limit=1_000_000)
    assert [one.seq for one in log] == list(range(1, view.seq + 1))
    kinds: dict[str, list[str]] = {}
    for one in log:
        kinds.setdefault(one.kind, []).append(one.id)
        assert one.record is not None
    market = view.marketplace
    assert sorted(kinds.get("event", [])) == sorted(market.events["event_id"])
    assert sorted(kinds["freelancer"]) == sorted(market.freelancers["freelancer_id"])


class TogetherContract:
    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        with Store.open(url) as opened:
            yield filled(opened)

    def test_whoever_tails_the_log_misses_nothing_and_sees_nothing_twice(self, store: Store):
        first = store.head()
        total = first + WRITERS * BATCHES * EACH
        seen: list[int] = []

        def tail() -> None:
            after, deadline = first, time.monotonic() + 60
            while after < total and time.monotonic() < deadline:
                page = store.changes(after, limit=17)
                seen.extend(one.seq for one in page)
                after = page[-1].seq if page else after

        def write(writer: int) -> list[str]:
            batches = [
                [a_hire(f"w{writer}-{batch}-{n}") for n in range(EACH)] for batch in range(BATCHES)
            ]
            return [status for one in batches for status in statuses(store.add_events(one))]

        works = [lambda writer=writer: write(writer) for writer in range(WRITERS)]
        *told, _, _ = at_once([*works, tail, tail])
        assert told == [["accepted"] * BATCHES * EACH] * WRITERS
        assert sorted(seen) == sorted([*range(first + 1, total + 1)] * 2)
        check_whole(store)

    def test_a_batch_that_several_send_at_once_is_kept_once(self, store: Store):
        batch = [a_hire(f"x{n}") for n in range(20)]
        told = at_once([lambda: statuses(store.add_events(batch))] * 4)
        assert [sorted(one) for one in zip(*told, strict=True)] == [
            ["accepted", "duplicate", "duplicate", "duplicate"]
        ] * 20
        check_whole(store)

    def test_of_two_writers_on_one_version_one_wins(self, store: Store):
        version = store.freelancer("f1").version

        def write(title: str) -> str:
            try:
                store.put_freelancer({"freelancer_id": "f1", "title": title}, if_match=version)
            except StaleVersionError:
                return "stale"
            return title

        told = at_once([lambda: write("a"), lambda: write("b"), lambda: write("c")])
        assert told.count("stale") == 2
        assert store.freelancer("f1").record["title"] in told

    def test_two_writers_who_ask_for_no_version_both_leave_theirs(self, store: Store):
        at_once(
            [
                lambda title=title: store.put_freelancer({"freelancer_id": "f1", "title": title})
                for title in ("a", "b", "c", "d")
            ]
        )
        rows = store.marketplace().freelancers
        assert sorted(rows["title"].dropna()) == ["a", "b", "c", "d"]
        assert rows["title"].iloc[-1] == store.freelancer("f1").record["title"]

    def test_a_reader_sees_one_instant(self, store: Store):
        """Every view holds as many events as its own number says."""
        stop = threading.Event()

        def write() -> None:
            for n in range(25):
                store.add_events([a_hire(f"r{n}-{i}") for i in range(4)])
            stop.set()

        def read() -> bool:
            ok = True
            while not stop.is_set():
                view = store.view()
                ok &= len(view.marketplace.events) == view.seq - 2
            return ok

        assert at_once([write, read])[1] is True

    @pytest.mark.slow
    def test_nothing_acknowledged_is_lost_where_the_writer_is_killed(self, url, store: Store):
        rng = random.Random(SEED)  # noqa: S311
        acknowledged: dict[str, list[str]] = {"freelancer": [], "events": []}
        for run in range(self.kills):
            with subprocess.Popen(
                [sys.executable, "-c", WRITER, url, f"k{run}"], stdout=subprocess.PIPE, text=True
            ) as writer:
                for _ in range(rng.randrange(1, 12)):
                    kind, who = writer.stdout.readline().split()
                    acknowledged[kind].append(who)
                time.sleep(rng.random() * 0.05)
                writer.kill()
                for line in writer.stdout.read().splitlines(keepends=True):
                    if line.endswith("\n"):
                        kind, who = line.split()
                        acknowledged[kind].append(who)
        check_whole(store)
        market = store.marketplace()
        people = set(market.freelancers["freelancer_id"]) - {"f1"}
        assert people >= set(acknowledged["freelancer"])
        vectors = store.vectors("m", [text_digest(who) for who in sorted(people)])
        assert len(vectors) == len(people)
        assert all(isinstance(one, np.ndarray) for one in vectors.values())
        counts = market.events["event_id"].str.rpartition("-")[0].value_counts()
        whole = {who for who, count in counts.items() if who in people and count == 20}
        assert set(acknowledged["events"]) <= whole
        assert set(counts.index) - whole == {""}  # e1, of before

    kills = 1
