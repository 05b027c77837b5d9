"""What a `Store` promises of the keys of the service, on every database.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from matcher.errors import AlreadyRevokedError, UnknownKeyError, UsageError
from matcher.store.keys import digest_of, parts_of
from matcher.store.migration import VERSION_TABLE
from matcher.store.store import Store
from tests.contracts.store_contract import FIRST, Clock, filled
from tests.contracts.store_schema_contract import changed
from tests.contracts.store_together_contract import at_once


def everything(store: Store, table: str) -> str:
    with store.database.reading() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table}")).all()
    return "\n".join(map(repr, rows))


class KeysContract:
    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        with Store.open(url, clock=Clock()) as opened:
            yield opened

    def test_a_key_is_read_back_as_it_was_made(self, store: Store):
        until = FIRST + timedelta(days=90, microseconds=1)
        made = store.keys.make("żółć 🦊 '; --", scopes=["write", "read"], expires_at=until)
        assert store.keys.all() == (made.key,)
        assert (made.key.name, made.key.scopes) == ("żółć 🦊 '; --", ("read", "write"))
        assert (made.key.created_at, made.key.expires_at) == (FIRST, until)

    def test_the_secret_is_in_the_text_alone(self, store: Store):
        made = store.keys.make("ci", scopes=["admin"])
        key_id, secret = parts_of(made.text) or ("", "")
        assert made.text == f"matcher_{key_id}_{secret}"
        assert (key_id, made.key.digest) == (made.key.key_id, digest_of(secret))
        assert made.key.holds(secret)
        assert not made.key.holds(secret[:-1] + ("0" if secret[-1] != "0" else "1"))
        assert secret not in everything(store, "keys") + repr(made)

    def test_no_two_keys_are_alike(self, store: Store):
        made = [store.keys.make("same", scopes=["read"]) for _ in range(20)]
        assert len({one.text for one in made}) == len({one.key.key_id for one in made}) == 20
        assert store.keys.all() == tuple(one.key for one in made)

    def test_without_keys_there_are_none(self, store: Store):
        assert store.keys.all() == ()

    def test_a_key_is_revoked_once_and_stays_on_record(self, store: Store):
        key = store.keys.make("ci", scopes=["read"]).key
        other = store.keys.make("other", scopes=["read"]).key
        revoked = store.keys.revoke(key.key_id)
        assert revoked.revoked_at == FIRST + timedelta(seconds=2)
        assert store.keys.all() == (revoked, other)
        with pytest.raises(AlreadyRevokedError, match="was revoked at 2025-01-01T12:00:02"):
            store.keys.revoke(key.key_id)

    def test_of_many_who_revoke_at_once_one_does(self, url: str):
        with Store.open(url) as store:
            key_id = store.keys.make("ci", scopes=["read"]).key.key_id

            def revoke() -> str:
                try:
                    store.keys.revoke(key_id)
                except AlreadyRevokedError:
                    return "late"
                return "revoked"

            assert sorted(at_once([revoke] * 5)) == ["late"] * 4 + ["revoked"]

    @pytest.mark.parametrize("key_id", ["", "0" * 16, "'; DROP TABLE keys; --", "日本" * 200])
    def test_a_key_that_never_was_cannot_be_revoked(self, store: Store, key_id):
        with pytest.raises(UnknownKeyError, match="is on record"):
            store.keys.revoke(key_id)

    @pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\0b", "a\x7fb", "a\u2028b"])
    def test_a_name_that_cannot_be_listed_is_refused(self, store: Store, name):
        with pytest.raises(UsageError, match="the name "):
            store.keys.make(name, scopes=["read"])
        assert store.keys.all() == ()

    @pytest.mark.parametrize("scopes", [[], ["root"], ["read", ""], ["READ"]])
    def test_a_scope_that_is_none_is_refused(self, store: Store, scopes):
        with pytest.raises(UsageError, match=r"read, write, admin"):
            store.keys.make("ci", scopes=scopes)

    def test_a_key_that_has_expired_already_is_not_made(self, store: Store):
        with pytest.raises(UsageError, match="which has passed"):
            store.keys.make("ci", scopes=["read"], expires_at=FIRST)

    def test_what_a_key_is_worth_changes_at_its_instants(self, store: Store):
        until = FIRST + timedelta(days=1)
        key = store.keys.make("ci", scopes=["read"], expires_at=until).key
        assert key.state(until - timedelta(microseconds=1)) == "usable"
        assert key.state(until) == "expired"
        assert store.keys.revoke(key.key_id).state(FIRST) == "revoked"

    @pytest.mark.parametrize(
        ("scopes", "allowed"),
        [
            (["read"], {"read"}),
            (["write"], {"read", "write"}),
            (["admin"], {"read", "write", "admin"}),
            (["read", "admin"], {"read", "write", "admin"}),
        ],
    )
    def test_a_scope_implies_the_lesser_ones(self, store: Store, scopes, allowed):
        key = store.keys.make("ci", scopes=scopes).key
        assert {one for one in ("read", "write", "admin") if key.allows(one)} == allowed

    def test_a_database_from_before_there_were_keys_gets_their_table(self, url: str):
        with Store.open(url) as store:
            before = filled(store).changes(0)
        for later in ("keys", "overrides", "decisions", "erasures"):
            changed(url, f"DROP TABLE {later}")
        for later in ("events_by_job", "events_by_freelancer"):
            changed(url, f"DROP INDEX {later}")
        changed(url, "DELETE FROM about WHERE key = 'erasure_salt'")
        changed(url, f"UPDATE {VERSION_TABLE} SET version_num = '0001'")
        with Store.open(url) as store:
            assert store.changes(0) == before
            assert store.keys.all() == ()
