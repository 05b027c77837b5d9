"""The schema is true: nothing that it describes fails, and nothing answers otherwise."""

from __future__ import annotations

import tempfile

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from serving.app import create_app
from serving.terms import Terms
from tests.serving.live import a_follower


@schemathesis.serializer("application/x-ndjson")
def _lines(ctx: schemathesis.SerializationContext, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


_FOLDER = tempfile.TemporaryDirectory(prefix="matcher-openapi-")
schema = schemathesis.openapi.from_asgi(
    "/openapi.json",
    create_app(
        a_follower(f"sqlite:///{_FOLDER.name}/m.db"), terms=Terms(allowed_hosts=("testserver",))
    ),
)
TRUE = tuple(
    CHECKS.get_by_names(
        [
            "not_a_server_error",
            "status_code_conformance",
            "content_type_conformance",
            "response_schema_conformance",
        ]
    )
)


@schema.exclude(path="/readyz").parametrize()
@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_one_that_the_schema_describes(case):
    case.call_and_validate(checks=TRUE, headers={"Sec-Fetch-Site": "same-origin"})


def test_every_route_is_described_with_an_example(client):
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/v1/matches", "/v1/freelancers/{freelancer_id}/jobs", "/v1/model", "/healthz", "/readyz",
        "/metrics", "/v1/freelancers/{freelancer_id}", "/v1/jobs/{job_id}", "/v1/events",
        "/v1/decisions", "/v1/decisions/{decision_id}", "/v1/decisions/{decision_id}/override",
        "/v1/model/reload", "/v1/model/report", "/v1/rerank", "/v1/session", "/v1/briefs",
    }  # fmt: skip
    for path, method, sent_to in (
        ("/v1/matches", "post", "/v1/matches"),
        ("/v1/freelancers/{freelancer_id}/jobs", "post", "/v1/freelancers/f1/jobs"),
        ("/v1/freelancers/{freelancer_id}", "put", "/v1/freelancers/f1"),
        ("/v1/jobs/{job_id}", "put", "/v1/jobs/j1"),
        ("/v1/events", "post", "/v1/events"),
        ("/v1/decisions/{decision_id}/override", "post", "/v1/decisions/d/override"),
        ("/v1/rerank", "post", "/v1/rerank"),
        ("/v1/briefs", "post", "/v1/briefs"),
    ):
        content = described["paths"][path][method]["requestBody"]["content"]
        for example in content["application/json"]["examples"].values():
            sent = client.request(method, sent_to, json=example["value"])
            assert sent.status_code in {200, 404, 409}
