"""Documents in the order of a query: by words alone, whole, and in the line of the matches."""

from __future__ import annotations

import json
from functools import partial
from threading import Event
from uuid import UUID

import anyio
import pytest
from starlette.testclient import TestClient

from matcher.errors import BusyError
from matcher.records import LONGEST_TEXT
from serving.app import create_app
from serving.relevance import BLOCK, MOST_DOCUMENTS
from serving.terms import Terms
from serving.turns import Turns
from tests.fakes import FakeEncoder
from tests.serving.conftest import a_served, an_app, wait_until_ready
from tests.serving.live import until

QUERY = "a poster in ink"
DOCUMENTS = ["go api server", "ink", "a poster in ink", "poster in ink"]


def rerank(client: TestClient, status: int = 200, **request: object) -> dict:
    request = {"query": QUERY, "documents": DOCUMENTS, **request}
    body = json.dumps(request)  # in ASCII, half surrogates too
    answer = client.post("/v1/rerank", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    return answer.json()


def order(answer: dict) -> list[int]:
    return [one["index"] for one in answer["results"]]


def test_the_most_alike_is_first_and_scores_are_shares(client):
    answer = rerank(client)
    assert order(answer) == [2, 3, 1, 0]
    scores = [one["relevance_score"] for one in answer["results"]]
    assert scores[0] == pytest.approx(1)
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert answer["model"] == "tiny"
    assert answer["warnings"] == []
    assert all(set(one) == {"index", "relevance_score"} for one in answer["results"])


def test_every_answer_has_an_id_of_its_own(client):
    assert UUID(rerank(client)["id"]) != UUID(rerank(client)["id"])


@pytest.mark.parametrize(("top_n", "expected"), [(1, [2]), (2, [2, 3]), (99, [2, 3, 1, 0])])
def test_as_many_come_back_as_are_wanted_and_there(client, top_n, expected):
    assert order(rerank(client, top_n=top_n)) == expected


def test_documents_may_be_objects_and_are_repeated_if_asked_for(client):
    answer = rerank(client, documents=["ink", {"text": "Ünïcode 🖋 ink"}], return_documents=True)
    assert [one["document"] for one in answer["results"]] == [
        {"text": "ink"},
        {"text": "Ünïcode 🖋 ink"},
    ]


def test_no_documents_are_no_results(client):
    assert rerank(client, documents=[])["results"] == []


def test_equal_documents_score_the_same_and_keep_their_order(client):
    answer = rerank(client, documents=["ink", "poster", "ink", "poster", "ink"])
    scores = {one["index"]: one["relevance_score"] for one in answer["results"]}
    assert scores[0] == scores[2] == scores[4]
    assert scores[1] == scores[3]
    assert order(answer) == sorted(scores, key=lambda index: (-scores[index], index))


@pytest.mark.parametrize("empty", ["", " \n\t\u3000", "..."])
def test_a_document_without_words_scores_0_and_is_named(client, empty):
    answer = rerank(client, documents=[empty, "ink", empty])
    assert order(answer) == [1, 0, 2]
    assert answer["results"][-1]["relevance_score"] == 0
    assert answer["warnings"] == ["2 of 3 documents have no words and score 0: 0, 2"]


@pytest.mark.parametrize("empty", ["", "   "])
def test_a_query_without_words_keeps_the_order_sent_and_says_so(client, empty):
    answer = rerank(client, query=empty)
    assert order(answer) == [0, 1, 2, 3]
    assert {one["relevance_score"] for one in answer["results"]} == {0}
    assert [said[:22] for said in answer["warnings"]] == ["the query has no words"]


def test_a_model_may_be_named_and_the_bundles_answers(client):
    assert rerank(client, model="rerank-v3.5")["model"] == "tiny"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"documents": ["x"] * (MOST_DOCUMENTS + 1)}, "documents"),
        ({"documents": ["x" * (LONGEST_TEXT + 1)]}, "documents.0.text"),
        ({"documents": ["x", {"text": "x" * (LONGEST_TEXT + 1)}]}, "documents.1.text"),
        ({"query": "x" * (LONGEST_TEXT + 1)}, "query"),
        ({"documents": [7]}, "documents.0"),
        ({"documents": [None]}, "documents.0"),
        ({"documents": [{"text": "x", "id": 1}]}, "documents.0.id"),
        ({"documents": [{}]}, "documents.0.text"),
        ({"documents": "ink"}, "documents"),
        ({"documents": None}, "documents"),
        ({"documents": ["half a \ud800"]}, "documents.0.text"),
        ({"query": None}, "query"),
        ({"top_n": 0}, "top_n"),
        ({"top_n": -1}, "top_n"),
        ({"top_n": "3"}, "top_n"),
        ({"top_n": 1.5}, "top_n"),
        ({"return_documents": 1}, "return_documents"),
        ({"max_chunks_per_doc": 10}, "max_chunks_per_doc"),
    ],
)
def test_what_breaks_the_schema_is_refused_by_field(client, request_, field):
    answer = rerank(client, 422, **request_)
    assert answer["code"] == "invalid-request"
    assert answer["errors"][0]["field"] == field


