"""Traces, where they are asked for: a span a request, one a stage, and nobody's data in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from matcher.errors import UsageError
from serving.app import create_app
from serving.tracing import ENDPOINT, STAGES, Tracing
from tests.serving.conftest import a_client, a_served, wait_until_ready

PRIVATE = "żółć-private-7f3a"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def client(spans: InMemorySpanExporter):
    app = create_app(a_served(), tracing=Tracing(SimpleSpanProcessor(spans)))
    with a_client(app) as client:
        wait_until_ready(client)
        yield client


def test_a_match_is_a_span_with_its_stages_in_it(client, spans):
    assert client.post("/v1/matches", json={"job_id": "j/0"}).status_code == 200
    *stages, request = spans.get_finished_spans()
    assert request.name == "POST /v1/matches"
    assert dict(request.attributes) == {
        "http.request.method": "POST",
        "http.route": "/v1/matches",
        "http.response.status_code": 200,
    }
    assert tuple(one.name for one in stages) == STAGES
    assert {one.parent.span_id for one in stages} == {request.context.span_id}
    times = [(one.start_time, one.end_time) for one in stages]
    assert [start for start, _ in times][1:] == [end for _, end in times][:-1]
    assert request.start_time <= times[0][0] <= times[-1][1] <= request.end_time


def test_jobs_for_a_freelancer_and_errors_are_traced_too(client, spans):
    client.post("/v1/freelancers/f1/jobs", json={})
    client.post("/v1/matches", json={"k": 0})
    client.get("/nowhere")
    *_, jobs, refused, nowhere = spans.get_finished_spans()
    assert (jobs.name, len(spans.get_finished_spans())) == (
        "POST /v1/freelancers/{freelancer_id:path}/jobs",
        8,
    )
    assert refused.attributes["http.response.status_code"] == 422
    assert nowhere.name == "GET unrouted"
    assert refused.status.status_code is StatusCode.UNSET


def test_supervisors_are_not_traced(client, spans):
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)
    assert spans.get_finished_spans() == ()


def test_nothing_personal_is_in_a_span(client, spans):
    job = {"title": PRIVATE, "client_id": PRIVATE}
    client.post(
        f"/v1/matches?who={PRIVATE}", json={"job": job}, headers={"User-Agent": "private-7"}
    )
    client.post(f"/v1/freelancers/{PRIVATE}/jobs", json={})
    client.request("PRIVATE-7", "/v1/model")
    told = "".join(one.to_json() for one in spans.get_finished_spans())
    assert "private-7" not in told
    assert "testclient" not in told


def test_a_callers_own_span_is_above(client, spans):
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    client.get("/v1/model", headers={"traceparent": f"00-{trace}-{parent}-01"})
    client.get("/v1/model", headers={"traceparent": "nonsense"})
    known, alone = spans.get_finished_spans()
    assert f"{known.context.trace_id:032x}" == trace
    assert f"{known.parent.span_id:016x}" == parent
    assert alone.parent is None


def test_nothing_is_asked_for_without_an_endpoint():
    assert Tracing.of({}) is None
    assert Tracing.of({ENDPOINT: ""}) is None


def test_without_the_packages_an_endpoint_is_refused(monkeypatch):
    for name in [one for one in sys.modules if one.startswith("opentelemetry.exporter")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter", None)
    with pytest.raises(UsageError, match=r"pip install 'matcher\[tracing\]'"):
        Tracing.of({ENDPOINT: "http://localhost:4318"})


@pytest.fixture
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """Takes what an exporter sends over HTTP."""
    taken: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            assert self.path == "/v1/traces"
            taken.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", taken
        server.shutdown()
        thread.join()


def test_what_was_traced_is_sent_by_the_end_at_the_latest(collector, monkeypatch):
    url, taken = collector
    monkeypatch.setenv(ENDPOINT, url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "matcher-eu")
    tracing = Tracing.of({ENDPOINT: url})
    assert tracing is not None
    with a_client(create_app(a_served(), tracing=tracing)) as client:
        client.get("/v1/model")
    (resource,) = taken[0].resource_spans
    told = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert told["service.name"] == "matcher-eu"
    assert [one.name for one in resource.scope_spans[0].spans] == ["GET /v1/model"]
