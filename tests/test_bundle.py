"""A bundle is the one that was written, or it does not open."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import FEATURES
from features.catalog import Catalog
from matcher.bundle import Bundle
from matcher.errors import BundleError, FeatureMismatchError
from matcher.manifest import MANIFEST
from tests.bundles import FILES, manifest_of, opened, with_manifest
from tests.fakes import FakeEncoder
from tests.small_market import contents, differing


@pytest.fixture
def copied(small_bundle: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to be damaged."""
    return Path(shutil.copytree(small_bundle, tmp_path / "copied"))


# What is written


def test_the_manifest_vouches_for_every_file(small_bundle):
    written = {
        name: content for name, content in contents(small_bundle).items() if name != MANIFEST
    }
    assert tuple(written) == FILES
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in written.items()}
    assert manifest_of(small_bundle)["files"] == digests


def test_a_bundle_names_what_it_was_made_of(small_bundle, trained):
    manifest = opened(small_bundle).manifest
    assert manifest.format == 1
    assert manifest.name == "matcher"
    assert manifest.until == int(trained.until.timestamp() * 1e6)
    assert 0 < manifest.last_at < manifest.until
    assert manifest.fingerprint == FEATURES.fingerprint
    assert manifest.encoder == FakeEncoder().digest


def test_a_bundle_knows_no_clock_no_path_and_no_run(small_bundle):
    """Only what was learned: nothing that differs between two trainings alike."""
    year = str(pd.Timestamp.now("UTC").date())
    for name, content in contents(small_bundle).items():
        if name.startswith("marketplace/") or name == "vectors.npy":
            continue
        text = content.decode()
        for word in (year, "run_id", "created", "hostname", str(Path.home()), "/tmp/"):  # noqa: S108
            assert word not in text, (name, word)


def test_a_bundle_holds_nothing_that_can_run(small_bundle):
    for name, content in contents(small_bundle).items():
        assert Path(name).suffix in {".json", ".md", ".npy", ".parquet", ".txt"}
        assert not content.startswith(b"\x80"), f"{name} looks like a pickle"
    assert np.load(small_bundle / "vectors.npy", allow_pickle=False).dtype == np.float32


def test_the_digest_is_that_of_the_manifest(small_bundle, trained, tmp_path):
    digest = trained.write(tmp_path / "b", encoder=FakeEncoder())
    assert digest == hashlib.sha256((tmp_path / "b" / MANIFEST).read_bytes()).hexdigest()
    assert opened(small_bundle).digest == digest


def test_writing_an_opened_bundle_again_gives_the_same_bytes(small_bundle, trained, tmp_path):
    found = opened(small_bundle)
    again = replace(trained, model=found.model, marketplace=found.marketplace)
    replace(again, snapshot=found.snapshot).write(tmp_path / "b", encoder=FakeEncoder())
    assert differing(small_bundle, tmp_path / "b") == []


# What is refused


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_missing_file_is_refused(copied, name):
    (copied / name).unlink()
    with pytest.raises(BundleError, match=r"lacks|is not a bundle") as refused:
        opened(copied)
    assert Path(name).name in str(refused.value)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_is_refused(copied, name):
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(BundleError, match="the manifest says"):
        opened(copied)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_refused(copied, name):
    (copied / name).write_bytes((copied / name).read_bytes()[:-1])
    with pytest.raises(BundleError, match="the manifest says"):
        opened(copied)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff", b"[" * 100_000, b'{"format": 1}', b"{}"],
)
def test_a_manifest_that_is_none_is_refused(copied, content):
    (copied / MANIFEST).write_bytes(content)
    with pytest.raises(BundleError, match=r"train|holds no JSON object"):
        opened(copied)


@pytest.mark.parametrize(
    "fields",
    [
        {"files": []},
        {"files": {"ranker.txt": 1}},
        {"files": None},
        {"until": "yesterday"},
        {"last_at": 1.5},
        {"fingerprint": 7},
        {"encoder": None},
        {"name": ["matcher"]},
    ],
    ids=str,
)
def test_a_manifest_of_wrong_types_is_refused(copied, fields):
    with_manifest(copied, **fields)
    with pytest.raises(BundleError, match="is damaged"):
        opened(copied)


@pytest.mark.parametrize("number", [0, 2, "1", None, [1]])
def test_another_format_is_refused(copied, number):
    with_manifest(copied, format=number)
    with pytest.raises(BundleError, match="this release reads 1; deploy the release that built it"):
        opened(copied)


def test_another_format_is_named_whatever_else_its_manifest_says(copied):
    (copied / MANIFEST).write_text('{"format": 9, "shape": "new"}', encoding="utf-8")
    with pytest.raises(BundleError, match="has format 9"):
        opened(copied)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "a/../../outside.txt"])
def test_a_path_that_leads_outside_is_refused(copied, name):
    (copied.parent / "outside.txt").write_text("", encoding="utf-8")
    with_manifest(copied, files={**manifest_of(copied)["files"], name: "0" * 64})
    with pytest.raises(BundleError, match="outside itself"):
        opened(copied)


def test_a_link_to_a_file_elsewhere_is_refused_unless_it_is_the_file(copied):
    (copied / "card.md").unlink()
    (copied / "card.md").symlink_to("/etc/hostname")
    with pytest.raises(BundleError, match="the manifest says"):
        opened(copied)


@pytest.mark.parametrize("name", [name for name in FILES if name != "card.md"])
def test_a_file_that_no_digest_vouches_for_is_refused(copied, name):
    files = dict(manifest_of(copied)["files"])
    del files[name]
    with_manifest(copied, files=files)
    with pytest.raises(BundleError, match=f"lists no {name}"):
        opened(copied)


@pytest.mark.parametrize("what", ["nothing", "file", "folder"])
def test_what_is_no_bundle_is_refused(tmp_path, what):
    path = tmp_path / what
    if what == "file":
        path.write_text("{}", encoding="utf-8")
    if what == "folder":
        path.mkdir()
    with pytest.raises(BundleError, match=f"is not a bundle: it has no {MANIFEST}"):
        opened(path)


def test_a_bundle_of_other_features_is_refused_with_the_remedy(small_bundle):
    fewer = Catalog(FEATURES.features[:-1])
    with pytest.raises(FeatureMismatchError, match="retrain, or deploy the release") as refused:
        Bundle.open(small_bundle, features=fewer)
    assert refused.value.fitted == FEATURES.fingerprint
    assert refused.value.current == fewer.fingerprint
    assert refused.value.exit_code == 4


def test_another_encoder_is_refused_with_the_remedy(small_bundle):
    with pytest.raises(BundleError, match=r"set the encoder that it was trained with, or train"):
        opened(small_bundle).engine(encoder=FakeEncoder(dim=32))


def test_another_precision_of_the_same_encoder_is_let_in(copied):
    with_manifest(copied, encoder=f"{FakeEncoder().digest}:bf16")
    opened(copied).require(FakeEncoder())
