"""What is sent: a method, a path and bytes, and how often they may be sent."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel

from matcher.domain import Job
from matcher.errors import UsageError

JSON, LINES = "application/json", "application/x-ndjson"
Content = Mapping[str, object] | BaseModel | Job
_TAG = re.compile(r'"[!#-~]+"|\*')  # RFC 9110, 8.8.3, in ASCII


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request.

    Attributes:
        path: Percent-encoded, with its query.
        repeatable: It comes to the same however often it is carried out.
    """

    method: str
    path: str
    body: bytes | None = None
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True


def post(path: str, content: Mapping[str, object], *, repeatable: bool = True) -> Call:
    """A question with a body; what is None is left out of it."""
    told = {name: value for name, value in content.items() if value is not None}
    return Call(method="POST", path=path, body=written(told), repeatable=repeatable)


def put(path: str, record: Content, *, if_match: str | None) -> Call:
    """A record that is written."""
    return Call(method="PUT", path=path, body=written(record), headers=matching(if_match))


def delete(path: str, *, erase: bool = False, if_match: str | None = None) -> Call:
    """A record that is deleted."""
    query = "?erase=true" if erase else ""
    return Call(method="DELETE", path=path + query, headers=matching(if_match))


def place(kind: str, id_: str) -> str:
    """The path of a record; all that could be taken for a path is encoded.

    Raises:
        UsageError: The id cannot be in a path: it is empty, or holds half a surrogate.

    >>> place("jobs", "a/b c"), place("jobs", "..")
    ('/v1/jobs/a%2Fb%20c', '/v1/jobs/%2E%2E')
    """
    if not id_:
        raise UsageError("found an empty id, expected 1 to 200 characters; name a record")
    try:
        encoded = quote(id_, safe="")
    except UnicodeEncodeError as error:
        raise UsageError(
            f"found the id {ascii(id_)[:100]}, expected Unicode text, without half surrogates; "
            "correct it"
        ) from error
    if not encoded.strip("."):
        encoded = encoded.replace(".", "%2E")  # "." and ".." would be taken for directions
    return f"/v1/{kind}/{encoded}"


def matching(version: str | None) -> Mapping[str, str]:
    """The header that names a version: as an answer gave it, as an `ETag`, or `*`.

    Raises:
        UsageError: It can be none of these.
    """
    if version is None:
        return {}
    tag = version if _TAG.fullmatch(version) else f'"{version}"'
    if not _TAG.fullmatch(tag):
        raise UsageError(
            f"if_match: found {ascii(version)[:100]}, expected the version that an answer gave, "
            "or *; read the record anew"
        )
    return {"If-Match": tag}


def written(content: object) -> bytes:
    r"""JSON in ASCII, which holds any text, also what the service will refuse.

    Raises:
        UsageError: Something in it is nothing that JSON knows.

    >>> written({"title": "Größe", "skills": ("a", "b")})
    b'{"title":"Gr\\u00f6\\u00dfe","skills":["a","b"]}'
    """
    try:
        return json.dumps(content, default=_plain, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"what is to be sent cannot be written as JSON ({error}); send texts, numbers, times, "
            "lists and mappings"
        ) from error


def listed(values: Sequence[object]) -> list[object]:
    """The items of a list; of a text, which is one by accident, none.

    Raises:
        UsageError: It is a text.
    """
    if isinstance(values, str | bytes):
        raise UsageError(f"found the text {ascii(values)[:40]}, expected a list; put it into one")
    return list(values)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no value of JSON")
