"""What was measured of a bundle after its training, kept where a service finds it.

A bundle is never changed, so its reports lie beside it, under `MATCHER_HOME`/reports and the
bundle's digest: the latest of each kind. A report is there whole, or as it was before.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from matcher.errors import ReportError
from matcher.settings import Settings

Kind = Literal["evaluation", "drift"]
_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(kind: Kind, figures: Mapping[str, Any], *, digest: str, judged_at: datetime) -> Path:
    """Keep a report of a bundle, in place of the one before; where it lies.

    Args:
        figures: Plain JSON values; `judged_at` is written beside them.
        digest: Of the bundle.

    Raises:
        ReportError: It cannot be written.
    """
    file = _file(kind, digest)
    told = {"judged_at": judged_at.isoformat(), "digest": digest, **figures}
    text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(
            f"no report can be kept at {file} ({error.strerror}); check MATCHER_HOME and the disk"
        ) from error
    return file


def kept(kind: Kind, *, digest: str) -> dict[str, Any] | None:
    """The latest report of a bundle; None where none was ever kept.

    Raises:
        ReportError: It cannot be read, or is of another bundle.
    """
    file = _file(kind, digest)
    try:
        told = json.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise ReportError(
            f"the report at {file} cannot be read ({error}); make it again, or take it away"
        ) from error
    if not isinstance(told, dict) or told.get("digest") != digest:
        raise ReportError(
            f"the report at {file} is not one of bundle {digest[:12]}; make it again, or take it "
            "away"
        )
    return told


def _file(kind: Kind, digest: str) -> Path:
    """Never outside the folder, whatever the digest is."""
    if not _DIGEST.fullmatch(digest):
        raise ReportError(f"{digest[:80]!r} is no digest of a bundle, so it has no reports")
    return Settings().home.expanduser() / "reports" / digest / f"{kind}.json"
