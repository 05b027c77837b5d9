"""Logs are JSON, a line an event, and tell no values."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest
import structlog

from matcher.log import configure


@pytest.fixture
def lines(monkeypatch):
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    monkeypatch.setattr(sys, "stderr", stream)
    configure()
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def test_an_event_is_a_line_of_json(lines):
    structlog.get_logger("serving").info("ready", took_s=1.5)
    (line,) = lines()
    assert line.pop("at").endswith("Z")
    assert line == {"event": "ready", "level": "info", "took_s": 1.5}


def test_libraries_log_in_the_same_form(lines):
    logging.getLogger("uvicorn.error").warning("listening on %s", 8080)
    assert lines()[0]["event"] == "listening on 8080"


def test_a_traceback_shows_no_values_of_variables(lines):
    private = "ada@example.org"
    try:
        _ = "short"[len(private)]
    except IndexError:
        structlog.get_logger("serving").exception("request_failed")
    (line,) = lines()
    assert "IndexError: string index out of range" in line["exception"]
    assert private not in line["exception"]


def test_what_is_below_the_level_is_left_out(lines):
    structlog.get_logger("serving").debug("detail")
    logging.getLogger("uvicorn").debug("detail")
    assert lines() == []
