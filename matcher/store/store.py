"""The truth at run time: what was acknowledged is on disk, and every change is in the log.

A write is one transaction: the record, the vectors of its texts and its entry in the log are
all kept or none is. Index, roster and history are views that follow the log by number.
Safe to use from several threads; open one store a process, after a fork.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from matcher.domain import instant_of
from matcher.growth import News
from matcher.marketplace import Marketplace
from matcher.ports import Column
from matcher.store import happenings, records, tables, vectors
from matcher.store.address import address_of, shown
from matcher.store.checking import checked, checked_alone
from matcher.store.database import Database
from matcher.store.erased import left_since
from matcher.store.erasures import Erasures
from matcher.store.happenings import Verdict
from matcher.store.ingest import Ingested, ingest
from matcher.store.journal import Change, changes_after, last_seq, writing
from matcher.store.keys import Keys
from matcher.store.migration import prepare
from matcher.store.records import Stored, Written
from matcher.store.since import Since, departed, since
from matcher.store.vectors import Encoded
from matcher.store.view import View, view_of

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """What the clock says."""
    return datetime.now(UTC)


def _ignore(rows: int) -> None:
    """Nobody is watching."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A marketplace in a database, SQLite or PostgreSQL alike.

    Attributes:
        database: Where it is.
        clock: Tells the instant of a write.
    """

    database: Database
    clock: Clock = utc_now

    @classmethod
    def open(cls, url: str, *, migrate: bool = True, clock: Clock = utc_now) -> Store:
        """Open a store, its tables made or brought up to date first.

        Raises:
            UsageError: The URL is not understood.
            StoreRefusedError: The database is not one that this release may use.
            StoreUnavailableError: It cannot be reached or written.
        """
        database = Database.at(address_of(url))
        try:
            prepare(database, migrate=migrate)
        except BaseException:
            database.engine.dispose()
            raise
        return cls(database=database, clock=clock)

    def close(self) -> None:
        """Give every connection back; the store may still be used, and opens new ones."""
        self.database.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """Its URL, as it may be told to anybody."""
        return shown(self.database.url)

    @property
    def keys(self) -> Keys:
        """Who may ask the service."""
        return Keys(database=self.database, clock=self.clock)

    @property
    def erasures(self) -> Erasures:
        """Who was erased, and is to be."""
        return Erasures(database=self.database, clock=self.clock)

    # Records

    def put_freelancer(
        self,
        record: Mapping[str, object],
        *,
        if_match: str | None = None,
        encoded: Encoded | None = None,
    ) -> Written:
        """Create a freelancer, or give one who is there a new version from now on.

        Args:
            record: Flat; `joined_at` is now by default, and never changes.
            if_match: Refuse unless the record is of this version; `*` is any.
            encoded: The vector of the profile's text, kept with it.

        Raises:
            InvalidRecordError: It breaks the contract.
            StaleVersionError: It is of another version, or not there.
            ErasurePendingError: Whoever had the id is being erased.
        """
        return self._put("freelancers", "joined_at", record, if_match=if_match, encoded=encoded)

    def put_job(
        self,
        record: Mapping[str, object],
        *,
        if_match: str | None = None,
        encoded: Encoded | None = None,
    ) -> Written:
        """Create a job, or replace the one that is there; otherwise as for a freelancer."""
        return self._put("jobs", "posted_at", record, if_match=if_match, encoded=encoded)

    def freelancer(self, id_: str) -> Stored:
        """A freelancer as of now.

        Raises:
            UnknownFreelancerError: There is none of this id, or it is deleted.
        """
        with self.database.reading() as connection:
            return records.stored(connection, "freelancers", id_)

    def job(self, id_: str) -> Stored:
        """A job as of now.

        Raises:
            UnknownJobError: There is none of this id, or it is deleted.
        """
        with self.database.reading() as connection:
            return records.stored(connection, "jobs", id_)

    def delete_freelancer(self, id_: str, *, if_match: str | None = None) -> Written:
        """Take a freelancer off every list; what happened with them stays on record.

        Raises:
            UnknownFreelancerError: There never was one of this id.
            StaleVersionError: It is of another version.
        """
        with writing(self.database, now=self._now()) as work:
            return records.delete(work, "freelancers", id_, if_match=if_match)

    def delete_job(self, id_: str, *, if_match: str | None = None) -> Written:
        """Close a job at once, and for good.

        Raises:
            UnknownJobError: There never was one of this id.
            StaleVersionError: It is of another version.
        """
        with writing(self.database, now=self._now()) as work:
            return records.delete(work, "jobs", id_, if_match=if_match)

    def ingest(
        self, marketplace: Marketplace, *, advance: Callable[[int], None] = _ignore
    ) -> Ingested:
        """Take in a whole marketplace, deduplicated by id, by the batch.

        Each batch is a transaction: cut short, it is finished by doing it again.

        Args:
            marketplace: What was read; nothing of it is written if a text holds NUL.
            advance: Told how many rows were done.

        Raises:
            InvalidMarketplaceError: A text holds NUL, which not every database can hold.
        """
        return ingest(self.database, marketplace, clock=self._now, advance=advance)

    def add_events(self, events: Sequence[object]) -> list[Verdict]:
        """Keep those that are sound and new; a verdict for each, in the order given."""
        sound = checked(events, "events")
        if not any(one.cells for one in sound):
            return [happenings.refusal(one) for one in sound]
        with writing(self.database, now=self._now()) as work:
            return happenings.add(work, sound)

    # The log, vectors, and everything at once

    def head(self) -> int:
        """The number of the last change; 0 before the first."""
        with self.database.reading() as connection:
            return last_seq(connection)

    def changes(self, after: int, *, limit: int = 1_000) -> list[Change]:
        """The changes that follow number `after`, in order; none is ever skipped."""
        with self.database.reading() as connection:
            return changes_after(connection, after, limit=limit)

    def vectors(self, encoder: str, digests: Sequence[bytes]) -> dict[bytes, Column]:
        """The vectors [dim] float32 that are kept, by the digests of their texts."""
        with self.database.reading() as connection:
            return vectors.kept(connection, encoder, digests)

    def put_vectors(self, encoded: Encoded, *, after: int | None = None) -> None:
        """Keep vectors; the first one that was made of a text stays.

        Args:
            encoded: The vectors.
            after: The change as of which their texts were read: nothing is kept if somebody was
                erased since, for one of the texts may be theirs.
        """
        with writing(self.database, now=self._now()) as work:
            if after is None or not left_since(work.connection, after):
                vectors.keep(work.connection, encoded)

    def view(self) -> View:
        """Everything on record at one instant, and the number of the change it follows."""
        with self.database.reading() as connection:
            return view_of(connection)

    def since(self, after: int, *, most: int = 20_000) -> Since:
        """What was written after change number `after`, as rows.

        Raises:
            Outgrown: There are more changes than `most`, or somebody was erased.
        """
        with self.database.reading() as connection:
            return since(connection, after, most=most)

    def departed(self, ids: Collection[str]) -> News:
        """Who of some freelancers is on no list by now, and nothing else."""
        with self.database.reading() as connection:
            return departed(connection, ids)

    def marketplace(self) -> Marketplace:
        """Everything on record as a marketplace, deleted records included."""
        return self.view().marketplace

    # What a store knows of itself

    def identity(self) -> str:
        """Drawn when the tables were made; a copy of the database has the same."""
        return self._about("store_id") or ""

    def origin(self) -> str | None:
        """The digest of what it was seeded from; None where nothing was told."""
        return self._about("origin")

    def set_origin(self, digest: str) -> None:
        """Say what it was seeded from."""
        with writing(self.database, now=self._now()) as work:
            table = tables.about
            work.connection.execute(delete(table).where(table.c.key == "origin"))
            work.connection.execute(insert(table).values(key="origin", value=digest))

    def _put(
        self,
        name: str,
        since: str,
        record: Mapping[str, object],
        *,
        if_match: str | None,
        encoded: Encoded | None,
    ) -> Written:
        now = self.clock()
        dated = {**record, since: now} if record.get(since) is None else record
        cells = checked_alone(dated, name)
        with writing(self.database, now=instant_of(now)) as work:
            written = records.put(work, name, cells, if_match=if_match, given=record)
            if encoded is not None:
                vectors.keep(work.connection, encoded)
        return written

    def _about(self, key: str) -> str | None:
        with self.database.reading() as connection:
            query = select(tables.about.c.value).where(tables.about.c.key == key)
            return connection.execute(query).scalar_one_or_none()

    def _now(self) -> int:
        return instant_of(self.clock())
