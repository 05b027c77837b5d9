"""What the environment may set; read by entry points only."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from matcher.retrieval.encoders import Precision


def default_home() -> Path:
    """Where the product keeps what nobody named a place for: the user's data directory."""
    return platformdirs.user_data_path("matcher", appauthor=False)


class Settings(BaseSettings):
    """Settings by name, each from `MATCHER_` and that name in capitals.

    Attributes:
        home: Cache, experiment store and databases, unless they are named.
        encoder: A sentence-transformers directory; the bundled all-MiniLM-L6-v2, if None.
        precision: How the encoder computes.
        bundle: The bundle to serve.
        database_url: The store; nothing reads it yet.
    """

    model_config = SettingsConfigDict(
        env_prefix="MATCHER_", frozen=True, extra="forbid", env_ignore_empty=True
    )

    home: Path = Field(default_factory=default_home)
    encoder: Path | None = None
    precision: Precision = "auto"
    bundle: Path | None = None
    database_url: str | None = None
