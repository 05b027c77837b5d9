"""What tells that a change does not fit onto what is there, so that all must be made anew."""

from __future__ import annotations


class Outgrown(Exception):  # noqa: N818  (no error: who grows something catches it and makes it anew)
    """The message says of what it does not fit."""
