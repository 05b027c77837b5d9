"""The files of the console, which a browser may load: by name, typed, and by their content's tag.

A name is letters, digits, `-` and `_` between slashes, and an ending that is known: what leads out
of the folder, or is hidden, is no name. Each is read when it is asked for.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "console"
FIRST = "index.html"
LONGEST = 200
TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
}
_NAME = re.compile(r"(?:[\w-]+/)*[\w-]+(?:\.[\w-]+)*\.([a-z0-9]+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A file as it is sent.

    Attributes:
        etag: Changes whenever the content does.
    """

    content: bytes
    media_type: str
    etag: str


def page_of(name: str, *, folder: Path = FOLDER) -> Page | None:
    """The file of a name; None where there is none."""
    found = _NAME.fullmatch(name) if len(name) <= LONGEST else None
    media_type = TYPES.get(found[1]) if found else None
    path = folder / name
    if media_type is None or not path.is_file():
        return None
    if not path.resolve().is_relative_to(folder.resolve()):  # a link that leads elsewhere
        return None
    content = path.read_bytes()
    return Page(
        content=content,
        media_type=media_type,
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
    )


def is_among(etag: str, tags: str) -> bool:
    """Whether an `If-None-Match` names a tag; weak and strong ones are the same here.

    >>> [is_among('"a"', tags) for tags in ('"a"', 'W/"b", W/"a"', "*", '"b"', "")]
    [True, True, True, False, False]
    """
    named = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    return etag in named or named == ["*"]
