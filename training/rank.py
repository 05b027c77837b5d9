"""Rank a file of jobs and write the lists, as a TREC run or as JSON lines."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from features import FEATURES
from matcher.bundle import Bundle
from matcher.candidates import Matches
from matcher.domain import Job, instant_of, moment_of
from matcher.engine import Engine
from matcher.errors import InvalidRecordError, OutputExistsError, UnknownJobError, UsageError
from matcher.heads import FACTORS
from matcher.marketplace import read_marketplace
from matcher.progress import progress
from matcher.records import JobRecord, read_job
from matcher.retrieval.default import default_encoder
from matcher.snapshot import Snapshot


def rank_file(
    directory: Path,
    *,
    bundle: Path,
    jobs: Path,
    k: int,
    form: str,
    out: Path | None,
    force: bool,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Rank every job of a JSONL file over what a marketplace directory records.

    Raises:
        UsageError: The format is unknown.
        InvalidRecordError: A line is not a job; nothing is written.
        UnknownJobError: A line names a job that the directory does not hold.
    """
    if form not in WRITERS:
        raise UsageError(f"--format is {form!r}; choose one of {', '.join(sorted(WRITERS))}")
    if out is not None and out.exists() and not force:
        raise OutputExistsError(out)
    opened = Bundle.open(bundle, features=FEATURES)
    encoder = default_encoder()
    opened.require(encoder)
    snapshot = Snapshot.of(read_marketplace(directory), encoder=encoder)
    wanted = read_jobs(jobs, snapshot)
    engine = opened.model.engine(snapshot, encoder=encoder)
    _warn_of_the_past(opened, wanted)
    lines = WRITERS[form](_ranked(engine, wanted, k=k, now=now))
    if out is None:
        sys.stdout.writelines(lines)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.part")
    with partial.open("w", encoding="utf-8") as stream:
        stream.writelines(lines)
    partial.replace(out)


def read_jobs(path: Path, snapshot: Snapshot) -> list[Job]:
    """The jobs of a JSONL file; `{"job_id": ...}` alone is the snapshot's own."""
    found: list[Job] = []
    seen: set[str | None] = set()
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidRecordError(f"{path} is not UTF-8 ({error}); save it as UTF-8") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found.append(_job(line, f"{path}, line {number}", snapshot))
            if found[-1].job_id is not None and found[-1].job_id in seen:
                raise InvalidRecordError(
                    f"{path}, line {number}: job_id {found[-1].job_id!r} stands on an earlier line "
                    "too; give every job an id of its own; nothing was written"
                )
            seen.add(found[-1].job_id)
    return found


def _job(line: str, where: str, snapshot: Snapshot) -> Job:
    try:
        content = json.loads(line)
        if isinstance(content, dict) and set(content) == {"job_id"}:
            return _own_job(content["job_id"], snapshot)
        known = {
            key: value for key, value in dict(content).items() if key in JobRecord.model_fields
        }
        return read_job(known)
    except InvalidRecordError as error:
        raise InvalidRecordError(f"{where}: {error}; nothing was written") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidRecordError(
            f"{where} is not a JSON object ({error}); write one job a line; nothing was written"
        ) from error


def _own_job(job_id: object, snapshot: Snapshot) -> Job:
    if not isinstance(job_id, str) or job_id not in snapshot.jobs.rows:
        raise UnknownJobError(str(job_id))
    return snapshot.jobs.records[snapshot.jobs.rows[job_id]]


def _ranked(
    engine: Engine, jobs: list[Job], *, k: int, now: Callable[[], datetime]
) -> Iterator[tuple[str, Matches]]:
    with progress("Ranking jobs", total=len(jobs)) as advance:
        for number, job in enumerate(jobs, start=1):
            as_of = instant_of(job.posted_at or now())
            query = engine.ask(job, as_of=as_of, k=k)
            yield job.job_id or f"line-{number}", engine.match(query, explain=False)
            advance(1)


def _trec(answers: Iterator[tuple[str, Matches]]) -> Iterator[str]:
    """`job_id Q0 freelancer_id rank score matcher`.

    A reader that sorts by score must find our order, so a tie falls by the least step.
    """
    for job_id, matches in answers:
        score = math.inf
        for match in matches.top:
            score = min(match.score, math.nextafter(score, -math.inf))
            yield f"{job_id} Q0 {match.freelancer_id} {match.rank} {score!r} matcher\n"


def _jsonl(answers: Iterator[tuple[str, Matches]]) -> Iterator[str]:
    for job_id, matches in answers:
        yield (
            json.dumps(
                {
                    "job_id": job_id,
                    "as_of": moment_of(matches.query.as_of).isoformat(),
                    "matches": [
                        {
                            "freelancer_id": match.freelancer_id,
                            "rank": match.rank,
                            "score": match.score,
                            "p_hire": match.p_hire,
                            "factors": {name: match.factors.get(name) for name in FACTORS},
                            "expected_value": match.expected_value,
                        }
                        for match in matches.top
                    ],
                },
                ensure_ascii=False,
            )
            + "\n"
        )


WRITERS: dict[str, Callable[[Iterator[tuple[str, Matches]]], Iterator[str]]] = {
    "trec": _trec,
    "jsonl": _jsonl,
}


def _warn_of_the_past(bundle: Bundle, jobs: list[Job]) -> None:
    until = bundle.manifest.until
    seen = bundle.manifest.last_at if until is None else until
    early = sum(1 for job in jobs if job.posted_at and instant_of(job.posted_at) < seen)
    if early:
        sys.stderr.write(
            f"warning: {early:,} jobs were posted before {moment_of(seen).isoformat()}, until when "
            "the bundle learned: its parameters have seen their outcomes\n"
        )
