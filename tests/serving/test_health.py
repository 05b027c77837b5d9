"""Health, readiness, numbers and the model card."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Event

from structlog.testing import capture_logs

from matcher.ports import Vectors
from tests.fakes import FakeEncoder
from tests.serving.conftest import PEOPLE, a_client, a_served, an_app, wait_until_ready


class SlowEncoder(FakeEncoder):
    """Encodes nothing until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        assert self.released.wait(10)
        return super().encode(texts)


class BrokenEncoder(FakeEncoder):
    def encode(self, texts: Sequence[str]) -> Vectors:
        raise OSError("no such model")


def test_the_service_is_alive_before_it_is_ready():
    encoder = SlowEncoder()
    with a_client(an_app(a_served(encoder=encoder))) as client:
        waiting = client.get("/readyz")
        assert (waiting.status_code, waiting.json()["code"]) == (503, "not-ready")
        assert "loading" in waiting.json()["detail"]
        assert client.get("/healthz").json() == {"status": "alive"}
        assert "matcher_ready 0.0" in client.get("/metrics").text
        encoder.released.set()
        wait_until_ready(client)
        assert client.get("/readyz").json() == {"status": "ready"}
        assert "matcher_ready 1.0" in client.get("/metrics").text


def test_a_service_that_cannot_match_never_becomes_ready():
    app = an_app(a_served(encoder=BrokenEncoder()))
    with capture_logs() as logs, a_client(app) as client:
        deadline = time.monotonic() + 10
        while "rehearsal_failed" not in [one["event"] for one in logs]:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "could not make its first match" in answer.json()["detail"]


def test_metrics_count_requests_stages_pool_and_model(client):
    client.post("/v1/matches", json={"job_id": "j/0"})
    client.post("/v1/matches", json={})
    client.get("/some/id/nobody/knows")
    text = client.get("/metrics").text
    assert 'matcher_requests_total{route="/v1/matches",status="200"}' in text
    assert 'matcher_requests_total{route="/v1/matches",status="422"}' in text
    assert 'matcher_requests_total{route="unrouted",status="404"}' in text
    assert "nobody" not in text
    assert f"matcher_pool_size {PEOPLE:.1f}" in text
    digest = "d" * 64
    assert f'matcher_model_info{{digest="{digest}",name="tiny",version="1"}} 1.0' in text
    for stage in ("encode", "retrieve", "features", "rank", "rerank", "total"):
        assert f'matcher_stage_seconds_count{{stage="{stage}"}}' in text


def test_the_model_says_what_it_is(client):
    card = client.get("/v1/model").json()
    assert (card["name"], card["version"], card["digest"]) == ("tiny", "1", "d" * 64)
    assert card["until"] == "2024-05-20T00:00:00Z"
    assert card["data_as_of"] == "2024-05-10T09:00:00Z"
    assert (card["freelancers"], card["jobs"], card["calibrated"]) == (PEOPLE, 9, False)
    assert card["metrics"] == {"ndcg@10": 0.5}
