"""An answer with what it was made of, in either direction."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.candidates import Matches, Query
from matcher.jobs.query import JobMatches, JobsQuery
from serving.schemas import JobsAnswer, JobsRequest, MatchAnswer, MatchRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An answer, and what it was made of.

    Attributes:
        at: When it was asked for; an instant.
        seed: What draws the seats that are explored, whether or not any is.
    """

    request: MatchRequest
    at: int
    seed: int
    query: Query
    matches: Matches
    answer: MatchAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsMatched:
    """An answer, and what it was made of.

    Attributes:
        at: When it was asked for; an instant.
    """

    request: JobsRequest
    freelancer_id: str
    at: int
    query: JobsQuery
    matches: JobMatches
    answer: JobsAnswer
