"""`matcher serve`: what it refuses before it listens."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from matcher.errors import UsageError
from serving.cli import app


def refusal(*arguments: str) -> str:
    error = CliRunner().invoke(app, ["serve", "--bundle", "nowhere", *arguments]).exception
    assert isinstance(error, UsageError), error
    assert error.exit_code == 2
    return str(error)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])  # noqa: S104
def test_an_address_that_others_reach_is_refused(host):
    assert "expected a loopback address" in refusal("--host", host)


def test_a_port_that_is_taken_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "name another --port" in refusal("--port", str(taken.getsockname()[1]))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.8.8.8"])
def test_a_loopback_address_passes(host, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MATCHER_BUNDLE", "")
    monkeypatch.setattr("serving.app.configure", lambda: None)
    bundle = str(tmp_path / "none")
    result = CliRunner().invoke(app, ["serve", "--bundle", bundle, "--host", host, "--port", "0"])
    assert "is not a bundle" in str(result.exception)
