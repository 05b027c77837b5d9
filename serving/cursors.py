"""Where a page of a listing ended: the instant and the id of its last line."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_FORM = re.compile(r"(-?\d{1,18}):(\S{1,200})", re.ASCII)


def _is_cursor(text: str) -> str:
    if not _FORM.fullmatch(text):
        raise ValueError("`next` of an earlier answer")
    return text


Cursor = Annotated[str, AfterValidator(_is_cursor)]


def place_of(cursor: str) -> tuple[int, str]:
    """The instant and id that a cursor names."""
    at, _, id_ = cursor.partition(":")
    return int(at), id_


def cursor_of(at: int, id_: str) -> str:
    """What names them.

    >>> place_of(cursor_of(-5, "a:b"))
    (-5, 'a:b')
    """
    return f"{at}:{id_}"
