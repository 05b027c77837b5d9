"""What a person wants to know of everybody on a list, beyond score and reasons."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from matcher.candidates import Match, Matches
from matcher.details.alike import Alike, Precedent, SimilarJob
from matcher.details.asked import Shared, named_by
from matcher.details.day import overlap_hours
from matcher.details.profile import Profile, profile_of
from matcher.details.record import TrackRecord, track_records
from matcher.learned import Learned
from matcher.ports import Column, Rows
from matcher.retrieval.filters import in_force
from matcher.skills import SkillFinder
from matcher.snapshot import Snapshot

SOURCE_NAMES = {"lexical_profile": "words"}  # told as a person would
NEWCOMER = "newcomer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """One person on a list, as of its instant.

    Attributes:
        sources: What found them; `newcomer` for a seat that was drawn.
        overlap_hours: Of the client's working day; None where an offset is unknown.
        precedents: Past jobs like this one that they were hired for, most alike first.
    """

    profile: Profile
    track_record: TrackRecord
    skills: Shared
    sources: tuple[str, ...]
    overlap_hours: float | None
    precedents: tuple[Precedent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detailed:
    """The details of a list, in its order, and the past jobs that resemble its job."""

    similar_jobs: tuple[SimilarJob, ...]
    people: tuple[Details, ...]


def detailed(
    matches: Matches,
    *,
    snapshot: Snapshot,
    learned: Learned,
    finder: SkillFinder,
    hidden: AbstractSet[str] = frozenset(),
) -> Detailed:
    """The details of whoever is on a list; nothing at or after its instant counts.

    Args:
        hidden: Ids of jobs that are not to be told of.
    """
    query, freelancers = matches.query, snapshot.freelancers
    rows: Rows = np.array([freelancers.rows[one.freelancer_id] for one in matches.top], np.int64)
    versions = query.versions[rows]
    alike = Alike.of(matches, snapshot, hidden=hidden)
    precedents, asked = alike.precedents(rows), named_by(query.job, finder)
    records = track_records(
        snapshot, learned, rows=rows, as_of=query.as_of, client_id=query.job.client_id
    )
    offsets: Column = in_force(freelancers.offset, versions)
    hours = overlap_hours(query.job.utc_offset_hours, offsets)
    people = []
    for match, row, version, record, shared in zip(
        matches.top, rows.tolist(), versions.tolist(), records, hours, strict=True
    ):
        profile = profile_of(freelancers, row, version)
        people.append(
            Details(
                profile=profile,
                track_record=record,
                skills=Shared.of(asked, profile.skills),
                sources=_sources(match),
                overlap_hours=shared,
                precedents=precedents[row],
            )
        )
    return Detailed(similar_jobs=alike.jobs(), people=tuple(people))


def _sources(match: Match) -> tuple[str, ...]:
    found = (name for name in match.components if name != "fused")
    named = tuple(SOURCE_NAMES.get(name, name) for name in found)
    return (*named, NEWCOMER) if match.explored else named
