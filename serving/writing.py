"""From what was sent to what is on record: with its vector, in one transaction.

A write that returns is committed. Then whatever answers is told, so that it catches up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matcher.errors import UnknownFreelancerError, UnknownJobError
from matcher.records import JobRecord, job_of
from matcher.roster import text_of
from matcher.store.cells import Record
from matcher.store.erasure import Asked
from matcher.store.happenings import Verdict
from matcher.store.records import Stored, Written
from matcher.store.store import Store
from matcher.store.timeline import Wanted, listed
from matcher.text import profile_text
from serving.following import Follower
from serving.records import FreelancerRecord, event_id_of, event_of

Kind = Literal["freelancers", "jobs"]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes and reads single records; safe to use from several threads.

    Every method raises `StoreUnavailableError` where the database is away, and
    `StaleVersionError` where `if_match` names another version than is on record.
    """

    follower: Follower

    def put_freelancer(
        self, id_: str, record: FreelancerRecord, *, if_match: str | None
    ) -> Written:
        """Create a freelancer, or replace the profile from now on.

        Raises:
            InvalidRecordError: It breaks the contract.
        """
        text = profile_text(record.title, record.overview, skills=record.skills or ())
        fields = {**record.model_dump(), "freelancer_id": id_}
        return self._put(Store.put_freelancer, fields, text=text, if_match=if_match)

    def put_job(self, id_: str, record: JobRecord, *, if_match: str | None) -> Written:
        """Create a job, or replace it.

        Raises:
            InvalidRecordError: It breaks the contract.
        """
        fields = {**record.model_dump(), "job_id": id_}
        return self._put(Store.put_job, fields, text=text_of(job_of(record)), if_match=if_match)

    def read(self, kind: Kind, id_: str) -> Stored:
        """A record as of now.

        Raises:
            UnknownFreelancerError: There is none, or it is deleted; UnknownJobError likewise.
        """
        with self.follower.store() as store:
            return store.freelancer(id_) if kind == "freelancers" else store.job(id_)

    def delete(self, kind: Kind, id_: str, *, if_match: str | None) -> None:
        """Take a record off every list.

        Raises:
            UnknownFreelancerError: There is none, or it is deleted; UnknownJobError likewise.
        """
        is_job = kind == "jobs"
        with self.follower.store() as store:
            take = store.delete_job if is_job else store.delete_freelancer
            written = take(id_, if_match=if_match)
        self.follower.wrote(int(written.version))
        if not written.changed:
            raise UnknownJobError(id_) if is_job else UnknownFreelancerError(id_)

    def erase(self, id_: str, *, if_match: str | None) -> Asked:
        """Take a freelancer off every list, for nothing of them to stay.

        Raises:
            UnknownFreelancerError: There never was one of this id.
        """
        with self.follower.store() as store:
            asked = store.erasures.ask(id_, if_match=if_match)
        self.follower.wrote(asked.seq)
        return asked

    def add_events(self, contents: Sequence[object]) -> list[Verdict]:
        """Keep the events that are sound and new; a verdict for each, in the order given."""
        judged = [event_of(content) for content in contents]
        sound = [one for one in judged if isinstance(one, dict)]
        with self.follower.store() as store:
            given = iter(store.add_events(sound) if sound else ())
        verdicts = [
            Verdict(event_id=event_id_of(content), status="refused", reason=one)
            if isinstance(one, str)
            else next(given)
            for content, one in zip(contents, judged, strict=True)
        ]
        self.follower.wrote(max((one.seq for one in verdicts), default=0))
        return verdicts

    def events(self, wanted: Wanted) -> list[Record]:
        """Events on record, newest first."""
        with self.follower.store() as store, store.database.reading() as connection:
            return listed(connection, wanted)

    def _put(
        self,
        put: Callable[..., Written],
        fields: dict[str, Any],
        *,
        text: str,
        if_match: str | None,
    ) -> Written:
        with self.follower.store() as store:
            encoded = self.follower.recall.fresh(text)
            written = put(store, fields, if_match=if_match, encoded=encoded)
        self.follower.wrote(int(written.version))
        return written
