"""The schema is true: nothing that it describes fails, and nothing answers otherwise."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from tests.serving.conftest import an_app

schema = schemathesis.openapi.from_asgi("/openapi.json", an_app())
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
    case.call_and_validate(checks=TRUE)


def test_every_route_is_described_with_an_example(client):
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/v1/matches", "/v1/freelancers/{freelancer_id}/jobs", "/v1/model", "/healthz", "/readyz",
        "/metrics",
    }  # fmt: skip
    for path, sent_to in (
        ("/v1/matches", "/v1/matches"),
        ("/v1/freelancers/{freelancer_id}/jobs", "/v1/freelancers/f1/jobs"),
    ):
        content = described["paths"][path]["post"]["requestBody"]["content"]
        for example in content["application/json"]["examples"].values():
            sent = client.post(sent_to, json=example["value"])
            assert sent.status_code in {200, 404}
