from __future__ import annotations

import io
import json
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import EncoderError
from matcher.progress import progress
from matcher.retrieval import encoders
from matcher.retrieval.encoders import SentenceTransformerEncoder, default_model_directory
from tests.contracts.encoder_contract import TEXTS, EncoderContract
from tests.fakes import FakeEncoder


class TestSentenceTransformerEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, minilm):
        return minilm


class TestFakeEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self):
        return FakeEncoder()


@pytest.fixture
def copied(tmp_path) -> Path:
    """The default model elsewhere, its weights linked: a directory of the user's own."""
    directory = tmp_path / "model"
    shutil.copytree(
        default_model_directory(), directory, ignore=shutil.ignore_patterns("*.safetensors")
    )
    weights = directory / "model.safetensors"
    weights.symlink_to(default_model_directory() / "model.safetensors")
    return directory


def test_agrees_with_the_similarities_that_the_makers_publish(minilm):
    """Source: sbert.net, "Usage", for all-MiniLM-L6-v2."""
    vectors = minilm.encode(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    published = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    assert vectors @ vectors.T == pytest.approx(np.array(published), abs=0.01)


@pytest.mark.parametrize(
    ("text", "nearer", "farther"),
    [
        ("PostgreSQL database tuning", "optimise SQL queries", "logo design"),
        ("logo design", "brand identity and illustration", "optimise SQL queries"),
        ("iOS app developer", "Swift engineer for a mobile product", "Translate German contracts"),
    ],
)
def test_work_of_a_kind_is_nearer(minilm, text, nearer, farther):
    of, near, far = minilm.encode([text, nearer, farther])
    assert of @ near > of @ far + 0.1


def test_a_live_text_agrees_with_itself_in_a_batch(minilm):
    texts = [f"{text}, {n} years" for n in range(10) for text in TEXTS] + ["long " * 300]
    alone = np.vstack([minilm.encode([text]) for text in texts])
    assert np.sum(alone * minilm.encode(texts), axis=1).min() > 0.9999


def test_precisions_agree_with_each_other_and_with_sentence_transformers():
    from sentence_transformers import SentenceTransformer

    own = SentenceTransformer(str(default_model_directory()), device="cpu", local_files_only=True)
    expected = own.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    exact = SentenceTransformerEncoder(precision="fp32").encode(TEXTS)
    quick = SentenceTransformerEncoder(precision="bf16").encode(TEXTS)
    assert np.sum(exact * expected, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.sum(quick * expected, axis=1) == pytest.approx(1, abs=1e-3)


def test_the_number_of_cores_changes_no_bit(minilm, monkeypatch):
    texts = [f"{text} {n}" for n in range(10) for text in TEXTS]
    monkeypatch.setattr(minilm, "batch", 8)
    monkeypatch.setattr(minilm, "workers", 1)
    alone = minilm.encode(texts)
    monkeypatch.setattr(minilm, "workers", 3)
    assert np.array_equal(minilm.encode(texts), alone)


def test_threads_may_share_an_encoder(minilm):
    expected, found = minilm.encode(TEXTS), {}

    def work(name: int) -> None:
        found[name] = minilm.encode(TEXTS)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[name], expected) for name in range(4))


def test_leaves_the_threads_of_torch_as_they_were(minilm):
    import torch

    before = torch.get_num_threads()
    minilm.encode(TEXTS)
    assert torch.get_num_threads() == before


def test_nothing_is_read_beyond_the_documented_length(minilm):
    text = "database tuning " * 250  # 4,000 characters
    cut, longer = minilm.encode([text, text + "logo design"])
    assert minilm.max_chars == len(text)
    assert np.array_equal(cut, longer)


def test_never_asks_the_network(copied, monkeypatch):
    def refuse(*_args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert SentenceTransformerEncoder(copied).encode(["word"]).any()


def test_dimension_and_digest_need_no_torch():
    code = (
        "import sys; from matcher.retrieval.encoders import SentenceTransformerEncoder as E; "
        "e = E(); e.digest; e.dim; e.encode([]); sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_digest_tells_apart_whatever_changes_a_vector(copied, minilm):
    digests = [
        SentenceTransformerEncoder(copied, precision="bf16").digest,
        SentenceTransformerEncoder(copied, precision="fp32").digest,
        SentenceTransformerEncoder(copied, precision="fp32", max_chars=100).digest,
    ]
    (copied / "sentence_bert_config.json").write_text('{"max_seq_length": 128}')
    digests.append(SentenceTransformerEncoder(copied, precision="fp32").digest)
    assert len(set(digests)) == len(digests)


def test_the_digest_does_not_depend_on_where_the_model_lies(copied, minilm):
    assert SentenceTransformerEncoder(copied, precision=minilm.precision).digest == minilm.digest


def test_machines_with_and_without_bfloat16_share_the_model_digest(minilm):
    digests = {SentenceTransformerEncoder(precision=p).model_digest for p in ("fp32", "bf16")}
    assert digests == {minilm.model_digest}


def test_refuses_weights_with_one_bit_flipped(copied):
    weights = copied / "model.safetensors"
    damaged = bytearray(weights.read_bytes())
    damaged[-1] ^= 1
    weights.unlink()
    weights.write_bytes(damaged)
    expected = encoders.DEFAULT_WEIGHTS_SHA256
    encoder = SentenceTransformerEncoder(copied, weights_sha256=expected)
    with pytest.raises(EncoderError, match=f"expected {expected}.*reinstall"):
        encoder.encode(["word"])


def test_the_default_model_is_verified_wherever_its_package_lies(copied, tmp_path):
    package = tmp_path / encoders.DEFAULT_PACKAGE
    package.mkdir()
    directory = copied.rename(package / "model")
    (directory / "model.safetensors").unlink()
    (directory / "model.safetensors").write_bytes(b"other")
    with pytest.raises(EncoderError, match="damaged or was replaced"):
        SentenceTransformerEncoder(directory).encode(["word"])


def test_refuses_weights_cut_short(copied):
    weights = copied / "model.safetensors"
    start = weights.read_bytes()[:100_000]
    weights.unlink()
    weights.write_bytes(start)
    with pytest.raises(EncoderError, match=r"cannot be loaded.*restore its files"):
        SentenceTransformerEncoder(copied).encode(["word"])


def test_refuses_pickled_weights(copied):
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    with pytest.raises(EncoderError, match=r"holds pytorch_model\.bin, expected model\.safetenso"):
        SentenceTransformerEncoder(copied)


def test_refuses_a_directory_without_a_model(tmp_path):
    with pytest.raises(EncoderError, match="holds no model"):
        SentenceTransformerEncoder(tmp_path / "nothing")


def test_refuses_a_width_that_is_not_the_configuration_s(copied):
    (copied / "2_Dense").mkdir()
    (copied / "2_Dense" / "config.json").write_text(json.dumps({"out_features": 12}))
    with pytest.raises(EncoderError, match="gives 384 numbers a text, expected 12"):
        SentenceTransformerEncoder(copied).encode(["word"])


def test_refuses_a_missing_default_package(monkeypatch):
    monkeypatch.setattr(encoders, "DEFAULT_PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match=r"no package no_such_package.*pip install"):
        SentenceTransformerEncoder()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_bar_on_a_terminal_and_silent_elsewhere(monkeypatch):
    for stream, spoken in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress("Encoding", total=2) as advance:
            advance(2)
        assert ("Encoding" in stream.getvalue()) == spoken
