"""The lightest encoder is taken that finds what the training's own finds."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.errors import UnexportableError
from matcher.retrieval import light
from matcher.retrieval.encoders import SentenceTransformerEncoder
from matcher.retrieval.light import MOST_TEXTS, agreement, lightened
from tests.retrieval.tiny_models import a_model

TEXTS = [f"a {trade} for a {client}" for trade in ("logo", "go api") for client in "abcdefghij"]


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture
def index() -> np.ndarray:
    return unit(np.random.default_rng(1).normal(size=(60, 8)))


@pytest.fixture
def tiny(tmp_path) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(a_model(tmp_path / "model"), precision="fp32")


def judged(made: np.ndarray, index: np.ndarray) -> light.Agreement:
    return agreement(made, index=index, rows=np.arange(len(made)), precision="fp32")


def test_the_same_vectors_agree_wholly(index):
    found = judged(index, index)
    assert (found.overlap, found.cosine_least, found.cosine_mean, found.texts) == (1, 1, 1, 60)


def test_the_opposite_vectors_agree_in_nothing(index):
    found = judged(-index, index)
    assert found.overlap == 0
    assert found.cosine_least == -1


def test_the_least_cosine_is_that_of_the_worst_text(index):
    made = index.copy()
    made[3] = -made[3]
    found = judged(made, index)
    assert found.cosine_least == -1
    assert found.cosine_mean == pytest.approx(1 - 2 / 60, abs=1e-4)


def test_overlap_is_the_mean_share_of_ten(index):
    """One vector of sixty finds other jobs; which of its ten are the same is counted by hand."""
    made = index.copy()
    made[0] = unit(index[:1] + 0.8 * index[5:6])[0]
    near = {
        of: set(np.argsort(-(index[1:] @ vector), kind="stable")[:10].tolist())
        for of, vector in (("own", index[0]), ("made", made[0]))
    }
    shared = len(near["own"] & near["made"])
    assert 0 < shared < 10
    assert judged(made, index).overlap == pytest.approx((59 + shared / 10) / 60, abs=1e-4)


def test_of_equally_near_jobs_any_will_do(index):
    """Fifteen copies of one job: which ten of them are named says nothing."""
    copies = np.concatenate([np.repeat(index[:1], 15, axis=0), index[1:]])
    found = agreement(copies[:1] * np.float32(0.999), index=copies, rows=[0], precision="fp32")
    assert found.overlap == 1


@pytest.mark.parametrize("jobs", [2, 5])
def test_fewer_than_ten_others_are_enough(index, jobs):
    assert judged(index[:jobs], index[:jobs]).overlap == 1


def test_an_export_that_agrees_is_taken_with_what_was_measured(tiny):
    vectors = tiny.encode(TEXTS)
    found = lightened(tiny, TEXTS, vectors=vectors)
    assert found.agreement.texts == len(TEXTS)
    assert found.agreement.overlap >= light.LEAST_OVERLAP
    assert "model.bin" in found.files


def test_the_lightest_that_agrees_is_taken(tiny, monkeypatch):
    monkeypatch.setattr(light, "has_bf16", lambda: True)
    vectors = tiny.encode(TEXTS)
    monkeypatch.setattr(light, "LEAST_OVERLAP", 0.0)
    assert lightened(tiny, TEXTS, vectors=vectors).agreement.precision == "bf16"
    monkeypatch.setattr(light, "has_bf16", lambda: False)
    assert lightened(tiny, TEXTS, vectors=vectors).agreement.precision == "fp32"


def test_an_export_that_does_not_agree_is_refused(tiny):
    """Vectors that another model made."""
    vectors = unit(np.random.default_rng(2).normal(size=(len(TEXTS), tiny.dim)))
    with pytest.raises(UnexportableError, match=r"of the ten nearest jobs.*expected 98%"):
        lightened(tiny, TEXTS, vectors=vectors)


@pytest.mark.parametrize("texts", [[], ["one job"], ["", "one job", " "]], ids=str)
def test_with_nothing_to_judge_by_nothing_is_exported(tiny, texts):
    with pytest.raises(UnexportableError, match="not two jobs with words"):
        lightened(tiny, texts, vectors=tiny.encode(texts))


def test_no_more_texts_are_asked_with_than_needed(tiny):
    texts = [f"job {n}" for n in range(MOST_TEXTS + 40)]
    found = lightened(tiny, texts, vectors=tiny.encode(texts))
    assert found.agreement.texts == MOST_TEXTS
