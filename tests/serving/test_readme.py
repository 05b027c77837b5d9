"""The README names every route, code, setting, metric and filter."""

from __future__ import annotations

from pathlib import Path

import pytest

import serving
from serving.errors import CODES
from serving.filters import FilterRecord
from serving.schemas import EventsAnswer, MatchAnswer, MatchRequest
from tests.serving.conftest import an_app

README = (Path(serving.__file__).parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        *an_app().openapi()["paths"],
        *(code for code, _ in CODES.values()),
        *(
            "unknown-job",
            "read-only",
            "busy",
            "stale-version",
            "store-unavailable",
            "invalid-record",
        ),
        *("MATCHER_DATABASE_URL", "MATCHER_WAIT_FOR_WRITES_S"),
        *EventsAnswer.model_fields,
        "not-ready",
        *MatchRequest.model_fields,
        *FilterRecord.model_fields,
        *MatchAnswer.model_fields,
        *("MATCHER_BUNDLE", "MATCHER_ENCODER", "MATCHER_PRECISION", "MATCHER_WORKERS"),
    ],
)
def test_is_documented(name):
    assert name in README


def test_every_metric_is_documented(client):
    exposed = client.get("/metrics").text.splitlines()
    names = {line.split()[2] for line in exposed if line.startswith("# TYPE matcher_")}
    assert names
    assert [one for one in names if not one.endswith("_created") and one not in README] == []
