"""A decision made again from a bundle and a log, by the very code that made it."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import numpy as np
from pydantic import ValidationError

from features import FEATURES
from matcher.bundle import Bundle
from matcher.decision_errors import (
    PastGoneError,
    ReplayDiffersError,
    ReplayRefusedError,
    UnknownDecisionError,
)
from matcher.domain import moment_of
from matcher.manifest import model_of
from matcher.ports import Vectors
from matcher.roster import Freelancers, Jobs
from matcher.snapshot import Snapshot
from matcher.store import decisions
from matcher.store.commands import database_url
from matcher.store.decision import Decision
from matcher.store.erased import left_since
from matcher.store.past import past_view
from matcher.store.store import Store
from matcher.store.vectors import text_digest
from matcher.store.view import View
from serving.comparison import Difference, differences
from serving.decisions import Origin, of_jobs, of_matches
from serving.jobs_service import JobsService
from serving.schemas import JobsRequest, MatchRequest
from serving.service import MatchService, Served

SHOWN = 20
Request = TypeVar("Request", MatchRequest, JobsRequest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An `Encoder` that remembers one vector: encoders are not reproducible to the bit.

    Attributes:
        vector: [dim] what the decision's text became then.
    """

    digest: str
    vector: Vectors

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return len(self.vector)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, dim] the one vector, for whatever is asked."""
        return np.tile(self.vector, (len(texts), 1))


def replay_decision(decision_id: str, *, bundle: Path, database: str | None, as_json: bool) -> None:
    """Make a decision again, and tell what differs.

    Raises:
        UnknownDecisionError: None of this id is on record.
        ReplayRefusedError: What it was made of is not there.
        PastGoneError: Some of what was on record then was erased.
        ReplayDiffersError: It came out otherwise.
    """
    with Store.open(database_url(database), migrate=False) as store:
        with store.database.reading() as connection:
            decision = decisions.found(connection, decision_id)
        if decision is None:
            raise UnknownDecisionError(decision_id)
        _refuse_redacted(decision)
        opened = Bundle.open(bundle, features=FEATURES)
        again = made_again(decision, bundle=opened, store=store)
        with store.database.reading() as connection:
            gone = left_since(connection, decision.summary.seq)
    found = differences(decision, again)
    _tell(decision, found, as_json=as_json)
    if found and gone:
        raise PastGoneError(
            f"decision {decision_id} came out otherwise: {gone:,} of the people whose past counted "
            "then may have been erased since, and what followed from it cannot be made again"
        )
    if found:
        counted = "1 value differs" if len(found) == 1 else f"{len(found):,} values differ"
        raise ReplayDiffersError(
            f"decision {decision_id} was made again, and {counted}; the record was changed since, "
            "or another release or machine computes otherwise"
        )


def made_again(decision: Decision, *, bundle: Bundle, store: Store) -> Decision:
    """The decision that the same code makes of the same request over the same past.

    Raises:
        ReplayRefusedError: The bundle or the store is another, or vectors are gone.
        PastGoneError: Some of what was on record then was erased.
    """
    made, identity = decision.summary, store.identity()
    if made.bundle != bundle.digest:
        raise ReplayRefusedError(
            f"decision {made.decision_id} was made by bundle {made.bundle[:12]}, this is "
            f"{bundle.digest[:12]} ({bundle.path}); name the one that made it"
        )
    if decision.about["snapshot"] != f"{identity}:{made.seq}":
        raise ReplayRefusedError(
            f"decision {made.decision_id} was made over {decision.about['snapshot'][:12]}, this "
            f"store is {identity[:12]}; name the store that it was made over"
        )
    view = past_view(store.database, made.seq)
    served = _served(decision, bundle, _snapshot(decision, view, bundle, store), view)
    origin = Origin(served=served, store=identity, seq=made.seq)
    at, id_ = moment_of(made.at), UUID(made.decision_id)
    if made.direction == "jobs":
        jobs = JobsService(served=served, clock=lambda: at, new_id=lambda: id_)
        return of_jobs(
            jobs.matched(made.freelancer_id or "", _asked(decision, JobsRequest)), origin
        )
    matches = MatchService(served=served, clock=lambda: at, new_id=lambda: id_)
    return of_matches(matches.matched(_asked(decision, MatchRequest)), origin)


def _refuse_redacted(decision: Decision) -> None:
    """Refuse a decision that somebody was taken out of."""
    if decision.about.get("erased") is not None:
        raise PastGoneError(
            f"somebody in decision {decision.summary.decision_id} was erased since, and with them "
            "what it was made of; it can be read, but not made again"
        )


def _asked(decision: Decision, kind: type[Request]) -> Request:
    """The request as it was asked."""
    try:
        return kind.model_validate_json(json.dumps(decision.about["request"]))
    except ValidationError as error:
        raise ReplayRefusedError(
            f"decision {decision.summary.decision_id} answered a request that this release does "
            "not take; use the release that made it"
        ) from error


def _served(decision: Decision, bundle: Bundle, snapshot: Snapshot, view: View) -> Served:
    vector = decision.vector
    if vector is None:
        vector = np.zeros(bundle.snapshot.job_vectors.dim, np.float32)
    encoder = Remembered(digest=decision.about["encoder"], vector=vector)
    return Served(
        engine=bundle.model.engine(snapshot, encoder=encoder),
        jobs_engine=bundle.model.jobs_engine(snapshot),
        name=bundle.manifest.name,
        version=bundle.manifest.version,
        digest=bundle.digest,
        encoder=bundle.manifest.encoder,
        until=bundle.manifest.until,
        metrics=bundle.metrics,
        deleted_jobs=view.deleted_jobs,
    )


def _snapshot(decision: Decision, view: View, bundle: Bundle, store: Store) -> Snapshot:
    """The past as the engine holds it; the store has the vectors of all that was ever served."""
    jobs = Jobs.of(view.marketplace.jobs)
    freelancers = Freelancers.of(view.marketplace.freelancers, deleted=view.deleted_freelancers)
    texts = (*jobs.texts, *freelancers.texts)
    digests = [text_digest(text) for text in texts]
    kept = store.vectors(model_of(decision.about["encoder"]), list(dict.fromkeys(digests)))
    if lacking := set(digests) - set(kept):
        raise ReplayRefusedError(
            f"the vectors of {len(lacking):,} texts that were on record then are gone from the "
            "store; restore them from a backup"
        )
    vectors = np.empty((len(texts), bundle.snapshot.job_vectors.dim), np.float32)
    for row, digest in enumerate(digests):
        vectors[row] = kept[digest]
    return Snapshot.assembled(view.marketplace, vectors=vectors, freelancers=freelancers, jobs=jobs)


def _tell(decision: Decision, found: Sequence[Difference], *, as_json: bool) -> None:
    made = decision.summary
    if as_json:
        told = {
            "decision_id": made.decision_id,
            "agrees": not found,
            "seq": made.seq,
            "shown": made.shown,
            "pool": made.shown + len(decision.rest),
            "total": len(found),
            "differences": [asdict(one) for one in found[:SHOWN]],
        }
        sys.stdout.write(json.dumps(told) + "\n")
        return
    if not found:
        sys.stdout.write(
            f"{made.decision_id}: agrees bit for bit ({made.shown:,} shown of "
            f"{made.shown + len(decision.rest):,}, as of change {made.seq:,})\n"
        )
        return
    rows = [("what", "of", "recorded", "again")]
    rows += [(one.what, one.of, one.recorded, one.again) for one in found[:SHOWN]]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")
    if len(found) > SHOWN:
        sys.stdout.write(f"... and {len(found) - SHOWN:,} more\n")
