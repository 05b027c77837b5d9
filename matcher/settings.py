"""What the environment may set; read by entry points only."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

import platformdirs
from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from matcher.errors import UsageError


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
        host: The address that the service listens on.
        allowed_hosts: Further names that it goes by, separated by commas.
        body_timeout_s: How long a request's body may take to arrive.
        request_timeout_s: How long an answer may take.
        drain_s: How long requests in flight may take, once the service is told to end.
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
    host: str = "127.0.0.1"
    allowed_hosts: str = ""
    body_timeout_s: float = Field(default=10.0, gt=0, le=3_600, allow_inf_nan=False)
    request_timeout_s: float = Field(default=30.0, gt=0, le=3_600, allow_inf_nan=False)
    drain_s: float = Field(default=20.0, ge=0, le=3_600, allow_inf_nan=False)

    record_decisions: bool = True
    decisions_kept_days: int = Field(default=400, ge=1, le=36_500)

    @model_validator(mode="wrap")
    @classmethod
    def _told(cls, values: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        """A variable that holds what its setting cannot be is wrong usage, not a bug."""
        try:
            return read(values)
        except ValidationError as error:
            said = "; ".join(
                f"MATCHER_{'_'.join(map(str, one['loc'])).upper()}: found {one['input']!r}, "
                f"{one['msg'][0].lower()}{one['msg'][1:]}"
                for one in error.errors(include_url=False)
            )
            raise UsageError(f"{said}; correct the environment") from error


def home() -> Path:
    """The directory of `Settings.home`, created on first use."""
    directory = Settings().home.expanduser()
    directory.mkdir(parents=True, exist_ok=True)
    return directory
