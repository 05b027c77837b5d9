"""`PUT`, `GET` and `DELETE` of `/v1/freelancers/{freelancer_id}` and `/v1/jobs/{job_id}`."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Header, Path, Query
from starlette.responses import Response

from matcher.domain import moment_of
from matcher.records import Id, JobRecord
from matcher.schema import TABLES
from matcher.store.records import Stored, Written
from serving.desk import Desk
from serving.erasing import Eraser, ErasureRecord
from serving.errors import documented
from serving.examples import FREELANCERS, JOBS
from serving.records import FreelancerRecord, check_named
from serving.schemas import WrittenRecord
from serving.writing import Kind

FREELANCER = "/v1/freelancers/{freelancer_id:path}"
JOB = "/v1/jobs/{job_id:path}"
READ_ONLY = "The service has no database (`read-only`)"
ERASING = f"{READ_ONLY}, or whoever had the id is being erased (`erasure-pending`)"
STALE = "The record is of another version than `If-Match` names (`stale-version`)"
AWAY = "The database is away (`store-unavailable`), or too many writes wait (`busy`)"
UNKNOWN = {
    "freelancers": "No such freelancer, or no longer (`unknown-freelancer`)",
    "jobs": "No such job, or no longer (`unknown-job`)",
}

FreelancerId = Annotated[Id, Path(description="An id; percent-encode it, slashes too.")]
JobId = FreelancerId
IfMatch = Annotated[
    str | None, Header(description="The `ETag` of the version that is to be replaced, or `*`.")
]

Erase = Annotated[bool, Query(description="Whether nothing of the person is to stay on record.")]


def router(desk: Desk, *, eraser: Eraser | None = None) -> APIRouter:
    """The routes over a desk; whoever erases is told what is asked for."""
    routes = APIRouter()

    @routes.put(
        FREELANCER,
        summary="Create or replace a freelancer",
        response_model=WrittenRecord,
        responses=_of_put("freelancers"),
    )
    async def put_freelancer(
        freelancer_id: FreelancerId,
        record: Annotated[FreelancerRecord, Body(openapi_examples=FREELANCERS)],
        if_match: IfMatch = None,
    ) -> Response:
        """Make the profile what is sent, from now on; on the next list once this has answered."""
        check_named("freelancer_id", sent=record.freelancer_id, path=freelancer_id)
        put = desk.writer.put_freelancer
        work = partial(put, freelancer_id, record, if_match=_version(if_match))
        return _told(await desk.write(FREELANCER, work, outcome=_outcome))

    @routes.put(
        JOB,
        summary="Create or replace a job",
        response_model=WrittenRecord,
        responses=_of_put("jobs"),
    )
    async def put_job(
        job_id: JobId,
        record: Annotated[JobRecord, Body(openapi_examples=JOBS)],
        if_match: IfMatch = None,
    ) -> Response:
        """Make the job what is sent; known to the next request once this has answered."""
        check_named("job_id", sent=record.job_id, path=job_id)
        work = partial(desk.writer.put_job, job_id, record, if_match=_version(if_match))
        return _told(await desk.write(JOB, work, outcome=_outcome))

    @routes.get(
        FREELANCER,
        summary="A freelancer as of now",
        response_model=FreelancerRecord,
        responses=_of_get("freelancers"),
    )
    async def freelancer(freelancer_id: FreelancerId) -> Response:
        """The record, every column of the contract in it, and its version as `ETag`."""
        return await _shown(desk, "freelancers", freelancer_id)

    @routes.get(JOB, summary="A job as of now", response_model=JobRecord, responses=_of_get("jobs"))
    async def job(job_id: JobId) -> Response:
        """The record, every column of the contract in it, and its version as `ETag`."""
        return await _shown(desk, "jobs", job_id)

    @routes.delete(
        FREELANCER,
        summary="Delete a freelancer",
        status_code=204,
        responses={
            202: {"description": "With `erase`: will be erased", "model": ErasureRecord},
            **_of_delete("freelancers"),
        },
    )
    async def delete_freelancer(
        freelancer_id: FreelancerId, *, erase: Erase = False, if_match: IfMatch = None
    ) -> Response:
        """Take a freelancer off every list; what happened with them stays on record.

        With `erase` nothing of them stays: it is removed soon after this has answered.
        """
        gone = partial(_erased, eraser=eraser) if erase else partial(_deleted, kind="freelancers")
        return await gone(desk, FREELANCER, freelancer_id, if_match=if_match)

    @routes.delete(JOB, summary="Delete a job", status_code=204, responses=_of_delete("jobs"))
    async def delete_job(job_id: JobId, if_match: IfMatch = None) -> Response:
        """Close a job at once, and for good."""
        return await _deleted(desk, JOB, job_id, kind="jobs", if_match=if_match)

    return routes


async def _shown(desk: Desk, kind: Kind, id_: str) -> Response:
    stored: Stored = await desk.read(partial(desk.writer.read, kind, id_))
    columns = {column.name: stored.record[column.name] for column in TABLES[kind]}
    if kind == "jobs" and columns["positions"] is not None:
        columns["positions"] = int(float(str(columns["positions"])))
    body = json.dumps(columns, default=_written)
    return Response(body, headers={"ETag": _etag(stored.version)}, media_type="application/json")


async def _deleted(
    desk: Desk, route: str, id_: str, *, kind: Kind, if_match: str | None
) -> Response:
    work = partial(desk.writer.delete, kind, id_, if_match=_version(if_match))
    await desk.write(route, work, outcome=lambda _: "deleted")
    return Response(status_code=204)


async def _erased(
    desk: Desk, route: str, id_: str, *, eraser: Eraser | None, if_match: str | None
) -> Response:
    work = partial(desk.writer.erase, id_, if_match=_version(if_match))
    asked = await desk.write(route, work, outcome=lambda _: "erasing")
    if eraser is not None:
        eraser.asked(asked)
    erasure, done_at = asked.erasure, asked.erasure.done_at
    body = ErasureRecord(
        erasure=erasure.number,
        state=erasure.state,
        asked_at=moment_of(erasure.asked_at),
        done_at=None if done_at is None else moment_of(done_at),
    )
    return Response(body.model_dump_json(), 202, media_type="application/json")


def _told(written: Written) -> Response:
    body = WrittenRecord(outcome=_outcome(written), version=written.version)
    return Response(
        body.model_dump_json(),
        201 if written.created else 200,
        headers={"ETag": _etag(written.version)},
        media_type="application/json",
    )


def _outcome(written: Written) -> Literal["created", "replaced", "unchanged"]:
    if written.created:
        return "created"
    return "replaced" if written.changed else "unchanged"


def _etag(version: str) -> str:
    return f'"{version}"'


def _version(if_match: str | None) -> str | None:
    """What an `If-Match` asks for; anything but `*` or one strong tag matches nothing."""
    if if_match is None or if_match.strip() == "*":
        return if_match and "*"
    tag = if_match.strip()
    plain = tag[1:-1]
    return plain if tag == _etag(plain) and plain.isdecimal() else tag


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is no cell of a record")


def _of_put(kind: Kind) -> dict[int | str, dict[str, object]]:
    tagged = {"headers": {"ETag": {"schema": {"type": "string"}}}}
    return {
        200: {"description": f"Replaced, or unchanged ({kind})", **tagged},
        201: {"description": "Created", "model": WrittenRecord, **tagged},
        **documented(
            *(400, 404, 413, 415, 422, 500),
            http_409=ERASING if kind == "freelancers" else READ_ONLY,
            http_412=STALE,
            http_503=AWAY,
        ),
    }


def _of_get(kind: Kind) -> dict[int | str, dict[str, object]]:
    return documented(422, 500, http_404=UNKNOWN[kind], http_409=READ_ONLY, http_503=AWAY)


def _of_delete(kind: Kind) -> dict[int | str, dict[str, object]]:
    return documented(
        422, 500, http_404=UNKNOWN[kind], http_409=READ_ONLY, http_412=STALE, http_503=AWAY
    )
