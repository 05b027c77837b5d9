"""`matcher keys` as its user meets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from matcher.store.keys import parts_of
from matcher.store.store import Store


def test_a_key_is_made_listed_and_revoked(command, sqlite_url, monkeypatch):
    monkeypatch.setenv("MATCHER_DATABASE_URL", sqlite_url)
    made = command("keys", "make", "dash board", "--scope", "read", "--scope", "write")
    assert made.code == 0
    key_id, secret = parts_of(made.out.removesuffix("\n"))
    assert "shown this once" in made.err
    assert secret not in made.err
    listed = command("keys", "list")
    assert secret not in listed.out + listed.err
    assert all(one in listed.out for one in (key_id, "usable", "read,write", "dash board"))
    assert f"revoked the key {key_id} (dash board)" in command["keys", "revoke", key_id]
    (told,) = json.loads(command["keys", "list", "--json"])
    assert (told["key_id"], told["state"], told["expires_at"]) == (key_id, "revoked", None)
    assert told["revoked_at"].endswith("Z")
    assert set(told) == {
        *("key_id", "name", "scopes", "state", "created_at", "expires_at", "revoked_at"),
    }


def test_as_json_the_key_comes_with_what_it_is(command, sqlite_url):
    arguments = ("make", "ci", "--scope", "admin", "--expires", "90d", "--database", sqlite_url)
    told = json.loads(command["keys", *arguments, "--json"])
    assert told["key"].startswith(f"matcher_{told['key_id']}_")
    with Store.open(sqlite_url) as store:
        (key,) = store.keys.all()
    assert key.expires_at is not None
    assert key.expires_at - key.created_at < timedelta(days=90)
    assert key.expires_at > datetime.now(UTC) + timedelta(days=89, hours=23)


def test_an_instant_is_taken_as_it_is(command, sqlite_url):
    expires = ("--expires", "2999-01-01T02:00:00+02:00")
    arguments = ("make", "ci", "--scope", "read", *expires, "--database", sqlite_url, "--json")
    assert json.loads(command["keys", *arguments])["expires_at"] == "2999-01-01T00:00:00Z"


def test_without_keys_it_says_so(command, sqlite_url):
    assert command["keys", "list", "--database", sqlite_url] == "no key was ever made\n"
    assert json.loads(command["keys", "list", "--json", "--database", sqlite_url]) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "ci"), "--scope"),
        (("make", "ci", "--scope", "root"), "found the scope 'root', expected one of read"),
        (("make", "", "--scope", "read"), "the name has 0 characters"),
        (("make", "x" * 101, "--scope", "read"), "the name has 101 characters"),
        (("make", "a\nb", "--scope", "read"), "control character"),
        (("make", "ci", "--scope", "read", "--expires", "2020-01-01T00:00:00Z"), "has passed"),
        (("make", "ci", "--scope", "read", "--expires", "0d"), "has passed"),
        (("make", "ci", "--scope", "read", "--expires", "-1d"), "or a span like 90d"),
        (("make", "ci", "--scope", "read", "--expires", "2999-01-01"), "has no time zone"),
        (("make", "ci", "--scope", "read", "--expires", "999999h"), None),
        (("make", "ci", "--scope", "read", "--expires", "9999999d"), "or a span like 90d"),
        (("make", "ci", "--scope", "read", "--expires", ""), "or a span like 90d"),
    ],
)
def test_a_key_that_cannot_be_is_refused(command, sqlite_url, arguments, said):
    ran = command("keys", *arguments, "--database", sqlite_url)
    assert ran.code == (0 if said is None else 2)
    if said is not None:
        assert said in ran.err
        assert ran.out == ""


def test_what_is_not_there_cannot_be_revoked_nor_what_was_revoked(command, sqlite_url):
    made = json.loads(
        command["keys", "make", "ci", "--scope", "read", "--database", sqlite_url, "--json"]
    )
    unknown = command("keys", "revoke", "0" * 16, "--database", sqlite_url)
    assert (unknown.code, "`matcher keys list` names them" in unknown.err) == (3, True)
    command["keys", "revoke", made["key_id"], "--database", sqlite_url]
    twice = command("keys", "revoke", made["key_id"], "--database", sqlite_url)
    assert (twice.code, "already" in twice.err) == (2, True)
    assert "Traceback" not in unknown.err + twice.err


@pytest.mark.parametrize("name", ["make", "list", "revoke"])
def test_every_command_of_keys_has_help_with_an_example(command, name):
    said = " ".join(command["keys", name, "--help"].split())
    assert f"matcher keys {name} [OPTIONS]" in said
    assert f"Example: matcher keys {name}" in said
    assert "MATCHER_DATABASE_URL" in said
