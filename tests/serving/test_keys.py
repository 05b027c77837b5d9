"""Who may ask a service over a store: nobody is asked until there is a key, then everybody is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from matcher.store.keys import Made
from matcher.store.store import Store
from serving.keyring import Keyring
from serving.refusals import UnauthenticatedError
from tests.serving.live import a_service, until

MATCH = {"json": {"job_id": "j/0"}}


@pytest.fixture
def url(tmp_path: Path) -> str:
    (tmp_path / "here").mkdir()
    return f"sqlite:///{tmp_path / 'here' / 'm.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
def key(store: Store) -> Made:
    return store.keys.make("reader", scopes=["read"])


@pytest.fixture
def guarded(url: str, key: Made) -> Iterator[TestClient]:
    """A service that a key was made for; its probes stay open, so it is seen to be ready."""
    with a_service(url) as client:
        yield client


def sent(*values: str | bytes) -> dict[str, object]:
    raw = [one.encode() if isinstance(one, str) else one for one in values]
    return {"headers": [(b"authorization", one) for one in raw]}


def bearer(made: Made) -> dict[str, object]:
    return sent(f"Bearer {made.text}")


def status(client: TestClient, made: Made | None = None) -> int:
    return client.get("/v1/model", **(bearer(made) if made else {})).status_code


# From open to guarded, and never back


def test_the_first_key_closes_the_door_within_a_second_and_nothing_opens_it_again(url, store):
    with a_service(url) as client:
        assert status(client) == 200
        made = store.keys.make("ci", scopes=["read"])
        until(lambda: status(client) == 401)
        assert status(client, made) == 200
        store.keys.revoke(made.key.key_id)
        until(lambda: status(client, made) == 401)
        assert status(client) == 401
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


def test_an_expired_key_closes_the_door_as_well(url, store):
    past = Store(database=store.database, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    made = past.keys.make("old", scopes=["admin"], expires_at=datetime(2021, 1, 1, tzinfo=UTC))
    with a_service(url) as client:
        assert status(client) == 401
        answer = client.get("/v1/model", **bearer(made))
        assert (answer.status_code, "has expired" in answer.json()["detail"]) == (401, True)


def test_known_keys_go_on_while_the_database_is_away(url, guarded, key, tmp_path):
    (tmp_path / "here").rename(tmp_path / "there")
    until(lambda: guarded.get("/readyz").status_code == 503)
    assert guarded.post("/v1/matches", **MATCH, **bearer(key)).status_code == 200
    assert guarded.post("/v1/matches", **MATCH).status_code == 401
    (tmp_path / "there").rename(tmp_path / "here")
    with Store.open(url) as store:
        store.keys.revoke(key.key.key_id)
    until(lambda: status(guarded, key) == 401)


def test_a_store_that_was_emptied_under_the_service_opens_nothing(url, guarded, key, store):
    with store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM keys")
    until(lambda: status(guarded, key) == 401)
    assert status(guarded) == 401


# What is no key


def test_a_request_without_a_key_is_told_what_to_send(guarded):
    answer = guarded.post("/v1/matches", **MATCH)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "without a key" in problem["detail"]
    assert problem["instance"] == "/v1/matches"


def test_the_scheme_is_known_in_any_case(guarded, key):
    for scheme in ("Bearer ", "bearer ", "BEARER ", "bEaReR   "):
        assert guarded.get("/v1/model", **sent(f"{scheme}{key.text} ")).status_code == 200


def test_nothing_tells_which_part_of_a_key_was_wrong(guarded, key, tmp_path):
    with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        foreign = other.keys.make("reader", scopes=["admin"]).text
    _, key_id, secret = key.text.split("_")
    wrong = [
        f"Bearer {foreign}",
        f"Bearer matcher_{key_id}_{'0' * 64}",
        f"Bearer matcher_{'0' * 16}_{secret}",
        f"Bearer matcher_{key_id}_{secret.upper()}",
        f"Bearer {key.text}x",
        f"Bearer {key.text[:-1]}",
        f"Bearer  {key.text} {key.text}",
        f"Bearer\t{key.text}",
        f"Basic {key.text}",
        f"Bearer{key.text}",
        key.text,
        "Bearer",
        "Bearer ",
        "",
        "Bearer żółć🦊",
        b"Bearer \xff\xfe",
        "Bearer matcher_\N{ARABIC-INDIC DIGIT ZERO}" + "0" * 15 + f"_{secret}",
        "Bearer " + "x" * 30_000,
    ]
    answers = [guarded.get("/v1/model", **sent(one)) for one in wrong]
    assert {one.status_code for one in answers} == {401}
    assert len({one.json()["detail"] for one in answers}) == 1
    assert not any(secret in one.text or key_id in one.text for one in answers)


def test_two_headers_are_none(guarded, key):
    good = f"Bearer {key.text}"
    for values in ((good, good), (good, "Bearer x"), ("Basic x", good)):
        answer = guarded.get("/v1/model", **sent(*values))
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert "several Authorization headers" in answer.json()["detail"]


def test_a_key_that_was_revoked_says_so_to_its_holder_alone(guarded, key, store):
    store.keys.revoke(key.key.key_id)
    until(lambda: status(guarded, key) == 401)
    detail = guarded.get("/v1/model", **bearer(key)).json()["detail"]
    assert "was revoked" in detail
    guess = sent(f"Bearer matcher_{key.key.key_id}_{'0' * 64}")
    assert "revoked" not in guarded.get("/v1/model", **guess).json()["detail"]


def test_a_key_expires_to_the_instant(store):
    start = datetime.now(UTC)
    until_ = start + timedelta(hours=1)
    made = store.keys.make("ci", scopes=["read"], expires_at=until_)
    times = iter([until_ - timedelta(microseconds=1), until_])
    keyring = Keyring(store.keys, clock=lambda: next(times))
    assert keyring.key_of([f"Bearer {made.text}"]).key_id == made.key.key_id
    with pytest.raises(UnauthenticatedError, match="has expired"):
        keyring.key_of([f"Bearer {made.text}"])


# How far a key reaches


def test_a_key_of_a_lesser_scope_is_refused_before_its_body_is_read(url, store, key):
    writer = store.keys.make("writer", scopes=["write"])
    with a_service(url) as client:
        refused = client.put("/v1/jobs/new", content=b"no JSON", **bearer(key))
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert "needs write" in refused.json()["detail"]
        put = {"json": {"title": "go"}}
        assert client.put("/v1/jobs/new", **put, **bearer(writer)).status_code == 201
        assert client.post("/v1/matches", **MATCH, **bearer(writer)).status_code == 200
        erasing = client.delete("/v1/jobs/new?erase=true", **bearer(writer))
        assert (erasing.status_code, "needs admin" in erasing.text) == (403, True)
        assert client.get("/v1/jobs/new", **bearer(key)).status_code == 200


def test_a_path_that_leads_nowhere_is_told_to_holders_of_a_key_alone(guarded, key):
    assert guarded.get("/nowhere").status_code == 401
    assert guarded.get("/nowhere", **bearer(key)).status_code == 404
    assert guarded.patch("/v1/matches").status_code == 401
    assert guarded.patch("/v1/matches", **bearer(key)).status_code == 405


def test_every_request_is_logged_with_its_key_and_without_the_secret(guarded, key, store):
    writer = store.keys.make("writer", scopes=["write"])
    with capture_logs() as logs:
        until(lambda: status(guarded, writer) == 200)
        guarded.post("/v1/matches", **MATCH, **bearer(key))
        guarded.delete("/v1/jobs/x", **bearer(key))
        guarded.get("/v1/model")
    lines = [one for one in logs if one["event"] == "request"]
    told = [(one["status"], one.get("key")) for one in lines]
    assert told[-3:] == [(200, key.key.key_id), (403, key.key.key_id), (401, None)]
    secrets = (key.text.split("_")[2], writer.text.split("_")[2])
    assert not any(secret in repr(logs) for secret in secrets)


def test_with_keys_any_name_and_origin_will_do(guarded, key):
    named = {"headers": {"Host": "evil.example", "Origin": "https://x.example"}}
    named["headers"]["Authorization"] = f"Bearer {key.text}"
    assert guarded.get("/v1/model", **named).status_code == 200
