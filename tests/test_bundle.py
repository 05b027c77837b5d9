"""A bundle is the one that was written, or it does not open."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import FEATURES
from features.catalog import Catalog
from matcher.bundle import MANIFEST, Bundle
from matcher.errors import BundleError, FeatureMismatchError, OutputExistsError, UsageError
from matcher.ranking.gbdt import GbdtRanker
from matcher.ranking.treetext import checked
from tests.fakes import FakeEncoder
from tests.small_market import contents, differing

FILES = (
    "calibration.json",
    "card.md",
    "features.json",
    "learned.json",
    "marketplace/events.parquet",
    "marketplace/freelancers.parquet",
    "marketplace/jobs.parquet",
    "metrics.json",
    "ranker.txt",
    "run.json",
    "vectors.npy",
)
Change = Callable[[Path], None]


@pytest.fixture
def copied(small_bundle: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to be damaged."""
    return Path(shutil.copytree(small_bundle, tmp_path / "copied"))


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


# What is refused although the manifest vouches for it


def of_vectors(array: np.ndarray) -> Change:
    def change(path: Path) -> None:
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=True)
        (path / "vectors.npy").write_bytes(buffer.getvalue())

    return change


def of_bytes(name: str, content: bytes) -> Change:
    def change(path: Path) -> None:
        (path / name).write_bytes(content)

    return change


def of_fields(name: str, **fields: object) -> Change:
    def change(path: Path) -> None:
        with_json(path, name, **fields)

    return change


def of_text(name: str, old: str, new: str) -> Change:
    def change(path: Path) -> None:
        text = (path / name).read_text(encoding="utf-8")
        assert old in text
        (path / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def promising_more(path: Path) -> None:
    """A header of a terabyte over the same few numbers."""
    header = {"descr": "<f4", "fortran_order": False, "shape": (10**9, 250)}
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, header)
    (path / "vectors.npy").write_bytes(buffer.getvalue() + b"\0" * 64)


def as_archive(path: Path) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, np.zeros((3, 64), np.float32))
    (path / "vectors.npy").write_bytes(buffer.getvalue())


def without_a_column(path: Path) -> None:
    jobs = path / "marketplace/jobs.parquet"
    pd.read_parquet(jobs).drop(columns=["title"]).to_parquet(jobs)


def with_a_second_form(path: Path) -> None:
    (path / "marketplace/jobs.csv").write_text("job_id,posted_at,title\n", encoding="utf-8")


def without_a_row(path: Path) -> None:
    jobs = path / "marketplace/jobs.parquet"
    events = path / "marketplace/events.parquet"
    whole = pd.read_parquet(jobs)
    whole.iloc[1:].to_parquet(jobs)
    happened = pd.read_parquet(events)
    happened[happened["job_id"] != whole["job_id"][0]].to_parquet(events)


DAMAGES: dict[str, Change] = {
    "objects for vectors": of_vectors(np.array([[1, "a"]], dtype=object)),
    "doubles for vectors": of_vectors(np.zeros((440, 64))),
    "too few vectors": of_vectors(np.zeros((3, 64), np.float32)),
    "flat vectors": of_vectors(np.zeros(64, np.float32)),
    "one number": of_vectors(np.float32(1)),
    "no vectors at all": of_bytes("vectors.npy", b""),
    "text for vectors": of_bytes("vectors.npy", b"not numpy"),
    "vectors that promise more": promising_more,
    "an archive for vectors": as_archive,
    "no table": of_bytes("marketplace/jobs.parquet", b""),
    "text for a table": of_bytes("marketplace/jobs.parquet", b"not parquet"),
    "a table without a column": without_a_column,
    "a table in two forms": with_a_second_form,
    "a job without its vector": without_a_row,
    "empty run": of_bytes("run.json", b""),
    "run is a list": of_bytes("run.json", b"[]"),
    "run with another key": of_fields("run.json", surprise=1),
    "run of wrong type": of_fields("run.json", retrieval="all"),
    "run deeply nested": of_bytes("run.json", b"[" * 100_000),
    "metrics is a list": of_bytes("metrics.json", b"[1]"),
    "metrics is not a number": of_bytes("metrics.json", b'{"a": NaN}'),
    "metrics is no text": of_bytes("metrics.json", b"\xff\xfe"),
    "learned is pairs": of_bytes("learned.json", b'[["constants", 1]]'),
    "learned lacks all": of_bytes("learned.json", b"{}"),
    "rarity is a list": of_fields("learned.json", skill_rarity=["go"]),
    "rarity is text": of_fields("learned.json", skill_rarity={"go": "rare"}),
    "rarest is text": of_fields("learned.json", rarest="very"),
    "constants are text": of_fields("learned.json", constants={"median_rate": "cheap"}),
    "constants lack some": of_fields("learned.json", constants={"median_rate": 1.0}),
    "terms are a list": of_fields("learned.json", job_terms=[]),
    "terms lack some": of_fields("learned.json", job_terms={"texts": 3}),
    "calibration of no kind": of_bytes("calibration.json", b"{}"),
    "calibration of text": of_fields("calibration.json", rates=["a"], log_shares=["b"]),
    "calibration of unequal length": of_fields("calibration.json", rates=[0.1]),
    "calibration that falls": of_fields("calibration.json", rates=[0.9, 0.1], log_shares=[-2, -1]),
    "calibration beyond one": of_fields("calibration.json", rates=[0.1, 1.1], log_shares=[-2, -1]),
    "calibration of nothing": of_fields("calibration.json", rates=[], log_shares=[]),
    "calibration of objects": of_fields("calibration.json", rates={"a": 1}, log_shares={"a": 1}),
    "features of another order": of_fields("features.json", names=["a", "b"]),
    "features is a list": of_bytes("features.json", b"[]"),
    "no ranker": of_bytes("ranker.txt", b""),
    "text for a ranker": of_bytes("ranker.txt", b"a haiku"),
    "bytes for a ranker": of_bytes("ranker.txt", b"\xff\x00\xff"),
    "a ranker of other columns": of_text("ranker.txt", "profile_similarity ", "surprise "),
    "a ranker of fewer columns": of_text("ranker.txt", "max_feature_idx=", "max_feature_idx=9"),
    "a ranker cut short": of_text("ranker.txt", "end of trees", ""),
    "a ranker of another size": of_text("ranker.txt", "tree_sizes=", "tree_sizes=1 "),
    "a ranker with a cycle": of_text("ranker.txt", "left_child=", "left_child=0 "),
    "a ranker with a class more": of_text("ranker.txt", "num_class=1", "num_class=2"),
}


