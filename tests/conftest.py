"""Fixtures shared by every package's tests."""

from __future__ import annotations

import pytest

from matcher.retrieval.encoders import SentenceTransformerEncoder


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEncoder:
    """The real default encoder; loading takes some five seconds, once a session."""
    encoder = SentenceTransformerEncoder()
    encoder.warm()
    return encoder
