"""No page of another site signs in, or does anything by the cookie that a browser keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from matcher.store.keys import Made
from tests.serving.signing import OWN, Keyed, a_keyed_service, ask, code_of, shown, sign_in

FOREIGN = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://localhost.evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "SAME-ORIGIN, same-origin"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    {"Referer": "http://localhost/"},
]


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyed]:
    with a_keyed_service(tmp_path_factory.mktemp("keyed")) as service:
        yield service


@pytest.fixture
def guarded(keyed: Keyed) -> TestClient:
    return keyed.client


@pytest.fixture
def keys(keyed: Keyed) -> dict[str, Made]:
    return keyed.keys


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_page_of_another_site_writes_by_the_cookie(guarded, keys, headers):
    writer = shown(keys["write"])
    for method, path in (
        ("PUT", "/v1/jobs/csrf"),
        ("POST", "/v1/events"),
        ("DELETE", "/v1/jobs/x"),
    ):
        answer = ask(guarded, method, path, writer, json={"title": "go"}, headers=headers)
        assert code_of(answer) == (403, "forbidden-origin")
    assert ask(guarded, "GET", "/v1/jobs/csrf", writer).status_code == 404


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_page_of_another_site_signs_anybody_in_or_out(guarded, client, keys, headers):
    for service in (guarded, client):  # with keys, and open
        sent = {"json": {"key": keys["read"].text}, "headers": headers}
        answers = [ask(service, method, "/v1/session", **sent) for method in ("POST", "DELETE")]
        assert {code_of(one) for one in answers} == {(403, "forbidden-origin")}
        assert not any("set-cookie" in one.headers for one in answers)


def test_a_page_of_its_own_writes_by_the_cookie(guarded, keys):
    own = [OWN, {"Sec-Fetch-Site": "same-origin"}, {**OWN, "Sec-Fetch-Site": "same-origin"}]
    for number, headers in enumerate(own):
        put = {"json": {"title": "go"}, "headers": headers}
        path = f"/v1/jobs/own{number}"
        assert ask(guarded, "PUT", path, shown(keys["write"]), **put).status_code == 201


def test_a_page_of_another_site_reads_nothing_by_the_cookie_even_if_it_were_sent(guarded, keys):
    sent = {"headers": {"Origin": "https://evil.example"}}
    for path in ("/v1/model", "/v1/session"):
        answer = ask(guarded, "GET", path, shown(keys["read"]), **sent)
        assert code_of(answer) == (403, "forbidden-origin")


def test_by_a_name_that_is_not_the_services_own_no_cookie_counts(guarded, keys):
    evil = {"Host": "evil.example", "Origin": "http://evil.example"}
    for method, path in (("GET", "/v1/model"), ("GET", "/v1/session"), ("PUT", "/v1/jobs/x")):
        answer = ask(guarded, method, path, shown(keys["write"]), headers=evil)
        assert code_of(answer) == (421, "unknown-host")
    assert code_of(sign_in(guarded, keys["read"].text, **evil)) == (421, "unknown-host")
    assert ask(guarded, "GET", "/", headers=evil).status_code == 200  # says nothing of anybody
