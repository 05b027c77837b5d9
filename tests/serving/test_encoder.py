"""Which encoder serves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matcher.errors import BundleError
from matcher.retrieval.encoders import SentenceTransformerEncoder, default_model_directory
from matcher.retrieval.exported import ExportedEncoder
from matcher.settings import Settings
from serving.app import open_served
from serving.encoder import serving_encoder
from tests.bundles import opened, sealed, with_manifest
from tests.retrieval.tiny_models import a_model


@pytest.fixture
def old(shop, tmp_path: Path) -> Path:
    """A bundle that carries no encoder."""
    path = Path(shutil.copytree(shop.bundle, tmp_path / "old"))
    shutil.rmtree(path / "encoder")
    sealed(path)
    with_manifest(path, light=None)
    return path


def test_the_bundle_s_own_serves(shop):
    assert isinstance(serving_encoder(opened(shop.bundle), Settings()), ExportedEncoder)


def test_the_precision_of_the_settings_is_used(shop):
    found = serving_encoder(opened(shop.bundle), Settings(precision="fp32"))
    assert isinstance(found, ExportedEncoder)
    assert found.precision == "fp32"


def test_the_training_s_serves_a_bundle_without_and_says_so(old, caplog):
    found = serving_encoder(opened(old), Settings())
    assert isinstance(found, SentenceTransformerEncoder)
    assert "carries no encoder of its own: PyTorch serves" in caplog.text


def test_a_model_that_the_settings_name_must_be_the_bundle_s(shop, tmp_path):
    bundle = opened(shop.bundle)
    same = serving_encoder(bundle, Settings(encoder=default_model_directory()))
    assert isinstance(same, ExportedEncoder), "the lighter of the two"
    other = a_model(tmp_path / "other")
    with pytest.raises(BundleError, match="set the encoder that it was trained with"):
        serving_encoder(bundle, Settings(encoder=other))


def test_an_encoder_that_does_not_run_is_refused_before_the_port_is_open(shop, tmp_path):
    path = Path(shutil.copytree(shop.bundle, tmp_path / "b"))
    (path / "encoder" / "model.xml").write_text("<net>", encoding="utf-8")
    sealed(path)
    with pytest.raises(BundleError, match=r"model\.xml and model\.bin hold no graph"):
        open_served(Settings(bundle=path))
