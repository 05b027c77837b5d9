"""Reports of a bundle: the latest of each kind is kept, whole, where its digest says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matcher.errors import ReportError
from matcher.reports import keep, kept
from training.figures import keep_figures

DIGEST, OTHER = "a" * 64, "b" * 64
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_latest_of_each_kind_is_kept_for_each_bundle(home):
    assert kept("evaluation", digest=DIGEST) is None
    keep("evaluation", {"systems": 1}, digest=DIGEST, judged_at=NOON)
    file = keep("evaluation", {"systems": "☕"}, digest=DIGEST, judged_at=NOON + timedelta(hours=1))
    assert kept("evaluation", digest=DIGEST) == {
        "judged_at": "2026-01-01T13:00:00+00:00",
        "digest": DIGEST,
        "systems": "☕",
    }
    assert (kept("drift", digest=DIGEST), kept("evaluation", digest=OTHER)) == (None, None)
    assert list(file.parent.iterdir()) == [file], "nothing half-written is left"
    assert file == home / "reports" / DIGEST / "evaluation.json"


def test_looking_makes_no_folder(home):
    assert kept("drift", digest=DIGEST) is None
    assert not home.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b"null", json.dumps({"digest": OTHER}).encode(), b"[" * 100_000],
)
def test_what_is_no_report_of_the_bundle_is_refused(home, content):
    keep("drift", {}, digest=DIGEST, judged_at=NOON).write_bytes(content)
    with pytest.raises(ReportError, match="make it again"):
        kept("drift", digest=DIGEST)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, f"{DIGEST}\n"])
def test_what_is_no_digest_leads_to_no_file(home, digest):
    with pytest.raises(ReportError, match="no digest of a bundle"):
        kept("drift", digest=digest)
    with pytest.raises(ReportError, match="no digest of a bundle"):
        keep("drift", {}, digest=digest, judged_at=NOON)


def test_figures_that_cannot_be_kept_are_a_warning(home, capsys):
    home.write_text("a file where a folder should be", encoding="utf-8")
    keep_figures("drift", {"columns": []}, digest=DIGEST)
    said = capsys.readouterr().err
    assert said.startswith("warning: no report can be kept at ")
    assert "check MATCHER_HOME" in said
