"""A browser signs in with a key, and its cookie is that key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from matcher.store.keys import Made
from serving.examples import SIGN_INS
from tests.serving.live import a_service, until
from tests.serving.signing import OWN, Keyed, a_keyed_service, ask, code_of, shown, sign_in

STRANGER = {
    **{"needs_key": True, "signed_in": False, "scopes": [], "name": None},
    **{"can_write": False, "records": True},
}


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


# Signing in and out


def test_a_key_becomes_a_cookie_that_no_script_and_no_other_site_reaches(guarded, keys):
    answer = sign_in(guarded, keys["read"].text)
    assert (answer.status_code, answer.headers.get_list("set-cookie")) == (
        200,
        [f"{shown(keys['read'])}; HttpOnly; SameSite=Strict; Path=/; Max-Age=43200"],
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        **{"needs_key": True, "signed_in": True, "scopes": ["read"], "name": "Ada's read"},
        **{"can_write": False, "records": True},
    }
    assert guarded.get("/v1/model").status_code == 200  # the client has kept it


def test_over_tls_the_cookie_goes_over_tls_alone(guarded, keys):
    by_proxy = sign_in(guarded, keys["read"].text, Origin="https://localhost")
    outright = sign_in(
        TestClient(guarded.app, base_url="https://localhost"),
        keys["read"].text,
        Origin="https://localhost",
    )
    for answer in (by_proxy, outright):
        assert answer.status_code == 200
        assert answer.headers["set-cookie"].endswith("; Max-Age=43200; Secure")


def test_who_asks_is_told_how_far_they_reach(guarded, keys):
    assert ask(guarded, "GET", "/v1/session").json() == STRANGER
    writer = ask(guarded, "GET", "/v1/session", shown(keys["write"])).json()
    assert (writer["signed_in"], writer["name"]) == (True, "Ada's write")
    assert (writer["scopes"], writer["can_write"]) == (["read", "write"], True)
    by_header = {"headers": {"Authorization": f"Bearer {keys['read'].text}"}}
    assert ask(guarded, "GET", "/v1/session", **by_header).json()["name"] == "Ada's read"


def test_signing_out_takes_the_cookie_back(guarded, keys):
    sign_in(guarded, keys["read"].text)
    answer = guarded.delete("/v1/session", headers=OWN)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["set-cookie"] == (
        "matcher_session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0"
    )
    assert guarded.get("/v1/model").status_code == 401
    assert ask(guarded, "DELETE", "/v1/session", headers=OWN).status_code == 204  # signed out twice


def test_what_surrounds_a_pasted_key_is_no_part_of_it(guarded, keys):
    assert sign_in(guarded, f" \t{keys['read'].text}\r\n").status_code == 200


def test_what_is_no_key_signs_nobody_in_and_nothing_tells_why(guarded, keys):
    text = keys["read"].text
    made_up = SIGN_INS["a key"]["value"]["key"]
    wrong = ["", " ", "x", text[:-1], text + "x", text.upper(), made_up, "x" * 500_000, "żółć☕"]
    wrong += [f"{text}\r\nSet-Cookie: a=b", f"{text}; Path=/x", f"{text}\0", f"Bearer {text}"]
    answers = [sign_in(guarded, one) for one in wrong]
    assert {code_of(one) for one in answers} == {(401, "unauthenticated")}
    assert len({one.json()["detail"] for one in answers}) == 1
    assert not any("set-cookie" in one.headers for one in answers)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"key": 1}', b'{"key": null}', b'{"key": "'])
def test_a_body_without_a_key_is_refused(guarded, body):
    headers = {**OWN, "Content-Type": "application/json"}
    answer = ask(guarded, "POST", "/v1/session", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert "set-cookie" not in answer.headers


# The cookie as a key


def test_a_key_that_is_of_no_use_is_of_none_in_a_cookie(guarded, keyed):
    taken = keyed.store.keys.make("taken", scopes=["admin"])
    until(lambda: ask(guarded, "GET", "/v1/model", shown(taken)).status_code == 200)
    keyed.store.keys.revoke(taken.key.key_id)
    until(lambda: ask(guarded, "GET", "/v1/model", shown(taken)).status_code == 401)
    assert "was revoked" in ask(guarded, "GET", "/v1/model", shown(taken)).json()["detail"]
    assert "was revoked" in sign_in(guarded, taken.text).json()["detail"]
    assert ask(guarded, "GET", "/v1/session", shown(taken)).json() == STRANGER


@pytest.mark.parametrize(
    "cookie",
    [
        *("", "=", ";;", "matcher_session", "matcher_session=", "matcher_session=x"),
        *("Matcher_Session={0}", "xmatcher_session={0}", "matcher_session2={0}", "a={0}"),
        *('matcher_session="{0}"', "matcher_session={0}x", "matcher_session=Bearer {0}"),
        *("matcher_session={0} {0}", "matcher_session={0},{0}", "a=b, matcher_session={0}"),
    ],
)
def test_what_is_not_the_cookie_is_no_key(guarded, keys, cookie):
    sent = cookie.format(keys["read"].text)
    assert code_of(ask(guarded, "GET", "/v1/model", sent)) == (401, "unauthenticated")
    assert ask(guarded, "GET", "/v1/session", sent).json() == STRANGER


def test_the_cookie_is_found_among_others(guarded, keys):
    for sent in ("a=b; {}; c=d=e", " {} ", "b;{};", ";=x; {}"):
        assert ask(guarded, "GET", "/v1/model", sent.format(shown(keys["read"]))).status_code == 200
    assert ask(guarded, "GET", "/v1/model", "a=b", shown(keys["read"])).status_code == 200


def test_two_cookies_of_the_name_are_none(guarded, keys):
    good, bad = shown(keys["read"]), "matcher_session=x"
    for sent in ([f"{good}; {good}"], [f"{good}; {bad}"], [f"{bad}; {good}"], [good, bad]):
        answer = ask(guarded, "GET", "/v1/model", *sent)
        assert code_of(answer) == (401, "unauthenticated")
        assert "several cookies" in answer.json()["detail"]
    assert ask(guarded, "DELETE", "/v1/session", f"{good}; {bad}", headers=OWN).status_code == 204


def test_a_cookie_of_any_size_is_only_looked_through(guarded):
    for sent in ("matcher_session=" + "x" * 60_000, "a=b; " * 12_000, ";" * 60_000):
        assert ask(guarded, "GET", "/v1/model", sent).status_code == 401


def test_the_header_counts_where_both_are_there(guarded, keys):
    reader = {"Authorization": f"Bearer {keys['read'].text}"}
    for wrong in ("Bearer x", "", "Basic x"):
        sent = {"headers": {"Authorization": wrong}}
        assert ask(guarded, "GET", "/v1/model", shown(keys["read"]), **sent).status_code == 401
        assert ask(guarded, "GET", "/v1/session", shown(keys["read"]), **sent).json() == STRANGER
    put = {"json": {"title": "go"}, "headers": {**reader, **OWN}}
    assert ask(guarded, "PUT", "/v1/jobs/both", shown(keys["write"]), **put).status_code == 403
    match = {"json": {"job_id": "j/0"}, "headers": reader}  # a program: it says no origin
    answer = ask(guarded, "POST", "/v1/matches", "matcher_session=x", **match)
    assert answer.status_code == 200


def test_a_cookie_reaches_as_far_as_its_key(guarded, keys):
    put = {"json": {"title": "go"}, "headers": OWN}
    refused = ask(guarded, "PUT", "/v1/jobs/reach", shown(keys["read"]), **put)
    assert code_of(refused) == (403, "forbidden")
    assert ask(guarded, "PUT", "/v1/jobs/reach", shown(keys["write"]), **put).status_code == 201
    reload = ask(guarded, "POST", "/v1/model/reload", shown(keys["write"]), headers=OWN)
    assert code_of(reload) == (403, "forbidden")


# Without keys, and what is never said


def test_an_open_service_works_without_signing_in(client):
    assert ask(client, "GET", "/v1/session").json() == {
        **{"needs_key": False, "signed_in": False, "scopes": ["read", "write", "admin"]},
        **{"name": None, "can_write": False, "records": False},  # over a bundle alone
    }
    assert ask(client, "GET", "/v1/model", "matcher_session=left-over").status_code == 200
    match = {"json": {"job_id": "j/0"}, "headers": OWN}
    assert ask(client, "POST", "/v1/matches", "matcher_session=x", **match).status_code == 200
    assert code_of(sign_in(client, "x")) == (401, "unauthenticated")


def test_an_open_service_over_a_database_takes_writes(tmp_path):
    with a_service(f"sqlite:///{tmp_path / 'm.db'}", ready=False) as client:
        session = client.get("/v1/session").json()
    assert (session["records"], session["can_write"], session["needs_key"]) == (True, True, False)


def test_nothing_but_signing_in_and_out_sets_a_cookie(guarded, keys):
    cookie = shown(keys["read"])
    paths = ("/", "/console/index.html", "/v1/session", "/v1/model", "/v1/jobs/none", "/healthz")
    answers = [ask(guarded, "GET", path, *sent) for path in paths for sent in ((), (cookie,))]
    assert not any("set-cookie" in one.headers for one in answers)


def test_the_log_names_the_key_and_never_holds_it(guarded, keys):
    made = keys["read"]
    with capture_logs() as logs:
        sign_in(guarded, made.text)
        sign_in(guarded, f"{made.text}x")
        ask(guarded, "GET", "/v1/session", shown(made))
        ask(guarded, "GET", "/v1/model", shown(made))
        ask(guarded, "GET", "/v1/model", f"{shown(made)}; matcher_session=x")
        ask(guarded, "POST", "/v1/events", shown(made))
    told = [(one["status"], one.get("key")) for one in logs if one["event"] == "request"]
    key_id = made.key.key_id
    assert [status for status, _ in told] == [200, 401, 200, 200, 401, 403]
    assert [named for _, named in told] == [key_id, None, key_id, key_id, None, None]
    assert made.text.split("_")[2] not in repr(logs)
