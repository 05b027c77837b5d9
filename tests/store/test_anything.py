"""Whatever JSON is sent as an event, an answer comes, and what is kept is sound."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.store.store import Store
from tests.contracts.store_contract import a_hire, filled
from tests.postgres import Server

NAMES = [*a_hire(), "value", "propensity", "position", "decision_id", "note", "\ud83d"]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(list(a_hire().values()))
)
json = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Store]:
    if request.param == "sqlite":
        url = sqlite_url
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.new_schema()
    with Store.open(url) as opened:
        yield opened


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # one store, ever fuller
)
@given(anything=st.lists(st.dictionaries(st.sampled_from(NAMES), json), max_size=5))
def test_whatever_is_sent_gets_a_verdict(store: Store, anything):
    filled(store)
    told = store.add_events(anything)
    assert len(told) == len(anything)
    assert all(one.reason for one in told if one.status == "refused")
    kept = {event["event_id"] for event in store.marketplace().events.to_dict("records")}
    assert {one.event_id for one in told if one.status in {"accepted", "duplicate"}} <= kept
