"""What a sentence-transformers directory says of its network, where that is one we can rebuild.

A BERT with the mean of its tokens, dense layers after it, and no more: MiniLM, E5, GTE
and what was trained from them. Everything else is named and refused, never guessed at.

Source: Devlin et al., NAACL 2019, doi:10.18653/v1/N19-1423
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.errors import UnexportableError

ACTIVATIONS = {"Identity": "identity", "Tanh": "tanh", "GELU": "gelu", "ReLU": "relu"}
POOLING_FLAG = "pooling_mode_"
MEAN = "mean_tokens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """A layer after the pooling.

    Attributes:
        folder: Where its weights lie.
        activation: One of the values of `ACTIVATIONS`.
    """

    folder: str
    has_bias: bool
    activation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """The shape of a network.

    Attributes:
        folder: Where the weights of the BERT lie, "" for the directory itself.
        epsilon: Keeps the normalisation of layers from dividing by nothing.
        positions: The longest text that the network can take, in tokens.
        limit: Where texts are cut, in tokens; at most `positions`.
    """

    folder: str
    width: int
    layers: int
    heads: int
    epsilon: float
    positions: int
    limit: int
    pad: int
    prompt: str
    dense: tuple[Dense, ...]

    @classmethod
    def of(cls, directory: Path) -> Blueprint:
        """Read the configuration files of a directory.

        Raises:
            UnexportableError: They ask for something that is not rebuilt here.
        """
        kinds = [
            (str(one["type"]).rpartition(".")[2], str(one["path"]))
            for one in _json(directory / "modules.json")
        ]
        named = [kind for kind, _ in kinds]
        folder, pooling, *rest = [path for _, path in kinds] or [""]
        after = named[2:-1] if named[-1:] == ["Normalize"] else named[2:]
        if named[:2] != ["Transformer", "Pooling"] or set(after) - {"Dense"}:
            raise _unknown("modules", " then ".join(named))
        _check_pooling(_json(directory / pooling / "config.json"))
        config = _json(directory / folder / "config.json")
        _check_bert(config)
        return cls(
            folder=folder,
            width=int(config["hidden_size"]),
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            epsilon=float(config["layer_norm_eps"]),
            positions=int(config["max_position_embeddings"]),
            limit=_limit(directory, folder, positions=int(config["max_position_embeddings"])),
            pad=int(config.get("pad_token_id") or 0),
            prompt=_prompt(directory),
            dense=tuple(_dense(directory, path) for path in rest[: len(after)]),
        )


def _check_pooling(config: Mapping[str, Any]) -> None:
    flags = {
        name.removeprefix(POOLING_FLAG)
        for name, chosen in config.items()
        if name.startswith(POOLING_FLAG) and chosen
    }
    modes = config.get("pooling_mode", "+".join(sorted(flags)))
    if modes not in {"mean", MEAN}:
        raise _unknown("pooling", str(modes))
    if config.get("include_prompt", True) is not True:
        raise _unknown("pooling", "without the prompt")


def _check_bert(config: Mapping[str, Any]) -> None:
    expected = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
        "is_decoder": False,
    }
    for name, wanted in expected.items():
        found = config.get(name, wanted)
        if found != wanted:
            raise _unknown(name, str(found))


def _limit(directory: Path, folder: str, *, positions: int) -> int:
    """Tokens a text. A directory that does not say leaves it to its tokenizer: not rebuilt here."""
    config = _json(directory / folder / "sentence_bert_config.json")
    limit = config.get("max_seq_length")
    if not isinstance(limit, int) or not 0 < limit <= positions:
        raise _unknown("max_seq_length", str(limit))
    if config.get("do_lower_case"):
        raise _unknown("do_lower_case", "true")
    return limit


def _prompt(directory: Path) -> str:
    file = directory / "config_sentence_transformers.json"
    config = _json(file) if file.is_file() else {}
    return str((config.get("prompts") or {}).get(config.get("default_prompt_name") or "") or "")


def _dense(directory: Path, path: str) -> Dense:
    config = _json(directory / path / "config.json")
    activation = str(config.get("activation_function", "Tanh")).rpartition(".")[2]
    if activation not in ACTIVATIONS:
        raise _unknown("activation", activation)
    if config.get("use_residual"):
        raise _unknown("dense layer", "with a residual")
    return Dense(
        folder=path, has_bias=bool(config.get("bias", True)), activation=ACTIVATIONS[activation]
    )


def _json(file: Path) -> Any:  # whatever the file holds
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UnexportableError(
            f"the model's {file.name} cannot be read ({type(error).__name__})"
        ) from error


def _unknown(what: str, found: str) -> UnexportableError:
    return UnexportableError(f"an export cannot represent a model with {what}: {found or 'none'}")
