"""What `matcher keys make`, `list` and `revoke` do, apart from their options."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table

from matcher.domain import moment_from
from matcher.errors import UsageError
from matcher.listing import WIDTH_WITHOUT_TERMINAL
from matcher.store.commands import database_url
from matcher.store.keys import Key
from matcher.store.store import Store, utc_now

COLUMNS = ("key_id", "state", "scopes", "expires_at", "name")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_SPAN = re.compile(r"(\d{1,6})([dhm])", re.ASCII)


def make_key(
    name: str, *, scopes: Sequence[str], expires: str | None, database: str | None, as_json: bool
) -> None:
    """Make a key and tell it once.

    Raises:
        UsageError: The name, a scope or the expiry is none that a key can have.
    """
    expires_at = None if expires is None else expiry_of(expires, now=utc_now())
    with Store.open(database_url(database)) as store:
        made = store.keys.make(name, scopes=scopes, expires_at=expires_at)
        where = store.name
    if as_json:
        sys.stdout.write(json.dumps({"key": made.text, **_told(made.key)}) + "\n")
    else:
        sys.stdout.write(made.text + "\n")
    sys.stderr.write(
        f"made the key {made.key.key_id} in {where}; it is shown this once, so keep it where "
        "secrets are kept\n"
    )


def list_keys(*, database: str | None, as_json: bool) -> None:
    """Tell every key that was made, the oldest first."""
    with Store.open(database_url(database)) as store:
        found = [_told(key) for key in store.keys.all()]
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
    elif found:
        _print(found)
    else:
        sys.stdout.write("no key was ever made\n")


def revoke_key(key_id: str, *, database: str | None) -> None:
    """Take a key back.

    Raises:
        UnknownKeyError: There is none of this id.
        AlreadyRevokedError: It was taken back before.
    """
    with Store.open(database_url(database)) as store:
        key = store.keys.revoke(key_id)
    sys.stdout.write(f"revoked the key {key.key_id} ({key.name})\n")


def expiry_of(text: str, *, now: datetime) -> datetime:
    """The instant that a person named, or the end of a span from now.

    >>> expiry_of("90d", now=moment_from("2026-01-01T00:00:00Z")).date().isoformat()
    '2026-04-01'

    Raises:
        UsageError: It is neither, or too far away.
    """
    span = _SPAN.fullmatch(text.strip())
    if span is None:
        try:
            return moment_from(text)
        except UsageError as error:
            raise UsageError(f"--expires: {error}, or a span like 90d, 12h or 30m") from error
    try:
        return now + timedelta(**{UNITS[span[2]]: int(span[1])})
    except OverflowError as error:
        raise UsageError(f"--expires: {text} from now is past the year 9999") from error


def _told(key: Key) -> dict[str, object]:
    """A key as JSON, without what tells its secret."""
    return {
        "key_id": key.key_id,
        "name": key.name,
        "scopes": list(key.scopes),
        "state": key.state(utc_now()),
        "created_at": _written(key.created_at),
        "expires_at": _written(key.expires_at),
        "revoked_at": _written(key.revoked_at),
    }


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _print(found: Sequence[Mapping[str, object]]) -> None:
    listed = Table(box=None, pad_edge=False, show_edge=False)
    for column in COLUMNS:
        listed.add_column(column.removesuffix("_at"), overflow="fold")
    for key in found:
        listed.add_row(*(_cell(key[column]) for column in COLUMNS))
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    Console(width=width, highlight=False, markup=False, emoji=False).print(listed)


def _cell(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value or "-")
