"""Where a store is: a URL that is understood before anything is opened, and shown without secrets.

SQLite by `sqlite:///FILE`, PostgreSQL by `postgresql://...`. What is shown of a URL holds
neither its password nor its query, for a query may hold one too.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from matcher.errors import UsageError

SQLITE, POSTGRESQL = "sqlite", "postgresql"
EXPECTED = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_MODES = ("ro", "rw")


def address_of(url: str) -> URL:
    """The URL, with the driver that is used.

    Raises:
        UsageError: It is no URL, of another scheme, or names no file.

    >>> address_of("postgresql://user:secret@host/market").drivername
    'postgresql+psycopg'
    """
    try:
        found = make_url(url)
        backend = found.drivername.partition("+")[0]
    except (ArgumentError, ValueError) as error:
        raise UsageError(f"the database URL cannot be read; write {EXPECTED}") from error
    driver = _DRIVERS.get(backend)
    if driver is None or found.drivername not in {backend, driver}:
        raise UsageError(
            f"the database URL has the scheme {found.drivername[:40]!r}, which is not supported; "
            f"write {EXPECTED}"
        )
    if backend == SQLITE:
        _check_file(found)
    return found.set(drivername=driver)


def shown(url: URL) -> str:
    """The URL as it may be told to anybody.

    >>> shown(address_of("postgresql://user:secret@host/market?password=secret"))
    'postgresql://user:***@host/market'
    """
    plain = url.set(drivername=url.get_backend_name(), query={})
    return plain.render_as_string(hide_password=True)


def file_of(url: URL) -> Path:
    """The file of a SQLite URL."""
    return Path(str(url.database)).absolute()


def _check_file(url: URL) -> None:
    name = url.database
    if not name or name == ":memory:" or name.startswith("file:") or url.host:
        raise UsageError(
            f"{shown(url)} names no file, and a store must outlive its process; write "
            "sqlite:///FILE, with four slashes for an absolute path"
        )
    unknown = set(url.query) - {"mode"}
    if unknown or url.query.get("mode", "rw") not in _MODES:
        raise UsageError(
            f"{shown(url)} has a query that is not understood; leave it out, or write ?mode=ro to "
            "read alone"
        )
