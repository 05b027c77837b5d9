"""An open service answers to its own names alone, and to no page of another site."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from matcher.errors import UsageError
from serving.app import create_app
from serving.hosts import Hosts
from serving.refusals import UnknownHostError
from serving.terms import Terms
from tests.serving.conftest import a_client, a_served
from tests.serving.wire import code_of, connected, listening, told


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost:8080", "localhost.", "127.0.0.1", "127.0.0.1:1"),
        *("[::1]", "[::1]:8080", "[0:0:0:0:0:0:0:1]", "localhost:"),
    ],
)
def test_loopback_is_its_name_on_any_port(client, host):
    assert client.get("/v1/model", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8080", "localhost.evil.example", "localhost@evil.example"),
        *(
            "",
            " ",
            "localhost:80:80",
            "localhost:x",
            "[::1",
            "[::2]",
            "::1",
            "127.0.0.2",
            "0.0.0.0",  # noqa: S104
        ),
        *("127.1", "2130706433", "localhost, evil.example", "http://localhost", "x" * 5_000),
    ],
)
def test_another_name_is_misdirected(client, host):
    answer = client.post("/v1/matches", json={"job_id": "j/0"}, headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (421, "unknown-host")
    assert "MATCHER_ALLOWED_HOSTS" in answer.json()["detail"]
    assert len(answer.text) < 1_000


def test_probes_are_no_exception_while_the_service_is_open(client):
    for path in ("/healthz", "/readyz", "/metrics", "/nowhere"):
        assert client.get(path, headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("headers", [[], [(b"host", b"localhost")] * 2])
def test_no_name_and_two_names_are_none(headers):
    with pytest.raises(UnknownHostError, match="expected localhost"):
        Hosts(host="127.0.0.1").check(Headers(raw=headers))


def test_an_old_client_that_names_no_host_is_refused():
    with listening(create_app(a_served())) as port, connected(port) as asking:
        asking.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert code_of(told(asking)) == "unknown-host"


def test_the_address_it_listens_on_and_allowed_names_are_its_own():
    terms = Terms(host="127.8.8.8", allowed_hosts=("Matcher.Example.", "2001:db8::1"))
    with a_client(create_app(a_served(), terms=terms)) as client:
        for host in ("127.8.8.8:80", "matcher.example", "[2001:db8:0::1]:443", "localhost"):
            assert client.get("/v1/model", headers={"Host": host}).status_code == 200
        assert client.get("/v1/model", headers={"Host": "example"}).status_code == 421


@pytest.mark.parametrize("named", ["https://x.example", "x.example:80", "*", "a b", "x/y"])
def test_a_name_that_is_none_is_refused_at_the_start(named):
    with pytest.raises(UsageError, match="MATCHER_ALLOWED_HOSTS"):
        Hosts(host="127.0.0.1", named=[named])


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost", "localhost"),
        ("http://localhost:80", "localhost"),
        ("https://localhost", "localhost:443"),
        ("http://LOCALHOST:8080", "localhost:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
    ],
)
def test_a_page_of_its_own_may_ask(client, origin, host):
    headers = {"Origin": origin, "Host": host}
    assert client.get("/v1/model", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        *("https://evil.example", "null", "", "http://localhost.evil.example:8080"),
        *("http://localhost:3000", "http://127.0.0.1:8080", "file://", "http://localhost:8080/x"),
        *("http://x@localhost:8080", "chrome-extension://abc", "localhost:8080"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "GET"])
def test_a_page_of_another_site_may_not(client, origin, method):
    headers = {"Origin": origin, "Host": "localhost:8080", "Content-Type": "text/plain"}
    answer = client.request(method, "/v1/events", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden-origin")
