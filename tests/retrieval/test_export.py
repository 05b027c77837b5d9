"""What can be exported is exported faithfully; what cannot is named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import UnexportableError
from matcher.retrieval.encoders import SentenceTransformerEncoder, default_model_directory
from matcher.retrieval.export import export
from matcher.retrieval.exported import EXPORT_FILES, ExportedEncoder
from tests.contracts.encoder_contract import ODD, TEXTS
from tests.retrieval.tiny_models import DENSE, WIDTH, a_model

TANH = "torch.nn.modules.activation.Tanh"
WORDS = [*TEXTS, *ODD.values(), "a", "word " * 68, "word " * 69, "word " * 500]


def an_export(model: Path, folder: Path) -> ExportedEncoder:
    folder.mkdir()
    for name, content in export(SentenceTransformerEncoder(model)).items():
        (folder / name).write_bytes(content)
    return ExportedEncoder(folder, precision="fp32")


@pytest.mark.parametrize(
    ("options", "dim"),
    [
        ({}, WIDTH),
        ({"modules": ()}, WIDTH),
        ({"prefix": "bert."}, WIDTH),
        ({"prompt": "query: "}, WIDTH),
        ({"dense": TANH}, DENSE),
        ({"dense": "torch.nn.modules.linear.Identity"}, DENSE),
        ({"dense": "torch.nn.modules.activation.GELU"}, DENSE),
        ({"pooling": {"pooling_mode": "mean", "pooling_mode_mean_tokens": None}}, WIDTH),
    ],
    ids=str,
)
def test_a_model_of_random_weights_gives_the_vectors_that_it_gives_under_torch(
    tmp_path, options, dim
):
    model = a_model(tmp_path / "model", **options)
    expected = SentenceTransformerEncoder(model, precision="fp32").encode([*WORDS, ""])
    found = an_export(model, tmp_path / "exported").encode([*WORDS, ""])
    assert found.shape == (len(WORDS) + 1, dim)
    assert not found[-1].any() or options.get("prompt")
    assert np.sum(found[:-1] * expected[:-1], axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"pooling": {"pooling_mode_cls_token": True}}, "pooling: cls_token"),
        ({"pooling": {"pooling_mode_mean_tokens": False}}, "pooling: none"),
        ({"pooling": {"pooling_mode": "max"}}, "pooling: max"),
        ({"pooling": {"include_prompt": False}}, "pooling: without the prompt"),
        ({"config": {"model_type": "distilbert"}}, "model_type: distilbert"),
        ({"config": {"hidden_act": "relu"}}, "hidden_act: relu"),
        ({"config": {"position_embedding_type": "relative_key"}}, "relative_key"),
        ({"sentence": {"max_seq_length": None}}, "max_seq_length: None"),
        ({"sentence": {"max_seq_length": 4_000}}, "max_seq_length: 4000"),
        ({"sentence": {"max_seq_length": 64, "do_lower_case": True}}, "do_lower_case"),
        ({"dense": "torch.nn.modules.activation.SiLU"}, "activation: SiLU"),
        ({"modules": ("LayerNorm", "Normalize")}, "Pooling then LayerNorm"),
        ({"prefix": "model."}, "has no weights"),
        ({"config": {"num_hidden_layers": 3}}, r"has no weights.*layer\.2"),
        ({"config": {"hidden_size": 27}}, "do not fit together"),
    ],
    ids=str,
)
def test_what_cannot_be_represented_is_named(tmp_path, options, said):
    model = SentenceTransformerEncoder(a_model(tmp_path / "model", **options))
    with pytest.raises(UnexportableError, match=said) as refused:
        export(model)
    assert str(tmp_path) not in str(refused.value), "a bundle's card knows no path"


@pytest.mark.parametrize("name", ["modules.json", "tokenizer.json", "sentence_bert_config.json"])
def test_a_directory_that_lacks_a_file_is_not_exported(tmp_path, name):
    directory = a_model(tmp_path / "model")
    (directory / name).unlink()
    with pytest.raises(UnexportableError, match=f"{name} cannot be read"):
        export(SentenceTransformerEncoder(directory))


def test_the_same_model_gives_the_same_bytes_again_and_in_another_process(minilm):
    code = (
        "import hashlib; from matcher.retrieval.encoders import SentenceTransformerEncoder as E; "
        "from matcher.retrieval.export import export; "
        "print({k: hashlib.sha256(v).hexdigest() for k, v in sorted(export(E()).items())})"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert ran[0] == ran[1]
    assert export(minilm) == export(minilm)
    assert sorted(export(minilm)) == sorted(EXPORT_FILES)


def test_the_tokenizer_is_cut_where_the_encoder_cuts_it_and_pads_nothing(minilm):
    packaged = json.loads((default_model_directory() / "tokenizer.json").read_bytes())
    exported = json.loads(export(minilm)["tokenizer.json"])
    assert packaged["truncation"]["max_length"] == 128
    assert exported["truncation"]["max_length"] == 256
    assert exported["padding"] is None
    assert exported["model"] == packaged["model"]


def test_nothing_that_is_exported_can_run_or_names_this_machine(minilm):
    for name, content in export(minilm).items():
        assert not content.startswith(b"\x80"), f"{name} looks like a pickle"
        for word in (str(Path.home()).encode(), b"/tmp/", b"site-packages"):
            assert word not in content, (name, word)
