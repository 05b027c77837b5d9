"""Where what is written by default goes: never the current folder."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """`MATCHER_HOME`, by default the user's data directory; created on first use."""
    chosen = os.environ.get("MATCHER_HOME")
    directory = Path(chosen).expanduser() if chosen else user_data_path("matcher")
    directory.mkdir(parents=True, exist_ok=True)
    return directory
