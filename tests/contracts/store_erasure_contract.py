"""What a `Store` promises of people who are erased, on every database.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matcher.domain import instant_of
from matcher.erasure_errors import ErasurePendingError, UnknownErasureError
from matcher.errors import StaleVersionError, UnknownFreelancerError
from matcher.outgrown import Outgrown
from matcher.store import decisions, erasing, overrides, redacting, tables
from matcher.store.decision import Decision
from matcher.store.decisions import Prepared
from matcher.store.discretion import discreet
from matcher.store.overrides import Override
from matcher.store.past import past_view
from matcher.store.store import Store
from matcher.store.vectors import Encoded, text_digest
from matcher.text import profile_text
from matcher.violations import TABLE_NAMES
from tests.contracts.store_contract import FIRST, Clock, a_hire, statuses
from tests.contracts.store_decisions_contract import a_decision
from tests.contracts.store_together_contract import at_once

WHO = "pérson/%_\\☕'1"  # what JSON and LIKE have words for
SAID = "A phrase that nobody else has"
TEXT = profile_text("Ink", SAID)
VECTOR = np.linspace(1, 2, 8, dtype=np.float32)

CUT_SHORT = """
import os, signal, sys
from matcher.store import erasing, redacting
from matcher.store.store import Store

url, step = sys.argv[1:]
redacting.PAGE = 2

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if step == "pages":
    real, calls = erasing.redact_some, []
    def some(*arguments):
        calls.append(1)
        return die() if len(calls) == 2 else real(*arguments)
    erasing.redact_some = some
elif step == "removal":
    real_remove = erasing.remove
    def removed(*arguments, **named):
        real_remove(*arguments, **named)
        die()
    erasing.remove = removed
elif step == "files":
    erasing.rewrite = die
with Store.open(url) as store:
    store.erasures.finish()
