"""What a browser sends to sign in, and what it is told of whoever asks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matcher.store.keys import Scope
from serving.filters import Closed


class SignIn(Closed):
    """Who wants to ask: a key, as `matcher keys make` printed it."""

    key: Annotated[str, Field(repr=False)]


class SessionRecord(Closed):
    """Who asks, and how far that reaches.

    Attributes:
        needs_key: Whether requests need a key at all.
        signed_in: Whether this one came with a key that is of use.
        scopes: Everything that it reaches; all where no key is needed.
        name: Whose key it is, in words.
        can_write: Whether records and events may be written.
        records: Whether there is a database, so that there are records, events and decisions.
    """

    needs_key: bool
    signed_in: bool
    scopes: tuple[Scope, ...]
    name: str | None
    can_write: bool
    records: bool
