"""An encoder that a bundle can carry: graph, weights and tokenizer as files, made without PyTorch.

Weights are kept in half precision, which changes a cosine in the seventh place; how they
are multiplied is chosen when the files are opened. Same directory, same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from matcher.canonical import write_json
from matcher.errors import UnexportableError
from matcher.retrieval.blueprint import Blueprint
from matcher.retrieval.exported import GRAPH, SHAPE, TOKENIZER, WEIGHTS, Shape
from matcher.retrieval.graph import graph_of
from matcher.retrieval.runtime import save_model

if TYPE_CHECKING:
    from matcher.retrieval.encoders import SentenceTransformerEncoder

Files = Mapping[str, bytes]


def export(encoder: SentenceTransformerEncoder) -> Files:
    """The files of an encoder, by name; about half a second for the default one.

    Raises:
        UnexportableError: Its model is of a kind that is not rebuilt here.
        EncoderError: Its files are not the ones expected.
    """
    directory, digest = encoder.directory, encoder.model_digest
    blueprint = Blueprint.of(directory)
    shape = Shape(
        model_digest=digest,
        dim=encoder.dim,
        max_chars=encoder.max_chars,
        positions=blueprint.positions,
        pad=blueprint.pad,
        prompt=blueprint.prompt,
    )
    with TemporaryDirectory(prefix="matcher-export-") as made:
        folder = Path(made)
        save_model(graph_of(directory, blueprint), folder / GRAPH, compress_to_fp16=True)
        write_json(folder / SHAPE, asdict(shape))
        (folder / TOKENIZER).write_bytes(_tokenizer(directory, limit=blueprint.limit))
        names = (GRAPH, SHAPE, TOKENIZER, WEIGHTS)
        return {name: (folder / name).read_bytes() for name in names}


def _tokenizer(directory: Path, *, limit: int) -> bytes:
    """The directory's tokenizer as sentence-transformers uses it.

    As packaged it may pad and cut otherwise: the default model's does both at 128 tokens.
    """
    file = directory / "tokenizer.json"
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UnexportableError(
            f"the model's {file.name} cannot be read ({type(error).__name__})"
        ) from error
    cut = {"direction": "Right", "max_length": limit, "strategy": "LongestFirst", "stride": 0}
    content |= {"padding": None, "truncation": cut}
    return (json.dumps(content, ensure_ascii=False, sort_keys=False) + "\n").encode()