def test_a_bundle_sealed_again_opens(copied):
    """Without damage: what is refused below is refused for its damage."""
    sealed(copied)
    for name in ("run.json", "learned.json", "calibration.json"):
        with_json(copied, name)
    sealed(copied)
    opened(copied)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_content_that_makes_no_sense_is_refused_though_it_is_vouched_for(copied, damage):
    damage(copied)
    sealed(copied)
    with pytest.raises(BundleError, match=r"train|copy the bundle again"):
        opened(copied)


def test_whatever_is_done_to_a_ranker_it_is_refused_or_scores(trained):
    """LightGBM itself writes beyond its arrays when a number is out of place."""
    text, names = trained.model.ranker.text, FEATURES.names
    rng = np.random.default_rng(0)
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    refused = 0
    for place in rng.choice(digits, 400):
        other = str(rng.integers(10))
        changed = text[:place] + other + text[place + 1 :]
        try:
            ranker = GbdtRanker(checked(changed, names=names))
        except BundleError:
            refused += 1
            continue
        matrix = rng.normal(size=(3, len(names))).astype(np.float32)
        assert len(ranker.score(matrix)) == 3
        assert ranker.contributions(matrix).shape == matrix.shape
    assert refused > 0


# What stays when writing fails


def test_a_crash_while_writing_leaves_nothing(trained, tmp_path):
    broken = replace(trained, figures={"trees": float("nan")})
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        broken.write(tmp_path / "b", encoder=FakeEncoder())
    assert list(tmp_path.iterdir()) == []


def test_a_crash_while_replacing_leaves_the_old_bundle(trained, copied):
    before = contents(copied.parent)
    broken = replace(trained, figures={"trees": float("nan")})
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        broken.write(copied, encoder=FakeEncoder(), force=True)
    assert contents(copied.parent) == before


def test_a_bundle_is_not_overwritten_unasked(trained, copied):
    before = contents(copied)
    with pytest.raises(OutputExistsError, match="pass --force to replace it"):
        trained.write(copied, encoder=FakeEncoder())
    assert contents(copied) == before


def test_force_replaces_a_bundle_whole(trained, copied, small_bundle):
    (copied / "left-over.txt").write_text("old", encoding="utf-8")
    trained.write(copied, encoder=FakeEncoder(), force=True)
    assert differing(small_bundle, copied) == []
    assert [path.name for path in copied.parent.iterdir()] == ["copied"]


@pytest.mark.parametrize("what", ["folder", "extension", "file", "link"])
def test_force_replaces_nothing_but_a_bundle(trained, copied, tmp_path, what):
    path = tmp_path / "precious"
    if what == "folder":
        path.mkdir()
        (path / "letter.txt").write_text("dear", encoding="utf-8")
    elif what == "extension":
        path.mkdir()
        (path / MANIFEST).write_text('{"name": "a browser extension"}', encoding="utf-8")
    elif what == "file":
        path.write_text("dear", encoding="utf-8")
    else:
        path.symlink_to(copied)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="so it will not be replaced; name another path"):
        trained.write(path, encoder=FakeEncoder(), force=True)
    assert contents(tmp_path) == before


def test_an_empty_folder_is_filled_with_force(trained, tmp_path, small_bundle):
    (tmp_path / "b").mkdir()
    trained.write(tmp_path / "b", encoder=FakeEncoder(), force=True)
    assert differing(small_bundle, tmp_path / "b") == []


def test_opening_changes_nothing(copied):
    before = contents(copied)
    opened(copied).engine(encoder=FakeEncoder())
    assert contents(copied) == before
