"""Events go out in requests that the service takes, all of them, in their order."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.client import MatcherClient
from matcher.client.batches import MOST_BYTES, MOST_EVENTS, batches
from matcher.errors import UsageError
from serving import app
from serving.routes import events as route
from tests.client.services import a_client, refuses, says


def test_the_limits_are_those_of_the_service():
    assert (MOST_BYTES, MOST_EVENTS) == (app.MOST_BODY_BYTES, route.MOST_EVENTS)


def carried(events: list[dict]) -> list[dict]:
    """What the requests carry, each within the limits."""
    bodies = [call.body for call in batches(events)]
    assert all(len(body) <= MOST_BYTES for body in bodies)
    lines = [body.splitlines() for body in bodies]
    assert all(1 <= len(some) <= MOST_EVENTS for some in lines)
    return [json.loads(line) for some in lines for line in some]


@given(st.lists(st.integers(0, 700_000), max_size=8))
def test_no_event_is_lost_whatever_their_sizes(sizes):
    events = [{"event_id": str(at), "x": "\u2028" * (size // 6)} for at, size in enumerate(sizes)]
    assert carried(events) == events


@pytest.mark.parametrize("count", [0, 1, MOST_EVENTS, MOST_EVENTS + 1])
def test_no_event_is_lost_however_many(count):
    events = [{"event_id": f"e{at}"} for at in range(count)]
    assert carried(events) == events
    assert len(list(batches(events))) == -(-count // MOST_EVENTS)


def test_an_event_may_fill_a_request_and_no_more():
    frame = len(b'{"x":""}\n')
    assert len(carried([{"x": "y" * (MOST_BYTES - frame)}, {"x": ""}])) == 2
    with pytest.raises(UsageError, match=r"event 1 .* has 1,048,577 bytes"):
        list(batches([{"x": ""}, {"x": "y" * (MOST_BYTES - frame + 1)}]))


def answered(request: httpx.Request) -> httpx.Response:
    ids = [json.loads(line)["event_id"] for line in request.content.splitlines()]
    verdicts = [{"event_id": id_, "status": "accepted", "reason": ""} for id_ in ids]
    return says(content={"accepted": len(ids), "verdicts": verdicts})


def test_verdicts_of_several_requests_come_as_one_and_in_order():
    events = ({"event_id": f"e{at}"} for at in range(MOST_EVENTS + 2))
    with MatcherClient("http://localhost", transport=httpx.MockTransport(answered)) as client:
        told = client.add_events(events)
    assert told.accepted == MOST_EVENTS + 2
    assert (told.duplicate, told.conflict, told.refused) == (0, 0, 0)
    assert [one.event_id for one in told.verdicts] == [f"e{at}" for at in range(MOST_EVENTS + 2)]


def test_no_events_are_no_request():
    client, service = a_client()
    assert client.add_events([]).verdicts == ()
    assert service.requests == []


@pytest.mark.parametrize("events", [{"event_id": "e1"}, "e1", b"e1"])
def test_one_event_is_no_list_of_events(events):
    client, _ = a_client()
    with pytest.raises(UsageError, match="put it into a list"):
        client.add_events(events)


def test_a_batch_is_sent_again_as_it_was():
    client, service = a_client(refuses(503, "busy"), says(content={"accepted": 1}))
    assert client.add_events([{"event_id": "e1"}]).accepted == 1
    assert [one.content for one in service.requests] == [b'{"event_id":"e1"}\n'] * 2
    assert service.requests[0].headers["content-type"] == "application/x-ndjson"
