"""What a bundle holds is refused when it makes no sense, though a digest vouches for it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import FEATURES
from matcher.errors import BundleError
from matcher.ranking.gbdt import GbdtRanker
from matcher.ranking.treetext import checked
from tests.bundles import opened, sealed, with_json

Change = Callable[[Path], None]


@pytest.fixture
def copied(small_bundle: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to be damaged."""
    return Path(shutil.copytree(small_bundle, tmp_path / "copied"))


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


SPREAD: dict[str, object] = {"cuts": [1.5], "counts": [0, 9, 0, 0], "lists": 3, "median": 1.5}


def of_spread(column: str = "hourly_rate", **fields: object) -> Change:
    """One column of the reference as `SPREAD`, but for what is wrong with it."""

    def change(path: Path) -> None:
        columns = json.loads((path / "reference.json").read_bytes())["columns"]
        with_json(path, "reference.json", columns={**columns, column: {**SPREAD, **fields}})

    return change


def endless(path: Path) -> None:
    """A number that JSON can write and no column can hold."""
    of_spread()(path)
    of_text("reference.json", '"median": 1.5', '"median": 1e999')(path)


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
    "reference of no columns": of_bytes("reference.json", b"{}"),
    "reference is a list": of_bytes("reference.json", b"[]"),
    "reference of text": of_bytes("reference.json", b"a haiku"),
    "reference of another column": of_spread("surprise"),
    "reference that lacks columns": of_fields("reference.json", columns={"score": dict(SPREAD)}),
    "a spread of text": of_spread(cuts=["a"]),
    "a spread of halves": of_spread(counts=[0, 1.5, 0, 0]),
    "a spread without counts": of_spread(counts=[]),
    "a spread of too few counts": of_spread(counts=[0, 9, 0]),
    "a spread of nothing": of_spread(counts=[0, 0, 0, 0], median=None),
    "a spread of less than nothing": of_spread(counts=[0, 9, -1, 0]),
    "a spread beyond counting": of_spread(counts=[0, 10**400, 0, 0]),
    "a spread that falls": of_spread(cuts=[2.0, 1.0], counts=[0, 9, 0, 0, 0, 0]),
    "a spread of one cut twice": of_spread(cuts=[1.0, 1.0], counts=[0, 9, 0, 0, 0, 0]),
    "a spread without end": endless,
    "a spread of no list": of_spread(lists=0),
    "a spread of more lists than pairs": of_spread(lists=10),
    "a spread with a median of nobody": of_spread(counts=[0, 0, 0, 9]),
    "a spread without its median": of_spread(median=None),
    "no ranker": of_bytes("ranker.txt", b""),
    "text for a ranker": of_bytes("ranker.txt", b"a haiku"),
    "bytes for a ranker": of_bytes("ranker.txt", b"\xff\x00\xff"),
    "a ranker of other columns": of_text("ranker.txt", "profile_similarity ", "surprise "),
    "a ranker of fewer columns": of_text("ranker.txt", "max_feature_idx=", "max_feature_idx=9"),
    "a ranker cut short": of_text("ranker.txt", "end of trees", ""),
    "a ranker of another size": of_text("ranker.txt", "tree_sizes=", "tree_sizes=1 "),
    "a ranker with a cycle": of_text("ranker.txt", "left_child=", "left_child=0 "),
    "heads is a list": of_bytes("heads.json", b"[]"),
    "heads lack all": of_bytes("heads.json", b"{}"),
    "heads with another key": of_fields("heads.json", surprise=1),
    "a head that nobody knows": of_fields("heads.json", heads={"p_luck": {}}),
    "a head without its curve": of_fields("heads.json", heads={"p_accept": {}}),
    "a head without its trees": of_bytes("p_accept.txt", b"untrained\n"),
    "trees of no head": of_bytes("quality.txt", b"a haiku"),
    "a ranker for a head": lambda path: (path / "p_accept.txt").write_bytes(
        (path / "ranker.txt").read_bytes()
    ),
    "a policy that nobody knows": of_fields("heads.json", policy="luck"),
    "everybody willing beside a head of who comes": of_fields("heads.json", willing=True),
    "willing in words": of_fields("heads.json", willing="yes"),
    "waits of text": of_fields("heads.json", maturity_days={"p_accept": "long"}),
    "quality of no scale": of_fields("learned.json", quality={"anchor": 3}),
    "a ranker with a class more": of_text("ranker.txt", "num_class=1", "num_class=2"),
}


def test_a_bundle_sealed_again_opens(copied):
    """Without damage: what is refused below is refused for its damage."""
    sealed(copied)
    for name in ("run.json", "learned.json", "calibration.json"):
        with_json(copied, name)
    of_spread()(copied)
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
