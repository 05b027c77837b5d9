"""The encoder that a bundle carries belongs to it, or it does not open."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import BundleError
from matcher.manifest import CARRIED
from matcher.retrieval.encoders import SentenceTransformerEncoder
from tests.bundles import manifest_of, opened, sealed, with_json, with_manifest
from tests.fakes import FakeEncoder
from tests.retrieval.tiny_models import a_model
from tests.small_market import a_run, answer, contents, differing
from training.build import Trained, train

HELD_OUT = 9


@pytest.fixture
def copied(shop, tmp_path: Path) -> Path:
    """A bundle with an encoder, to be damaged."""
    return Path(shutil.copytree(shop.bundle, tmp_path / "copied"))


def test_the_manifest_says_how_its_encoder_agrees(shop):
    light = opened(shop.bundle).manifest.light
    assert light is not None
    assert light.overlap >= 0.98
    assert light.cosine_least <= light.cosine_mean <= 1.0001
    assert 2 <= light.texts <= 200
    assert set(CARRIED) <= set(manifest_of(shop.bundle)["files"])
    card = (shop.bundle / "card.md").read_text(encoding="utf-8")
    assert f"serves without PyTorch ({light.precision})" in card
    assert f"{light.overlap:.1%}" in card


def test_it_ranks_as_the_training_s_encoder_does(shop, minilm):
    """Briefs that nobody has asked before: nearly the same people, with nearly the same scores."""
    bundle = opened(shop.bundle)
    engines = bundle.engine(encoder=minilm), bundle.engine(encoder=bundle.own_encoder())
    shared = []
    for job in bundle.snapshot.jobs.records[-HELD_OUT:]:
        asked = type(job)(title=f"{job.title} soon", description=job.description)
        as_of = int(bundle.snapshot.jobs.posted_at[-1])
        lists = [engine.match(engine.ask(asked, as_of=as_of, k=10)) for engine in engines]
        ids = [[one.freelancer_id for one in found.top] for found in lists]
        shared.append(len(set(ids[0]) & set(ids[1])) / len(ids[0]))
        assert lists[0].top[0].score == pytest.approx(lists[1].top[0].score, abs=0.3)
    assert np.mean(shared) >= 0.9


def test_a_job_of_the_bundle_is_ranked_alike_to_the_bit(shop, minilm):
    """Its vector is in the bundle: no encoder is asked."""
    bundle = opened(shop.bundle)
    engines = bundle.engine(encoder=minilm), bundle.engine(encoder=bundle.own_encoder())
    job = bundle.snapshot.jobs.records[-1]
    one, other = (answer(engine, job, k=10) for engine in engines)
    assert one.scores.tobytes() == other.scores.tobytes()
    assert repr(one.top) == repr(other.top)


def test_a_precision_that_is_asked_for_is_used(shop):
    bundle = opened(shop.bundle)
    assert bundle.own_encoder(precision="fp32").precision == "fp32"
    assert bundle.own_encoder().precision == bundle.manifest.light.precision


@pytest.mark.parametrize("name", CARRIED)
def test_a_missing_file_is_refused(copied, name):
    (copied / name).unlink()
    with pytest.raises(BundleError, match=f"lacks {name}"):
        opened(copied)


@pytest.mark.parametrize("name", CARRIED)
def test_a_flipped_bit_is_refused(copied, name):
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(BundleError, match=f"{name} has SHA-256"):
        opened(copied)


@pytest.mark.parametrize("name", CARRIED)
def test_a_file_that_no_digest_vouches_for_is_refused(copied, name):
    files = dict(manifest_of(copied)["files"])
    del files[name]
    with_manifest(copied, files=files)
    with pytest.raises(BundleError, match=f"lists no {name}"):
        opened(copied)


def test_an_encoder_of_another_model_is_refused_though_its_digest_fits(copied):
    with_json(copied, "encoder/encoder.json", model_digest="0" * 64)
    sealed(copied)
    with pytest.raises(BundleError, match="vectors were made by encoder"):
        opened(copied).own_encoder()


def test_an_encoder_of_another_width_is_refused(copied):
    with_json(copied, "encoder/encoder.json", dim=12)
    sealed(copied)
    with pytest.raises(BundleError, match="gives 12 numbers a text, the bundle's vectors have 384"):
        opened(copied).own_encoder()


@pytest.mark.parametrize("light", [{}, {"precision": "int4"}, 7, {"overlap": "high"}], ids=str)
def test_a_manifest_that_says_nonsense_of_it_is_refused(copied, light):
    with_manifest(copied, light=light)
    with pytest.raises(BundleError, match="is damaged"):
        opened(copied)


def test_a_bundle_of_an_earlier_release_opens_and_carries_none(copied):
    manifest = manifest_of(copied)
    shutil.rmtree(copied / "encoder")
    del manifest["light"]
    manifest["files"] = {
        name: digest for name, digest in manifest["files"].items() if name not in CARRIED
    }
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    bundle = opened(copied)
    assert bundle.own_encoder() is None
    bundle.engine(encoder=SentenceTransformerEncoder())


# What training writes


@pytest.fixture(scope="module")
def of_tiny(small_market, tmp_path_factory) -> tuple[Trained, SentenceTransformerEncoder]:
    model = a_model(tmp_path_factory.mktemp("models") / "tiny")
    encoder = SentenceTransformerEncoder(model, precision="fp32")
    return train(small_market, run=a_run(), encoder=encoder), encoder


def test_the_same_training_gives_the_same_bytes(of_tiny, tmp_path):
    trained, encoder = of_tiny
    digests = {trained.write(tmp_path / name, encoder=encoder) for name in ("a", "b")}
    assert len(digests) == 1
    assert differing(tmp_path / "a", tmp_path / "b") == []
    assert set(CARRIED) <= set(contents(tmp_path / "a"))


def test_a_model_that_cannot_be_exported_is_written_without_and_says_so(of_tiny, tmp_path, caplog):
    trained, _ = of_tiny
    model = a_model(tmp_path / "cls", pooling={"pooling_mode_cls_token": True})
    trained.write(tmp_path / "b", encoder=SentenceTransformerEncoder(model))
    bundle = opened(tmp_path / "b")
    assert bundle.own_encoder() is None
    assert "PyTorch will have to serve it" in caplog.text
    assert "pooling: cls_token" in caplog.text
    card = (tmp_path / "b" / "card.md").read_text(encoding="utf-8")
    assert "under PyTorch: an export cannot represent a model with pooling: cls_token" in card
    assert str(tmp_path) not in card


def test_an_encoder_that_is_no_directory_is_written_without(trained, tmp_path, caplog):
    trained.write(tmp_path / "b", encoder=FakeEncoder())
    assert opened(tmp_path / "b").manifest.light is None
    assert caplog.text == ""