"""


def written(store: Store, *, person: bool = True, **fields: object) -> None:
    """A market of three people; without one of them, nor anything of hers, if asked."""
    if person:
        store.put_freelancer({"freelancer_id": WHO, "title": "Ink", "overview": SAID, **fields})
        store.put_freelancer({"freelancer_id": WHO, "title": "Ink", "hourly_rate_usd": 5})
    store.put_freelancer({"freelancer_id": "f1", "title": "go"})
    store.put_freelancer({"freelancer_id": "f2", "title": "Ink"})
    for job_id, client in (("j1", "c1"), ("j2", WHO if person else None)):
        job = {"title": "go api", "posted_at": FIRST, "client_id": client}
        store.put_job({**job, "job_id": job_id, "title": "before"})
        store.put_job({**job, "job_id": job_id})
    told = [a_hire("e1"), a_hire("e2", freelancer_id="f2", job_id="j2")]
    hers = [
        a_hire(e, freelancer_id=WHO, job_id=j, at=FIRST) for e, j in (("e3", "j1"), ("e4", "j2"))
    ]
    store.add_events(told + (hers if person else []))


def market(store: Store) -> dict[str, pd.DataFrame]:
    """What is on record, in the order of ids."""
    seen = store.view().marketplace
    frames = {name: getattr(seen, name) for name in TABLE_NAMES}
    return {
        name: frame.sort_values(list(frame.columns[:1]), kind="stable").reset_index(drop=True)
        for name, frame in frames.items()
    }


def named(one: Decision) -> Decision:
    """A decision whose second seat is hers, and whose request names her twice."""
    request = {
        "filters": {"exclude": ["f9", WHO]},
        "job": {"title": "hourly", "client_id": WHO, "payment": "hourly"},
    }
    return replace(
        one,
        about={**one.about, "request": request},
        shown=(one.shown[0], WHO, *one.shown[2:]),
    )


class ErasureContract:
    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        with Store.open(url, clock=Clock()) as opened:
            yield opened

    def keep(self, store: Store, *made: Decision) -> None:
        with store.database.writing() as connection:
            decisions.keep(connection, Prepared.of(made))

    def found(self, store: Store, id_: str) -> Decision | None:
        with store.database.reading() as connection:
            return decisions.found(connection, id_)

    def everything(self, store: Store) -> str:
        """All rows of all tables as text."""
        with store.database.reading() as connection:
            rows = [
                row
                for table in tables.metadata.tables.values()
                for row in connection.execute(select(table)).all()
            ]
        return json.dumps([[str(cell) for cell in row] for row in rows], ensure_ascii=False)

    # In two steps

    def test_whoever_is_erased_is_deleted_at_once_and_gone_soon(self, store: Store):
        written(store)
        head = store.head()
        asked = store.erasures.ask(WHO)
        assert (asked.erasure.number, asked.erasure.state, asked.seq) == (1, "pending", head + 1)
        assert store.view().deleted_freelancers == {WHO}
        assert store.changes(head)[0].kind == "freelancer_deleted"
        with pytest.raises(UnknownFreelancerError):
            store.freelancer(WHO)
        told = store.erasures.finish()
        assert (told.removed, told.done, told.waiting) == ((1,), (1,), ())
        assert WHO not in self.everything(store)
        assert SAID not in self.everything(store)
        known = store.erasures.known(WHO)
        [one] = known.erasures
        assert (one.state, one.seq, known.has_returned) == ("done", head + 2, False)
        assert one.asked_at < (one.done_at or 0)
        counts = {"freelancers": 2, "events": 2, "changes": 5, "jobs": 1}
        assert {name: n for name, n in one.removed.items() if n} == counts

    def test_an_unknown_id_is_told_and_nothing_is_noted(self, store: Store):
        written(store)
        for id_ in ("nobody", "c1", "\0", "\ud83d"):
            with pytest.raises(UnknownFreelancerError):
                store.erasures.ask(id_)
        with pytest.raises(UnknownErasureError, match="knows of no erasure of this id"):
            store.erasures.known("f1")
        assert store.erasures.unfinished() == []
        assert store.erasures.finish().removed == ()

    def test_twice_is_once_before_and_after(self, store: Store):
        written(store)
        numbers = [store.erasures.ask(WHO).erasure.number for _ in range(2)]
        store.erasures.finish()
        head = store.head()
        again = store.erasures.ask(WHO)
        assert [*numbers, again.erasure.number] == [1, 1, 1]
        assert (again.is_new, again.erasure.state, store.head()) == (False, "done", head)
        assert store.erasures.finish().removed == ()

    def test_many_may_ask_and_finish_at_once(self, store: Store):
        written(store)
        told = at_once([lambda: store.erasures.ask(WHO).erasure.number] * 4)
        assert told == [1] * 4
        removed = at_once([store.erasures.finish] * 3)
        assert sum((one.removed for one in removed), ()) == (1,)
        store.erasures.finish()
        assert store.erasures.unfinished() == []

    def test_who_was_deleted_before_can_be_erased(self, store: Store):
        written(store)
        store.delete_freelancer(WHO)
        head = store.head()
        assert store.erasures.ask(WHO).is_new
        assert store.head() == head
        store.erasures.finish()
        assert WHO not in self.everything(store)

    def test_only_the_version_that_is_named_is_erased(self, store: Store):
        written(store)
        with pytest.raises(StaleVersionError):
            store.erasures.ask(WHO, if_match="1")
        assert store.erasures.ask(WHO, if_match=store.freelancer(WHO).version).is_new

    @pytest.mark.parametrize("step", ["pages", "removal", "files"])
    def test_whoever_is_killed_between_the_steps_is_carried_on(self, store: Store, url: str, step):
        written(store)
        self.keep(store, *(named(a_decision(f"d{n}")) for n in range(5)))
        store.erasures.ask(WHO)
        ran = subprocess.run([sys.executable, "-c", CUT_SHORT, url, step], check=False)
        assert ran.returncode == -signal.SIGKILL
        assert len(store.erasures.unfinished()) == 1
        told = store.erasures.finish()
        assert told.removed == (() if step == "files" else (1,))
        assert told.done == (1,)
        assert store.erasures.known(WHO).erasures[0].removed["decisions"] == 5
        assert WHO not in self.everything(store)
        assert [one.kind for one in store.changes(0)].count("erased") == 6

    # The log and the past

    def test_the_log_keeps_its_numbers_and_tells_nothing(self, store: Store):
        written(store)
        before = store.changes(0)
        store.erasures.ask(WHO)
        store.erasures.finish()
        log = store.changes(0)
        assert [one.seq for one in log] == list(range(1, store.head() + 1))
        assert [one.at for one in log[: len(before)]] == [one.at for one in before]
        blanked = [one for one in log if one.kind == "erased"]
        assert {(one.id, one.record) for one in blanked} == {("", None)}
        others = [one for one in before if one.id not in {WHO, "e3", "e4", "j2"}]
        assert [one for one in log if one in others] == others

    def test_whoever_follows_must_make_all_anew(self, store: Store):
        written(store)
        head = store.head()
        store.erasures.ask(WHO)
        assert store.since(head).news.deleted_freelancers == {WHO}
        store.erasures.finish()
        for after in (0, head, store.head() - 1):
            with pytest.raises(Outgrown, match="somebody was erased"):
                store.since(after)
        store.put_freelancer({"freelancer_id": "late"})
        assert store.since(store.head() - 1).changes == 1

    def test_the_past_is_that_of_a_market_without_them(self, store: Store):
        written(store)
        head = store.head()
        store.erasures.ask(WHO)
        store.erasures.finish()
        past = past_view(store.database, head).marketplace
        assert WHO not in past.freelancers["freelancer_id"].tolist()
        assert past.events["event_id"].tolist() == ["e1", "e2"]
        old = past_view(store.database, 5).marketplace.jobs
        assert (old["title"].tolist(), old["client_id"].isna().tolist()) == (["before"], [False])

    @settings(
        max_examples=6,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        versions=st.lists(st.sampled_from(["a", "ünï", None]), max_size=3),
        deleted=st.booleans(),
        extra=st.sampled_from([{}, {"agency": {"a": 1}}]),
    )
    def test_what_is_left_is_what_there_would_be_without_them(
        self, url: str, tmp_path_factory, versions, deleted, extra
    ):
        with_her = Store.open(url, clock=Clock())
        there = with_her.view().marketplace.freelancers.empty
        other = f"sqlite:///{tmp_path_factory.mktemp('without') / 'm.db'}"
        with with_her as store, Store.open(other, clock=Clock()) as never:
            written(never, person=False)
            if there:
                written(store, person=False)
            store.put_freelancer({"freelancer_id": WHO, "title": "her", **extra})
            for title in versions:
                store.put_freelancer({"freelancer_id": WHO, "title": title, "overview": SAID})
            at = store.clock() + timedelta(days=90)
            store.add_events([a_hire(f"x{n}", freelancer_id=WHO, at=at) for n in range(3)])
            if deleted:
                store.delete_freelancer(WHO)
            store.erasures.ask(WHO)
            store.erasures.finish()
            found, expected = market(store), market(never)
            for name in TABLE_NAMES:
                moments = [c for c in ("joined_at", "valid_from") if c in found[name]]
                pd.testing.assert_frame_equal(
                    found[name].drop(columns=moments), expected[name].drop(columns=moments)
                )
            assert store.view().deleted_freelancers == never.view().deleted_freelancers

    # Clients

    def test_jobs_of_an_erased_client_stay_and_are_nobodys(self, store: Store):
        written(store)
        store.erasures.ask(WHO)
        store.erasures.finish()
        assert store.job("j2").record["client_id"] is None
        assert store.job("j1").record["client_id"] == "c1"
        jobs = [one.record for one in store.changes(0) if one.kind == "job" and one.id == "j2"]
        assert [one["client_id"] for one in jobs] == [None, None]
        assert store.put_job({"job_id": "j2", "title": "go api"}).changed is False

    # Vectors

    def test_a_vector_goes_unless_another_record_says_the_same(self, store: Store):
        texts = (TEXT, profile_text("Ink", None), "go api", "Figma")
        vectors = {text_digest(text): VECTOR + at for at, text in enumerate(texts)}
        store.put_vectors(Encoded(encoder="m", vectors=vectors))
        written(store)
        store.put_freelancer({"freelancer_id": WHO, "title": "go api"})  # as jobs say
        store.erasures.ask(WHO)
        store.erasures.finish()
        kept = store.vectors("m", list(vectors))
        assert text_digest(TEXT) not in kept
        assert len(kept) == 3
        assert store.erasures.known(WHO).erasures[0].removed["vectors"] == 1

    def test_texts_that_were_read_before_an_erasure_leave_no_vector_after_it(self, store: Store):
        written(store)
        head = store.head()
        store.erasures.ask(WHO)
        encoded = Encoded(encoder="m", vectors={text_digest(TEXT): VECTOR})
        store.put_vectors(encoded, after=head)
        store.erasures.finish()
        store.put_vectors(encoded, after=head)
        assert store.vectors("m", [text_digest(TEXT)]) == {}
        store.put_vectors(encoded, after=store.head())
        assert len(store.vectors("m", [text_digest(TEXT)])) == 1

    # Decisions

    def test_a_decision_is_rewritten_without_them(self, store: Store):
        written(store)
        made, other = named(a_decision("d1", k=3)), a_decision("d2")
        self.keep(store, made, other)
        store.erasures.ask(WHO)
        store.erasures.finish()
        left = self.found(store, "d1")
        assert left is not None
        assert (left.shown, left.positions, left.summary.shown) == (("f0", "f2"), (1, 3), 2)
        np.testing.assert_array_equal(left.features, made.features[[0, 2]])
        np.testing.assert_array_equal(left.figures["score"], made.figures["score"][[0, 2]])
        assert left.rest == made.rest
        assert left.about["erased"] == {"positions": [2], "pool": 0}
        assert left.about["request"]["filters"]["exclude"] == ["f9"]
        assert left.about["request"]["job"] == {
            "title": "hourly",
            "client_id": None,
            "payment": "hourly",
        }
        assert "erased" not in (self.found(store, "d2") or left).about
        store.put_freelancer({"freelancer_id": "f0"})
        store.erasures.ask("f0")
        store.erasures.finish()
        left = self.found(store, "d1")
        assert left is not None
        assert (left.shown, left.positions) == (("f2",), (3,))

    def test_the_pool_and_what_was_about_them_is_gone(self, store: Store):
        written(store)
        store.put_freelancer({"freelancer_id": "ünï1"})
        about = a_decision("d2", direction="jobs", freelancer_id="ünï1", job_id=None)
        of_jobs = a_decision("d3", direction="jobs", freelancer_id="f1", job_id=None)
        self.keep(store, a_decision("d1"), about, of_jobs)
        with store.database.writing() as connection:
            said = Override(at=1, ranking=("f0",), by="bo", reason="")
            overrides.add(connection, "d2", said)
        store.erasures.ask("ünï1")
        store.erasures.finish()
        left = self.found(store, "d1")
        assert left is not None
        assert left.rest == ("ünï0", "ünï2")
        assert left.rest_scores.tolist() == [0.0, -1.0]
        assert left.about["erased"] == {"positions": [], "pool": 1}
        assert self.found(store, "d2") is None
        jobs = self.found(store, "d3")
        assert jobs is not None
        assert jobs.rest == ("ünï0", "ünï1", "ünï2")  # ids of jobs, whoever else is called so
        with store.database.reading() as connection:
            assert overrides.of(connection, "d2") == []

    def test_orders_of_others_are_rewritten_without_them(self, store: Store):
        written(store)
        self.keep(store, named(a_decision("d1", k=3)))
        with store.database.writing() as connection:
            for at, (ranking, by) in enumerate(
                [((WHO, "f0"), "bo"), ((WHO,), "bo"), (("f0",), "bo"), (("f2",), WHO)]
            ):
                said = Override(at=at, ranking=ranking, by=by, reason="x")
                overrides.add(connection, "d1", said)
        store.erasures.ask(WHO)
        store.erasures.finish()
        with store.database.reading() as connection:
            left = overrides.of(connection, "d1")
        assert sorted((one.ranking, one.by) for one in left) == [
            (("f0",), "bo"),
            (("f2",), redacting.ERASED),
        ]
        assert WHO not in self.everything(store)

    def test_a_decision_that_was_in_a_queue_meanwhile_is_kept_without_them(self, store: Store):
        written(store)
        made = named(a_decision("d1", seq=store.head()))
        jobs = a_decision("d2", direction="jobs", freelancer_id=WHO, seq=store.head())
        store.erasures.ask(WHO)

        def left() -> list[tuple[str, ...]]:
            with store.database.writing() as connection:
                return [one.shown for one in discreet(connection, [made, jobs])]

        assert left() == [("f0",)]
        store.erasures.finish()
        assert left() == [("f0",)]
        late = named(a_decision("d3", seq=store.head()))
        with store.database.writing() as connection:
            [kept] = discreet(connection, [late])
            assert discreet(connection, []) == []
        assert kept.about["request"]["filters"]["exclude"] == ["f9"]
        store.put_freelancer({"freelancer_id": WHO})
        late = named(a_decision("d3", seq=store.head()))
        with store.database.writing() as connection:
            assert discreet(connection, [late]) == [late]

    def test_a_decision_that_cannot_be_read_may_name_them_and_goes(self, store: Store):
        written(store)
        self.keep(store, a_decision("d1"), a_decision("d2"))
        with store.database.writing() as connection:
            mine = tables.decisions.c.decision_id == "d1"
            connection.execute(tables.decisions.update().where(mine).values(body=b"\x01x"))
        store.erasures.ask(WHO)
        store.erasures.finish()
        assert self.found(store, "d1") is None
        assert self.found(store, "d2") is not None

    # Coming back

    def test_while_they_are_being_erased_nobody_takes_the_id(self, store: Store):
        written(store)
        store.erasures.ask(WHO)
        with pytest.raises(ErasurePendingError, match="erasure 1"):
            store.put_freelancer({"freelancer_id": WHO})
        told = store.add_events([a_hire("late", freelancer_id=WHO)])
        assert statuses(told) == ["refused"]
        assert "was erased" in told[0].reason

    def test_an_erasure_and_a_write_at_once_leave_nothing_old(self, store: Store):
        written(store)

        def write() -> str:
            try:
                store.put_freelancer({"freelancer_id": WHO, "title": "new"})
            except ErasurePendingError:
                return "pending"
            return "written"

        at_once([write, lambda: store.erasures.ask(WHO), write, store.erasures.finish, write])
        store.erasures.ask(WHO)
        store.erasures.finish()
        if store.erasures.known(WHO).has_returned:
            people = store.view().marketplace.freelancers
            assert people.loc[people["freelancer_id"] == WHO, "title"].tolist() == ["new"]
        assert SAID not in self.everything(store)

    def test_who_returns_is_new_and_meets_nothing_old(self, store: Store):
        written(store)
        store.erasures.ask(WHO)
        store.erasures.finish()
        back = store.put_freelancer({"freelancer_id": WHO, "title": "back"})
        assert back.created
        people = store.view().marketplace.freelancers
        mine = people[people["freelancer_id"] == WHO]
        assert mine["title"].tolist() == ["back"]
        done_at = store.erasures.known(WHO).erasures[0].done_at
        assert instant_of(mine["joined_at"].iloc[0]) > (done_at or 0)
        assert store.erasures.known(WHO).has_returned
        told = store.add_events(
            [
                a_hire("e3", freelancer_id=WHO, at=FIRST),
                a_hire("new", freelancer_id=WHO),
            ]
        )
        assert statuses(told) == ["refused", "accepted"]
        assert "whose holder then was erased" in told[0].reason
        assert store.erasures.ask(WHO).erasure.number == 2
        store.erasures.finish()
        assert [one.number for one in store.erasures.known(WHO).erasures] == [1, 2]

    def test_a_directory_does_not_bring_them_back(self, store: Store):
        written(store)
        directory = store.marketplace()
        told = store.ingest(directory)
        assert told.tables["freelancers"]["erased"] == 0
        store.erasures.ask(WHO)
        for _ in range(2):
            told = store.ingest(directory)
            assert told.tables["freelancers"]["erased"] == 2
            assert told.tables["events"]["erased"] == 2
            assert {c["added"] + c["changed"] for c in told.tables.values()} <= {0, 1}
            store.erasures.finish()
        assert WHO not in self.everything(store)
        store.put_freelancer({"freelancer_id": WHO, "title": "back"})
        store.ingest(directory)
        people = store.view().marketplace
        assert people.freelancers["title"].tolist().count("back") == 1
        assert "e3" not in people.events["event_id"].tolist()
        assert SAID not in self.everything(store)
        assert store.ingest(store.marketplace()).tables["freelancers"]["erased"] == 0

    def test_bundles_that_saw_them_are_named(self, store: Store):
        store.set_origin("bundle:" + "a" * 64)
        written(store)
        self.keep(store, a_decision("d1"), a_decision("d2", bundle="e" * 64))
        store.erasures.ask(WHO)
        store.erasures.finish()
        [one] = store.erasures.known(WHO).erasures
        assert one.bundles == ("a" * 64, "d" * 64, "e" * 64)

    def test_a_page_is_done_at_a_time(self, store: Store, monkeypatch):
        monkeypatch.setattr(redacting, "PAGE", 2)
        written(store)
        self.keep(store, *(named(a_decision(f"d{n}")) for n in range(5)))
        store.erasures.ask(WHO)
        pages = []
        real = erasing.redact_some
        monkeypatch.setattr(
            erasing, "redact_some", lambda *given: pages.append(real(*given)) or pages[-1]
        )
        store.erasures.finish()
        assert pages == [True, True, True, False]
