"""`matcher serve`: what it refuses before it listens."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from matcher.errors import UsageError
from matcher.store.store import Store
from serving.cli import app

BEYOND = ("--host", "0.0.0.0")  # noqa: S104


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'm.db'}"


def refusal(*arguments: str) -> str:
    error = CliRunner().invoke(app, ["serve", "--bundle", "nowhere", *arguments]).exception
    assert isinstance(error, UsageError), error
    assert error.exit_code == 2
    return str(error)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])  # noqa: S104
def test_an_address_that_others_reach_is_refused_without_a_database(host):
    said = refusal("--host", host)
    assert "expected a loopback address" in said
    assert "matcher keys make NAME" in said


def test_an_address_that_others_reach_is_refused_without_a_key_that_may_be_used(url):
    assert "expected a loopback address" in refusal(*BEYOND, "--database", url)
    with Store.open(url) as store:
        past = Store(database=store.database, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
        past.keys.make("old", scopes=["read"], expires_at=datetime(2021, 1, 1, tzinfo=UTC))
        store.keys.revoke(store.keys.make("gone", scopes=["read"]).key.key_id)
    said = refusal(*BEYOND, "--database", url)
    assert "holds none that is neither expired nor revoked" in said


def test_with_a_key_any_address_passes(url, tmp_path: Path, monkeypatch):
    with Store.open(url) as store:
        store.keys.make("ci", scopes=["read"])
    monkeypatch.setenv("MATCHER_BUNDLE", "")
    monkeypatch.setenv("MATCHER_HOST", "")
    monkeypatch.setenv("MATCHER_DATABASE_URL", "")
    monkeypatch.setattr("serving.app.configure", lambda: None)
    arguments = ["serve", "--bundle", str(tmp_path / "none"), *BEYOND, "--database", url]
    result = CliRunner().invoke(app, [*arguments, "--port", "0"])
    assert "is not a bundle" in str(result.exception)


def test_a_port_that_is_taken_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "name another --port" in refusal("--port", str(taken.getsockname()[1]))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.8.8.8"])
def test_a_loopback_address_passes(host, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MATCHER_BUNDLE", "")
    monkeypatch.setenv("MATCHER_HOST", "")
    monkeypatch.setattr("serving.app.configure", lambda: None)
    bundle = str(tmp_path / "none")
    result = CliRunner().invoke(app, ["serve", "--bundle", bundle, "--host", host, "--port", "0"])
    assert "is not a bundle" in str(result.exception)
