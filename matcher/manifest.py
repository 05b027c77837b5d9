"""What a bundle says of itself, and whether every file is the one that was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from matcher.canonical import REMEDY, read_json
from matcher.errors import BundleError
from matcher.model import MODEL_FILES
from matcher.retrieval.exported import EXPORT_FILES
from matcher.retrieval.light import Agreement
from matcher.violations import TABLE_NAMES

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = tuple(f"marketplace/{name}.parquet" for name in TABLE_NAMES)
REQUIRED = (*MODEL_FILES, *TABLES, "metrics.json", "vectors.npy")
ENCODER = "encoder"
CARRIED = tuple(f"{ENCODER}/{name}" for name in EXPORT_FILES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        until: Only what happened strictly before this instant (µs) was learned from; None: all.
        last_at: The latest instant recorded in its history; 0 when empty.
        fingerprint: Of the features that its ranker was fitted on.
        encoder: Digest of the encoder that made its vectors.
        files: SHA-256 by relative path, every file but the manifest.
        light: How the encoder that the bundle carries agrees with that one; None: it carries none.
    """

    format: int
    name: str
    version: str
    until: int | None
    last_at: int
    fingerprint: str
    encoder: str
    files: Mapping[str, str]
    light: Agreement | None = None


def verified(path: Path) -> tuple[Manifest, str]:
    """A bundle's manifest and digest, every file being the one that was written.

    Raises:
        BundleError: It is not a bundle, or a file is missing or not the one written.
    """
    manifest = _manifest(path)
    for name, expected in manifest.files.items():
        _verify(path, name, expected)
    required = {*REQUIRED, *(CARRIED if manifest.light is not None else ())}
    missing = required - set(manifest.files)
    if missing:
        raise BundleError(f"{path} lists no {', '.join(sorted(missing))}; {REMEDY}")
    return manifest, sha256(path / MANIFEST)


def model_of(digest: str) -> str:
    """The part of an encoder's digest that names its weights, without precision."""
    return digest.partition(":")[0]


def digest_at(path: Path) -> str:
    """The digest of a bundle, nothing of which is verified.

    Raises:
        BundleError: It is none.
    """
    try:
        return sha256(path / MANIFEST)
    except OSError as error:
        raise BundleError(f"{path} is not a bundle ({error}); name a trained bundle") from error


def is_bundle(path: Path) -> bool:
    """By its manifest; other things have a file of that name too."""
    try:
        return {"format", "fingerprint", "files"} <= set(read_json(path / MANIFEST))
    except (BundleError, OSError):
        return False


def _manifest(path: Path) -> Manifest:
    if not (path / MANIFEST).is_file():
        raise BundleError(f"{path} is not a bundle: it has no {MANIFEST}; name a trained bundle")
    content = read_json(path / MANIFEST)
    if content.get("format") != FORMAT:
        raise BundleError(
            f"{path} has format {content.get('format')!r:.20}, this release reads {FORMAT}; "
            "deploy the release that built it, or train again"
        )
    try:
        return TypeAdapter(Manifest).validate_json(json.dumps(content), strict=True)
    except ValueError as error:
        raise BundleError(f"{path / MANIFEST} is damaged ({error}); {REMEDY}") from error


def _verify(path: Path, name: str, expected: str) -> None:
    if ".." in Path(name).parts or Path(name).is_absolute():
        raise BundleError(f"{path} lists {name!r}, outside itself; {REMEDY}")
    file = path / name
    if not file.is_file():
        raise BundleError(f"{path} lacks {name}; {REMEDY}")
    found = sha256(file)
    if found != expected:
        raise BundleError(
            f"{file} has SHA-256 {found[:12]}, the manifest says {expected[:12]}; {REMEDY}"
        )


def sha256(file: Path) -> str:
    """The digest of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
