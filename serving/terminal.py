"""A query in the terminal: the API's own answer, as a table."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from features import FEATURES
from matcher.bundle import Bundle
from matcher.domain import DAY_US, instant_of, moment_of
from matcher.engine import Engine
from matcher.errors import UsageError
from matcher.listing import print_jobs, print_matches
from matcher.retrieval.default import kept
from matcher.settings import Settings
from serving.encoder import serving_encoder
from serving.jobs_service import JobsService
from serving.schemas import JobsRequest, MatchAnswer, MatchRequest
from serving.service import STALE_DAYS, MatchService, Served, now


def match_brief(
    text: str,
    *,
    bundle: Path,
    job: Mapping[str, Any],
    filters: Mapping[str, Any],
    k: int,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Match a brief and print the list.

    Args:
        text: The first line is the title, the rest the description.
        job: Further fields of the job.
        filters: As in the API.

    Raises:
        UsageError: A field is not what the contract allows.
    """
    served = _served(bundle)
    request = _request(text, job=job, filters=filters, k=k, as_of=as_of or _sensible(served))
    answer = MatchService(served=served).match(request)
    if as_json:
        sys.stdout.write(answer.model_dump_json(indent=1) + "\n")
        return
    for warning in answer.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    print_matches(
        answer.matches,
        headlines=headlines(served.engine, answer),
        factors={one.freelancer_id: one.factors.model_dump() for one in answer.matches},
        excluded=answer.excluded,
    )


def match_jobs(
    freelancer_id: str, *, bundle: Path, k: int, as_of: datetime | None, as_json: bool
) -> None:
    """Match open jobs to a freelancer and print the list.

    Raises:
        UnknownFreelancerError: The bundle knows nobody of this id.
    """
    served = _served(bundle)
    request = JobsRequest(k=k, as_of=as_of or _sensible(served))
    answer = JobsService(served=served).jobs(freelancer_id, request)
    if as_json:
        sys.stdout.write(answer.model_dump_json(indent=1) + "\n")
        return
    for warning in answer.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    jobs = served.engine.snapshot.jobs
    titles = {one.job_id: jobs.records[jobs.rows[one.job_id]].title for one in answer.matches}
    print_jobs(answer.matches, headlines=titles, excluded=answer.excluded)


def headlines(engine: Engine, answer: MatchAnswer) -> dict[str, str]:
    """Title and rate of each match, by id, in the profile in force."""
    freelancers = engine.snapshot.freelancers
    versions = freelancers.versions(instant_of(answer.as_of))
    return {
        match.freelancer_id: freelancers.headline(
            int(versions[freelancers.rows[match.freelancer_id]])
        )
        for match in answer.matches
    }


def _served(bundle: Path) -> Served:
    opened = Bundle.open(bundle, features=FEATURES)
    return Served.of(opened, encoder=kept(serving_encoder(opened, Settings())))


def _request(
    text: str,
    *,
    job: Mapping[str, Any],
    filters: Mapping[str, Any],
    k: int,
    as_of: datetime,
) -> MatchRequest:
    title, _, description = text.strip().partition("\n")
    record = {"title": title, "description": description.strip() or None, **job}
    try:
        return MatchRequest.model_validate(
            {"job": record, "filters": filters or None, "k": k, "as_of": as_of}
        )
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}, found {str(one['input'])[:60]!r}"
            for one in error.errors()
        )
        raise UsageError(f"the brief cannot be matched: {wrong}") from error


def _sensible(served: Served) -> datetime:
    """Now; or the data's end, said in a warning, where that is over 30 days ago."""
    moment, last_at = now(), served.last_at
    if last_at is None or instant_of(moment) - last_at <= STALE_DAYS * DAY_US:
        return moment
    end = moment_of(last_at + 1)
    sys.stderr.write(
        f"warning: the data ends at {end.isoformat()}, so that is the instant asked about; "
        "give --as-of for another\n"
    )
    return end
