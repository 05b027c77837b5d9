"""What tests do to a bundle: copy it, change it, seal it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from features import FEATURES
from matcher.bundle import Bundle
from matcher.manifest import MANIFEST
from tests.small_market import contents

FILES = (
    "calibration.json",
    "card.md",
    "features.json",
    "heads.json",
    "jobs_ranker.txt",
    "learned.json",
    "marketplace/events.parquet",
    "marketplace/freelancers.parquet",
    "marketplace/jobs.parquet",
    "metrics.json",
    "p_accept.txt",
    "p_hire_given_accept.txt",
    "quality.txt",
    "ranker.txt",
    "reference.json",
    "run.json",
    "vectors.npy",
)
Change = Callable[[Path], None]


def opened(path: Path) -> Bundle:
    return Bundle.open(path, features=FEATURES)


def manifest_of(path: Path) -> dict[str, object]:
    return json.loads((path / MANIFEST).read_bytes())


def with_manifest(path: Path, **fields: object) -> None:
    (path / MANIFEST).write_text(json.dumps({**manifest_of(path), **fields}), encoding="utf-8")


def sealed(path: Path) -> None:
    """Whatever the files hold now, the manifest vouches for it."""
    files = {name: content for name, content in contents(path).items() if name != MANIFEST}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    with_manifest(path, files=digests)


def with_json(path: Path, name: str, **fields: object) -> None:
    content = json.loads((path / name).read_bytes())
    (path / name).write_text(json.dumps({**content, **fields}), encoding="utf-8")
