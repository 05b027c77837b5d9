"""The encoder that a bundle carries says what the training's own says."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import BundleError
from matcher.retrieval import exported
from matcher.retrieval.export import export
from matcher.retrieval.exported import EXPORT_FILES, ExportedEncoder
from tests.contracts.encoder_contract import ODD, TEXTS, EncoderContract

AT_THE_LIMIT = ["word " * words for words in (253, 254, 255, 300)]
MANY = [
    *TEXTS,
    *ODD.values(),
    *AT_THE_LIMIT,
    "",
    " \n\u3000",
    "a",
    "日本語のウェブサイト",
    "Übersetzung für Zürich, naïve café",
    "tuning a database " * 1_200,
    *(
        f"{text} for a client of {n} years, budget {n * 100} USD"
        for n in range(6)
        for text in TEXTS
    ),
]
SPOKEN = [text for text in MANY if text.strip()]


@pytest.fixture(scope="module")
def folder(minilm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default encoder's export; read it, never change it."""
    made = tmp_path_factory.mktemp("exported")
    for name, content in export(minilm).items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture(scope="module")
def light(folder: Path) -> ExportedEncoder:
    return ExportedEncoder(folder, precision="bf16")


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copied"))


class TestExportedEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, light):
        return light


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_vectors_are_those_of_the_training_s_encoder(minilm, folder, precision):
    found = ExportedEncoder(folder, precision=precision).encode(MANY)
    expected = minilm.encode(MANY)
    same = np.sum(found * expected, axis=1)
    spoken = [bool(text.strip()) for text in MANY]
    assert same[spoken].min() >= 0.999
    assert not found[[not one for one in spoken]].any()


def test_tokens_are_those_of_the_training_s_encoder(minilm, light):
    light.warm()
    taken = [text for text in MANY if "\ud83d" not in text]
    expected = minilm._warmed().reader.read(taken)
    found = light._warmed().reader.read(taken)
    assert [one.tolist() for one in found] == [one.tolist() for one in expected]
    assert max(map(len, found)) == 256
    assert light._warmed().reader.silence == minilm._warmed().reader.silence


def test_a_live_text_agrees_with_itself_in_a_batch(light):
    alone = np.vstack([light.encode([text]) for text in SPOKEN])
    assert np.sum(alone * light.encode(SPOKEN), axis=1).min() > 0.9999


def test_nothing_is_read_beyond_the_training_s_length(minilm, light):
    text = "word\n" * 800  # 4,000 characters
    cut, longer = light.encode([text, text + "logo design"])
    assert light.max_chars == minilm.max_chars == len(text)
    assert np.array_equal(cut, longer)


def test_more_threads_than_cores_get_the_bits_of_one(light):
    expected, found = [light.encode([text]) for text in SPOKEN[:8]], {}

    def work(name: int) -> None:
        found[name] = [light.encode([text]) for text in SPOKEN[:8]]

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in range(6):
        assert all(np.array_equal(a, b) for a, b in zip(found[name], expected, strict=True))


def test_it_belongs_to_the_encoder_that_it_was_made_from(minilm, light):
    assert light.digest.partition(":")[0] == minilm.model_digest
    assert light.digest != minilm.digest, "its vectors differ in their last bits"


def test_another_precision_is_another_digest(folder, monkeypatch):
    monkeypatch.setattr(exported, "has_bf16", lambda: True)
    one, other = (ExportedEncoder(folder, precision=name).digest for name in ("bf16", "fp32"))
    assert one != other


def test_a_processor_without_bfloat16_multiplies_exactly(folder, monkeypatch):
    monkeypatch.setattr(exported, "has_bf16", lambda: False)
    assert ExportedEncoder(folder, precision="bf16").precision == "fp32"


def test_neither_torch_nor_the_network_is_touched(folder, tmp_path):
    """OpenVINO would report its import: from a process it forks, so nothing here may see it."""
    code = f"""
import os, socket, sys
def refuse(*_): raise SystemExit("the network was asked, or a process started")
socket.socket.connect = socket.getaddrinfo = os.fork = refuse
from pathlib import Path
from matcher.retrieval.exported import ExportedEncoder
assert ExportedEncoder(Path({str(folder)!r}), precision="bf16").encode(["a word"]).any()
heavy = {{"torch", "transformers", "sentence_transformers", "openvino_telemetry", "safetensors"}}
assert heavy.isdisjoint(sys.modules), sorted(heavy & set(sys.modules))
"""
    home = {"HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=home, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert list(tmp_path.iterdir()) == [], "a client number was left in the home"


@pytest.mark.parametrize("name", EXPORT_FILES)
def test_a_missing_file_is_named(copied, name):
    (copied / name).unlink()
    with pytest.raises(BundleError, match=name):
        ExportedEncoder(copied, precision="bf16").encode(["word"])


@pytest.mark.parametrize("name", EXPORT_FILES)
@pytest.mark.parametrize("content", [b"", b"{}", b"<net>", b"\xff" * 64], ids=repr)
def test_a_file_of_something_else_is_named(copied, name, content):
    (copied / name).write_bytes(content)
    with pytest.raises(BundleError, match=f"{name}.*train a new one"):
        ExportedEncoder(copied, precision="bf16").encode(["word"])


def test_a_graph_of_another_width_is_refused(copied):
    text = (copied / "encoder.json").read_text(encoding="utf-8")
    (copied / "encoder.json").write_text(text.replace('"dim": 384', '"dim": 12'), encoding="utf-8")
    with pytest.raises(BundleError, match=r"gives 384 numbers a text, expected.*12"):
        ExportedEncoder(copied, precision="bf16").encode(["word"])