def test_as_many_documents_as_may_be_are_answered(client):
    assert len(rerank(client, documents=["ink"] * MOST_DOCUMENTS)["results"]) == MOST_DOCUMENTS


def test_more_than_a_body_may_hold_is_refused(client):
    answer = rerank(client, 413, documents=["x" * 199_000] * 6)
    assert answer["code"] == "body-too-large"


def test_equal_texts_are_encoded_once_and_in_one_go():
    encoder = FakeEncoder()
    with TestClient(an_app(a_served(encoder=encoder)), base_url="http://localhost") as client:
        before = len(encoder.calls)
        rerank(client, documents=["ink", QUERY, {"text": "ink"}, "poster"])
    asked = [texts for texts in encoder.calls[before:] if QUERY in texts]
    assert asked == [[QUERY, "ink", "poster"]]


class HeldUp(FakeEncoder):
    """Waits before every call with the query in it until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = Event()

    def encode(self, texts):
        if "held up" in texts:
            assert self.go.wait(20)
        return super().encode(texts)


def test_what_nobody_waits_for_any_more_leaves_the_line():
    encoder = HeldUp()
    terms = Terms(request_timeout_s=0.2)
    app = create_app(a_served(encoder=encoder), at_once=1, terms=terms)
    with TestClient(app, base_url="http://localhost") as client:
        wait_until_ready(client)
        documents = [f"document {at}" for at in range(3 * BLOCK)]
        assert rerank(client, 503, query="held up", documents=documents)["code"] == "timeout"
        encoder.go.set()
        until(
            lambda: (
                client.post("/v1/rerank", json={"query": QUERY, "documents": ["ink"]}).is_success
            )
        )
    assert not [texts for texts in encoder.calls if f"document {BLOCK}" in texts]


def test_it_is_counted_like_the_other_routes(client):
    rerank(client)
    exposed = client.get("/metrics").text
    assert 'matcher_requests_total{route="/v1/rerank",status="200"}' in exposed
    assert 'matcher_request_seconds_count{route="/v1/rerank"}' in exposed


def test_it_waits_in_the_line_of_the_matches(client, monkeypatch):
    async def full(self, work):
        raise BusyError(128, of="matches")

    monkeypatch.setattr(Turns, "take", full)
    assert rerank(client, 503)["code"] == "busy"


def test_beyond_the_line_the_refusal_names_what_waits():
    async def crowd() -> str:
        turns, gate = Turns(at_once=1, most_waiting=0, of="matches"), Event()
        async with anyio.create_task_group() as group:
            group.start_soon(partial(turns.take, gate.wait))
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(BusyError, match="0 matches are waiting") as refused:
                await turns.take(gate.wait)
            gate.set()
        return refused.value.code

    assert anyio.run(crowd) == "busy"
