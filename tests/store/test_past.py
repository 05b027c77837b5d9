"""Whatever came later, a store's past can be looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from matcher.decision_errors import PastGoneError
from matcher.errors import UsageError
from matcher.marketplace import from_frames
from matcher.store import tables
from matcher.store.past import past_view
from matcher.store.store import Store
from matcher.store.view import View
from matcher.violations import TABLE_NAMES
from tests.contracts.store_contract import FIRST, Clock, a_hire, filled

IDS = st.sampled_from(["1", "2", "3"])
TITLES = st.sampled_from(["go", "ünï", None])
WHENS = st.sampled_from([None, FIRST, FIRST - timedelta(days=9), FIRST + timedelta(days=900)])


def put_freelancer(store: Store, id_: str, title: str | None, _: object) -> None:
    skills = () if title is None else (title,)
    store.put_freelancer({"freelancer_id": f"f{id_}", "title": title, "skills": skills})


def put_job(store: Store, id_: str, title: str | None, when: object) -> None:
    extra = {} if title else {"agency": {"a": 1}}
    job = {"job_id": f"j{id_}", "title": title or "x", "weeks": 0.1, "closes_at": when, **extra}
    store.put_job({**job, "posted_at": FIRST + timedelta(seconds=len(title or ""))})


def delete_freelancer(store: Store, id_: str, *_: object) -> None:
    if f"f{id_}" in store.marketplace().freelancers["freelancer_id"].tolist():
        store.delete_freelancer(f"f{id_}")


def delete_job(store: Store, id_: str, *_: object) -> None:
    if f"j{id_}" in store.marketplace().jobs["job_id"].tolist():
        store.delete_job(f"j{id_}")


def add_events(store: Store, id_: str, title: str | None, _: object) -> None:
    fields = {"job_id": f"j{id_}", "freelancer_id": f"f{id_}", "note": title}
    store.add_events([a_hire(f"e{id_}{at}", **fields) for at in range(2)])


def ingest(store: Store, id_: str, title: str | None, _: object) -> None:
    """The directory that the store would be exported as, with another title here and there."""
    market = store.marketplace()
    frames = {name: getattr(market, name).copy() for name in TABLE_NAMES}
    for name in ("freelancers", "jobs"):
        at = frames[name].iloc[:, 0] == f"{name[0]}{id_}"
        frames[name].loc[at, "title"] = title or "y"
    store.ingest(from_frames(**frames))


WRITES: tuple[Callable[..., None], ...] = (
    *(put_freelancer, put_job, delete_freelancer, delete_job, add_events, ingest),
)


def same(one: View, other: View) -> None:
    assert one.seq == other.seq
    assert one.deleted_freelancers == other.deleted_freelancers
    assert one.deleted_jobs == other.deleted_jobs
    assert one.marketplace.warnings == other.marketplace.warnings
    for name in TABLE_NAMES:
        found, expected = getattr(one.marketplace, name), getattr(other.marketplace, name)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url, clock=Clock()) as opened:
        yield opened


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # one store, ever fuller
)
@given(writes=st.lists(st.tuples(st.sampled_from(WRITES), IDS, TITLES, WHENS), max_size=12))
def test_what_was_seen_once_is_seen_again(store: Store, writes):
    seen = {view.seq: view for view in [store.view()]}
    for write, *arguments in writes:
        write(store, *arguments)
        view = store.view()
        seen[view.seq] = view
    for seq, view in seen.items():
        same(past_view(store.database, seq), view)


def test_before_the_first_change_there_was_nothing(store: Store):
    empty = store.view()
    filled(store)
    same(past_view(store.database, 0), empty)


def test_a_change_that_is_yet_to_come_cannot_be_asked_about(store: Store):
    filled(store)
    with pytest.raises(UsageError, match="change 4 is asked about, and the last one is 3"):
        past_view(store.database, 4)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (delete(tables.freelancers), "of 1 versions of profiles"),
        (delete(tables.events), "of 1 events"),
        (update(tables.changes).values(body=None), r"of 1 jobs \(j1\)"),
    ],
    ids=["profile", "event", "job"],
)
def test_what_was_erased_is_told(store: Store, statement, words):
    filled(store)
    store.put_job({"job_id": "j1", "title": str(uuid4())})
    with store.database.writing() as connection:
        connection.execute(statement)
    with pytest.raises(PastGoneError, match=f"{words}.* was erased since"):
        past_view(store.database, 3)
