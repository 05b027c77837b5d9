"""Small sentence-transformers directories of random weights and of several kinds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from matcher.retrieval.encoders import default_model_directory

WIDTH, WIDE, LAYERS, POSITIONS, WORDS, DENSE = 24, 40, 2, 72, 30_522, 10
CONFIG = {
    "architectures": ["BertModel"],
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": WIDTH,
    "intermediate_size": WIDE,
    "layer_norm_eps": 1e-5,
    "max_position_embeddings": POSITIONS,
    "num_attention_heads": 3,
    "num_hidden_layers": LAYERS,
    "pad_token_id": 0,
    "type_vocab_size": 2,
    "vocab_size": WORDS,
}
POOLING = {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True}
SENTENCE = {"max_seq_length": 70, "do_lower_case": False}
NAMES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


def a_model(
    directory: Path,
    *,
    config: Mapping[str, object] | None = None,
    pooling: Mapping[str, object] | None = None,
    sentence: Mapping[str, object] | None = None,
    prompt: str = "",
    dense: str | None = None,
    modules: tuple[str, ...] = ("Normalize",),
    prefix: str = "",
) -> Path:
    """A directory with mean pooling, and a dense layer where its activation is given."""
    directory.mkdir(parents=True)
    for name in NAMES:
        shutil.copy(default_model_directory() / name, directory / name)
    kinds = ["Transformer", "Pooling", *(["Dense"] if dense else []), *modules]
    listed = [
        {
            "idx": n,
            "name": str(n),
            "path": f"{n}_{kind}" if n else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for n, kind in enumerate(kinds)
    ]
    _write(directory / "modules.json", listed)
    _write(directory / "config.json", {**CONFIG, **(config or {})})
    _write(directory / "sentence_bert_config.json", sentence or SENTENCE)
    prompts = {"prompts": {"query": prompt}, "default_prompt_name": "query"} if prompt else {}
    _write(directory / "config_sentence_transformers.json", prompts)
    _write(directory / "1_Pooling" / "config.json", {**POOLING, **(pooling or {})})
    rng = np.random.default_rng(5)
    save_file(_bert(rng, prefix=prefix), directory / "model.safetensors")
    if dense:
        shape = {
            "in_features": WIDTH,
            "out_features": DENSE,
            "bias": True,
            "activation_function": dense,
        }
        _write(directory / "2_Dense" / "config.json", shape)
        weights = {"linear.weight": _drawn(rng, DENSE, WIDTH), "linear.bias": _drawn(rng, DENSE)}
        save_file(weights, directory / "2_Dense" / "model.safetensors")
    return directory


def _bert(rng: np.random.Generator, *, prefix: str) -> dict[str, np.ndarray]:
    found = {
        "embeddings.word_embeddings.weight": _drawn(rng, WORDS, WIDTH),
        "embeddings.position_embeddings.weight": _drawn(rng, POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": _drawn(rng, 2, WIDTH),
        **_norm(rng, "embeddings.LayerNorm"),
    }
    for n in range(LAYERS):
        at = f"encoder.layer.{n}"
        for name in ("query", "key", "value"):
            found |= _linear(rng, f"{at}.attention.self.{name}", WIDTH, WIDTH)
        found |= _linear(rng, f"{at}.attention.output.dense", WIDTH, WIDTH)
        found |= _linear(rng, f"{at}.intermediate.dense", WIDE, WIDTH)
        found |= _linear(rng, f"{at}.output.dense", WIDTH, WIDE)
        found |= _norm(rng, f"{at}.attention.output.LayerNorm")
        found |= _norm(rng, f"{at}.output.LayerNorm")
    return {prefix + name: array for name, array in found.items()}


def _linear(rng: np.random.Generator, at: str, out: int, into: int) -> dict[str, np.ndarray]:
    return {f"{at}.weight": _drawn(rng, out, into), f"{at}.bias": _drawn(rng, out)}


def _norm(rng: np.random.Generator, at: str) -> dict[str, np.ndarray]:
    return {f"{at}.weight": 1 + _drawn(rng, WIDTH), f"{at}.bias": _drawn(rng, WIDTH)}


def _drawn(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.normal(0, 0.3, shape).astype(np.float32)


def _write(file: Path, content: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
