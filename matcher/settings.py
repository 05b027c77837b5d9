"""What the environment may set; read by entry points only."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_home() -> Path:
    """Where the product keeps what nobody named a place for: the user's data directory."""
    return platformdirs.user_data_path("matcher", appauthor=False)


class Settings(BaseSettings):
    """Settings by name, each from `MATCHER_` and that name in capitals.

    Attributes:
        home: Cache, run log and databases, unless they are named; never the current folder.
        encoder: A sentence-transformers directory; the bundled all-MiniLM-L6-v2, if None.
        precision: How the encoder computes.
        bundle: The bundle to serve.
        database_url: The store; a SQLite file under `home`, if None. It may hold a password.
        wait_for_writes_s: How long a read waits for the writes acknowledged before it.
        record_decisions: Whether lists that were answered with are kept in the store.
        decisions_kept_days: How long.
    """

    model_config = SettingsConfigDict(
        env_prefix="MATCHER_", frozen=True, extra="forbid", env_ignore_empty=True
    )

    home: Path = Field(default_factory=default_home)
    encoder: Path | None = None
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    bundle: Path | None = None
    database_url: str | None = Field(default=None, repr=False)
    wait_for_writes_s: float = Field(default=2.0, ge=0, le=60, allow_inf_nan=False)
    record_decisions: bool = True
    decisions_kept_days: int = Field(default=400, ge=1, le=36_500)


def home() -> Path:
    """The directory of `Settings.home`, created on first use."""
    directory = Settings().home.expanduser()
    directory.mkdir(parents=True, exist_ok=True)
    return directory
