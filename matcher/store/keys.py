"""The keys of the service: who may ask it, and for what.

A key reads `matcher_<key_id>_<secret>`. Its secret is shown once, when it is made; the database
holds its SHA-256 digest alone. That hash is fast, and may be: the secret is 256 random bits, so
whoever holds the digest has nothing to guess from, which is all that a slow hash is against. Rows
are never deleted, so that a service that has had a key never opens again.

Source: Grassi et al., Digital Identity Guidelines, NIST SP 800-63B, 2017, section 5.1.2.2, for
secrets of 112 bits or more, doi:10.6028/NIST.SP.800-63b; OWASP Password Storage Cheat Sheet, for
slow hashes, which it asks for where people choose the secret.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import RowMapping, insert, select, update

from matcher.domain import instant_of, moment_of
from matcher.errors import AlreadyRevokedError, UnknownKeyError, UsageError
from matcher.store import tables
from matcher.store.database import Database

Scope = Literal["read", "write", "admin"]
State = Literal["usable", "expired", "revoked"]

SCOPES: tuple[Scope, ...] = ("read", "write", "admin")  # each implies those before it
LONGEST_NAME = 100
_FORM = re.compile(r"matcher_([0-9a-f]{16})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is on record of a key.

    Attributes:
        key_id: Names it in logs and commands; not secret.
        name: Whose it is, in words.
        scopes: As given; a scope implies those before it in `SCOPES`.
        digest: SHA-256 of the secret.
        expires_at: From this instant on it is refused; None: never.
        revoked_at: When it was taken back; None: it was not.
    """

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    digest: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> State:
        """What it is worth at an instant; revoked, if it is both."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "usable"

    @property
    def reach(self) -> tuple[Scope, ...]:
        """Its scopes, and all that they imply."""
        farthest = max(map(SCOPES.index, self.scopes), default=-1)
        return SCOPES[: farthest + 1]

    def allows(self, scope: Scope) -> bool:
        """Whether it reaches as far as a scope."""
        return scope in self.reach

    def holds(self, secret: str) -> bool:
        """Whether this is its secret; takes as long whatever differs."""
        return hmac.compare_digest(self.digest, digest_of(secret))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new key, and the one chance to see its text."""

    key: Key
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys in a database; safe to use from several threads.

    Every method raises `StoreUnavailableError` where the database is away.

    Attributes:
        clock: Tells the instant of making and revoking.
    """

    database: Database
    clock: Callable[[], datetime]

    def make(self, name: str, *, scopes: Sequence[str], expires_at: datetime | None = None) -> Made:
        """Make a key, and keep all of it but its secret.

        Raises:
            UsageError: The name, a scope or the expiry is none that a key can have.
        """
        now = self.clock()
        _check_name(name)
        if expires_at is not None and expires_at <= now:
            raise UsageError(
                f"the key would expire at {expires_at.isoformat()}, which has passed; name a later "
                "instant, or none"
            )
        key_id, secret = secrets.token_hex(8), secrets.token_hex(32)
        key = Key(
            key_id=key_id,
            name=name,
            scopes=_scopes(scopes),
            digest=digest_of(secret),
            created_at=moment_of(instant_of(now)),
            expires_at=expires_at,
        )
        row = {
            "key_id": key_id,
            "name": name,
            "digest": key.digest,
            "scopes": " ".join(key.scopes),
            "created_at": instant_of(now),
            "expires_at": expires_at and instant_of(expires_at),
        }
        with self.database.writing() as connection:
            connection.execute(insert(tables.keys).values(row))
        return Made(key=key, text=f"matcher_{key_id}_{secret}")

    def all(self) -> tuple[Key, ...]:
        """Every key that was ever made, the oldest first."""
        order = (tables.keys.c.created_at, tables.keys.c.key_id)
        with self.database.reading() as connection:
            rows = connection.execute(select(tables.keys).order_by(*order)).mappings().all()
        return tuple(map(_key, rows))

    def any_usable(self) -> bool:
        """Whether there is a key that is neither expired nor revoked."""
        now = self.clock()
        return any(key.state(now) == "usable" for key in self.all())

    def revoke(self, key_id: str) -> Key:
        """Take a key back, for good.

        Raises:
            UnknownKeyError: There is none of this id.
            AlreadyRevokedError: It was taken back before.
        """
        table = tables.keys
        this = table.c.key_id == key_id
        with self.database.writing() as connection:
            found = connection.execute(select(table).where(this).with_for_update()).mappings()
            row = found.one_or_none()
            if row is None:
                raise UnknownKeyError(key_id)
            key = _key(row)
            if key.revoked_at is not None:
                raise AlreadyRevokedError(key_id, at=key.revoked_at)
            now = instant_of(self.clock())
            connection.execute(update(table).where(this).values(revoked_at=now))
        return replace(key, revoked_at=moment_of(now))


def digest_of(secret: str) -> bytes:
    """What the database holds of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def parts_of(text: str) -> tuple[str, str] | None:
    """The id and the secret that a key's text is made of; None where it is no key.

    >>> parts_of("matcher_" + "0" * 16 + "_" + "f" * 64) == ("0" * 16, "f" * 64)
    True
    >>> parts_of("hunter2") is None
    True
    """
    found = _FORM.fullmatch(text)
    return None if found is None else (found[1], found[2])


def _key(row: RowMapping) -> Key:
    def moment(name: str) -> datetime | None:
        return None if row[name] is None else moment_of(int(row[name]))

    given = str(row["scopes"]).split()
    return Key(
        key_id=str(row["key_id"]),
        name=str(row["name"]),
        scopes=tuple(one for one in SCOPES if one in given),
        digest=bytes(row["digest"]),
        created_at=moment_of(int(row["created_at"])),
        expires_at=moment("expires_at"),
        revoked_at=moment("revoked_at"),
    )


def _scopes(named: Sequence[str]) -> tuple[Scope, ...]:
    for one in named:
        if one not in SCOPES:
            raise UsageError(f"found the scope {one[:40]!r}, expected one of {', '.join(SCOPES)}")
    if not named:
        raise UsageError(f"a key needs a scope; name one or more of {', '.join(SCOPES)}")
    return tuple(one for one in SCOPES if one in named)


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise UsageError(
            f"the name has {len(name):,} characters, expected 1 to {LONGEST_NAME}, not all of them "
            "blank; say whose key it is"
        )
    if any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} for one in name):
        raise UsageError(
            f"the name is {name!r}, and has a control character, a line break or half a surrogate; "
            "leave it out"
        )
