"""Every route is in the table of scopes, and a request gets that of its route."""

from __future__ import annotations

import pytest

from serving.scopes import check_complete, needed
from tests.serving.conftest import an_app


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/healthz", "nothing"),
        ("HEAD", "/readyz", "nothing"),
        ("GET", "/metrics", "read"),
        ("GET", "/openapi.json", "read"),
        ("POST", "/v1/matches", "read"),
        ("POST", "/v1/freelancers/a/b c/jobs", "read"),
        ("GET", "/v1/jobs/https://x/1", "read"),
        ("PUT", "/v1/freelancers/ada", "write"),
        ("PUT", "/v1/freelancers/ada/jobs", "write"),
        ("DELETE", "/v1/jobs/j", "write"),
        ("POST", "/v1/events", "write"),
        ("POST", "/v1/model/reload", "admin"),
        ("GET", "/v1/model/report", "read"),
        ("POST", "/healthz", "read"),
        ("DELETE", "/healthz", "read"),
        ("GET", "/healthz/", "read"),
        ("GET", "/", "nothing"),
        ("HEAD", "/console/js/main.js", "nothing"),
        ("POST", "/v1/session", "nothing"),
        ("GET", "/console", "read"),
        ("POST", "/", "read"),
        ("OPTIONS", "/v1/events", "read"),
        ("GET", "//healthz", "read"),
        ("GET", "/HEALTHZ", "read"),
        ("GET", "/healthz\n", "read"),
    ],
)
def test_a_request_needs_the_scope_of_its_route(method, path, expected):
    assert needed(method, path) == expected


@pytest.mark.parametrize(
    "query",
    [b"erase=true", b"erase", b"erase=", b"a=1&erase=TRUE", b"erase=false&erase=1", b"er%61se=yes"],
)
def test_to_erase_is_for_admins(query):
    assert needed("DELETE", "/v1/freelancers/ada", query) == "admin"


@pytest.mark.parametrize("query", [b"", b"erase=false", b"erase=0", b"erased=true", b"x=erase"])
def test_to_delete_is_for_writers(query):
    assert needed("DELETE", "/v1/freelancers/ada", query) == "write"


def test_a_route_that_nobody_thought_of_keeps_the_service_from_starting():
    app = an_app()
    check_complete(app)
    app.get("/v1/secrets")(lambda: {})
    with pytest.raises(RuntimeError, match="who may ask GET /v1/secrets"):
        check_complete(app)


def test_a_route_that_the_schema_hides_is_found_as_well():
    app = an_app()
    app.add_route("/hidden", lambda _: None, include_in_schema=False)
    with pytest.raises(RuntimeError, match="/hidden"):
        check_complete(app)


def test_the_schema_says_which_scope_a_route_needs(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert "Scope: write." in paths["/v1/events"]["post"]["description"]
    assert "security" not in paths["/healthz"]["get"]
    assert set(paths["/v1/matches"]["post"]["responses"]) >= {"401", "403", "408", "421", "503"}
