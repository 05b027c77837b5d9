"""Lists that are asked for and looked up, in tests of what is on record."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.serving.live import until

GO = {"job": {"title": "go api server", "skills": ["go"]}}


def asked(client: TestClient, path: str = "matches", **request: object) -> dict[str, Any]:
    answer = client.post(f"/v1/{path}", json=request or GO)
    assert answer.status_code == 200, answer.text
    return answer.json()


def on_record(client: TestClient, decision_id: str) -> dict[str, Any]:
    answer = client.get(f"/v1/decisions/{decision_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def listing(client: TestClient, **query: object) -> dict[str, Any]:
    answer = client.get("/v1/decisions", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def written(client: TestClient, decision_id: str) -> None:
    """Wait until a decision is in the table, not in the queue alone."""
    until(
        lambda: (
            decision_id in [one["decision_id"] for one in listing(client, limit=500)["decisions"]]
        )
    )


def metric(client: TestClient, line: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(one.split()[-1]) for one in lines if one.startswith(line))
