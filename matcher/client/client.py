"""The API as methods: what is asked, what is answered, and what may be sent twice.

Everything may, and is where no answer comes, but an override: it is sent again only if no
connection was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from pydantic import ValidationError

from matcher.client import calls
from matcher.client.answers import (
    Brief,
    Decision,
    JobMatches,
    Matches,
    ModelCard,
    Open,
    Override,
    Ranked,
    Stored,
    StoredFreelancer,
    StoredJob,
    Verdict,
    Verdicts,
    Written,
)
from matcher.client.backoff import Backoff
from matcher.client.batches import batches
from matcher.client.calls import Call, Content
from matcher.client.errors import ApiError, UnreachableError, UnreadableAnswerError
from matcher.client.wire import Answer, Wire
from matcher.errors import UsageError

if TYPE_CHECKING:
    import httpx

BACKOFF = Backoff()
UNKNOWN = {"unknown-freelancer", "unknown-job"}
COUNTED = ("accepted", "duplicate", "conflict", "refused")

Shape = TypeVar("Shape", bound=Open)
Filters = Mapping[str, object]


class MatcherClient:
    """Asks one service; may be used from several threads.

    Every method raises `ApiError` where the service refuses, `UnreachableError` where it does
    not answer, `UnreadableAnswerError` where something else does, and `UsageError` where what is
    to be sent cannot be.

    Args:
        base_url: Where the service is, with the path below which a proxy offers it.
        key: An API key, where the service wants one.
        timeout_s: Of one attempt: to connect, and for every silence in between.
        retries: How often a request may be sent again where no answer came, or one that passes
            (429, 502, 503, 504).
        transport: Of httpx; for tests and unusual networks.
        backoff: How long to wait in between.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        timeout_s: float = 30.0,
        retries: int = 3,
        transport: httpx.BaseTransport | None = None,
        backoff: Backoff = BACKOFF,
    ) -> None:
        self._wire = Wire(
            base_url,
            key=key,
            timeout_s=timeout_s,
            retries=retries,
            backoff=backoff,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def match(
        self,
        job: Content | None = None,
        *,
        job_id: str | None = None,
        k: int = 10,
        filters: Filters | None = None,
        as_of: datetime | str | None = None,
        seed: int | None = None,
        details: bool = False,
    ) -> Matches:
        """Freelancers for a job: by its own fields, or by the id of one that is known."""
        if (job is None) == (job_id is None):
            raise UsageError("expected exactly one of job and job_id; pass one of them")
        content = {"job": job, "job_id": job_id, "k": k, "filters": filters, "as_of": as_of}
        return self._told(
            Matches,
            calls.post("/v1/matches", {**content, "seed": seed, "details": details or None}),
        )

    def jobs_for(
        self,
        freelancer_id: str,
        *,
        k: int = 10,
        filters: Filters | None = None,
        as_of: datetime | str | None = None,
        details: bool = False,
    ) -> JobMatches:
        """Open jobs for a freelancer."""
        path = calls.place("freelancers", freelancer_id) + "/jobs"
        content = {"k": k, "filters": filters, "as_of": as_of, "details": details or None}
        return self._told(JobMatches, calls.post(path, content))

    def brief(self, text: str) -> Brief:
        """What a brief in a person's words asks for."""
        return self._told(Brief, calls.post("/v1/briefs", {"text": text}))

    def freelancer(self, freelancer_id: str) -> StoredFreelancer:
        """A freelancer as of now."""
        return self._told(StoredFreelancer, _get(calls.place("freelancers", freelancer_id)))

    def job(self, job_id: str) -> StoredJob:
        """A job as of now."""
        return self._told(StoredJob, _get(calls.place("jobs", job_id)))

    def put_freelancer(
        self, freelancer_id: str, record: Content, *, if_match: str | None = None
    ) -> Written:
        """Create a freelancer, or replace the whole profile.

        Args:
            if_match: The version that is to be replaced, or `*` for any. If an attempt got no
                answer, the next may find its own version: `ApiError.uncertain` says so.
        """
        path = calls.place("freelancers", freelancer_id)
        return self._told(Written, calls.put(path, record, if_match=if_match))

    def put_job(self, job_id: str, record: Content, *, if_match: str | None = None) -> Written:
        """Create a job, or replace the whole record; `if_match` as in `put_freelancer`."""
        return self._told(
            Written, calls.put(calls.place("jobs", job_id), record, if_match=if_match)
        )

    def delete_freelancer(
        self, freelancer_id: str, *, erase: bool = False, if_match: str | None = None
    ) -> None:
        """Take a freelancer off every list.

        Args:
            erase: Take out what is on record of the person, too; it cannot be undone.
        """
        path = calls.place("freelancers", freelancer_id)
        self._deleted(calls.delete(path, erase=erase, if_match=if_match))

    def delete_job(self, job_id: str, *, if_match: str | None = None) -> None:
        """Close a job at once, and for good."""
        self._deleted(calls.delete(calls.place("jobs", job_id), if_match=if_match))

    def add_events(self, events: Iterable[Content]) -> Verdicts:
        """Hand in what happened; a verdict for each, in the order sent.

        However many there are: they are read and sent a request's worth at a time. Where one
        of the requests fails, those before it are on record, and all may be sent again.
        """
        if isinstance(events, Mapping | str | bytes):
            raise UsageError(
                f"found one {type(events).__name__}, expected several events; put it into a list"
            )
        counts = dict.fromkeys(COUNTED, 0)
        verdicts: list[Verdict] = []
        for call in batches(events):
            answer = self._told(Verdicts, call)
            verdicts.extend(answer.verdicts)
            for name in COUNTED:
                counts[name] += getattr(answer, name)
        return Verdicts(**counts, verdicts=tuple(verdicts))

    def decision(self, decision_id: str) -> Decision:
        """A list that was answered with, as it is on record."""
        return self._told(Decision, _get(calls.place("decisions", decision_id)))

    def override(
        self, decision_id: str, order: Sequence[str], *, by: str, reason: str = ""
    ) -> Override:
        """Put a person's order of a list on record; sent again only if no connection was made."""
        path = calls.place("decisions", decision_id) + "/override"
        content = {"order": calls.listed(order), "by": by, "reason": reason}
        return self._told(Override, calls.post(path, content, repeatable=False))

    def rerank(
        self,
        query: str,
        documents: Sequence[str | Mapping[str, str]],
        *,
        top_n: int | None = None,
    ) -> Ranked:
        """Documents in the order of a query: how alike their words mean, and nothing else."""
        content = {"query": query, "documents": calls.listed(documents), "top_n": top_n}
        return self._told(Ranked, calls.post("/v1/rerank", content))

    def model(self) -> ModelCard:
        """Which model answers, and what its training measured."""
        return self._told(ModelCard, _get("/v1/model"))

    def is_ready(self) -> bool:
        """Whether the service answers with a match by now; asked once, without waiting.

        Raises:
            ApiError: Something answers that is not a service on its way.
        """
        try:
            self._wire.ask(_get("/readyz"), retries=0)
        except UnreachableError:
            return False
        except ApiError as error:
            if error.status == 503:
                return False
            raise
        return True

    def _deleted(self, call: Call) -> None:
        try:
            self._wire.ask(call)
        except ApiError as error:
            if not (error.uncertain and error.code in UNKNOWN):
                raise  # else an attempt that got no answer was carried out

    def _told(self, shape: type[Shape], call: Call) -> Shape:
        return _read(shape, self._wire.ask(call), call)


def _get(path: str) -> Call:
    return Call(method="GET", path=path)


def _read(shape: type[Shape], answer: Answer, call: Call) -> Shape:
    """The answer in its shape; a record with its version."""
    try:
        found = shape.model_validate_json(answer.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the answer"
        raise UnreadableAnswerError(
            f"{call.method} {call.path} was answered with no {shape.__name__} ({where}: "
            f"{first['msg']}); check the address, and the releases of client and service"
        ) from error
    if isinstance(found, Stored):
        return found.model_copy(update={"version": answer.version})
    return found
