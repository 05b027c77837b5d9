"""The network of a blueprint as a graph of OpenVINO, built by hand from safetensors.

Built rather than traced: PyTorch need not be loaded, and the same files give the same bytes.

Input `ids` is [n, t] int32 and `own` [n, t] float32, 1 where a token is the text's and
0 where it pads. The output is [n, dim] float32, of any length.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from matcher.errors import UnexportableError
from matcher.retrieval.blueprint import Blueprint, Dense
from matcher.retrieval.runtime import Model, Node
from matcher.retrieval.runtime import opset13 as op

Weights = Mapping[str, NDArray[np.float32]]

FAR = 1e4  # a padding token's attention is e^-10000 of a text's own: nothing, in any precision


def graph_of(directory: Path, blueprint: Blueprint) -> Model:
    """The graph of a directory's network.

    Raises:
        UnexportableError: The weights are not those of the blueprint.
    """
    ids = op.parameter([-1, -1], np.int32)
    own = op.parameter([-1, -1], np.float32)
    ids.output(0).set_names({"ids"})
    own.output(0).set_names({"own"})
    layers = _Layers(_weights(directory / blueprint.folder), blueprint)
    try:
        tokens = layers.embedded(ids)
        bias = op.multiply(op.subtract(op.unsqueeze(own, _ints(1, 2)), _number(1.0)), _number(FAR))
        for number in range(blueprint.layers):
            tokens = layers.layer(tokens, bias, at=f"encoder.layer.{number}")
        vectors = _mean(tokens, own)
        for one in blueprint.dense:
            vectors = _dense(vectors, _weights(directory / one.folder), one)
    except KeyError as error:
        raise UnexportableError(f"the model has no weights {error}") from error
    except RuntimeError as error:
        raise UnexportableError("the model's weights do not fit together") from error
    vectors.output(0).set_names({"vectors"})
    graph = Model([op.result(vectors)], [ids, own], "encoder")
    for number, node in enumerate(graph.get_ordered_ops()):
        node.set_friendly_name(f"{node.get_type_name()}_{number}")  # else by a count of the process
    return graph


class _Layers:
    """The layers of a BERT, over its weights by name."""

    def __init__(self, weights: Weights, blueprint: Blueprint) -> None:
        bare = all(not name.startswith("bert.") for name in weights)
        self._weights = weights
        self._prefix = "" if bare else "bert."
        self._shape = blueprint

    def embedded(self, ids: Node) -> Node:
        """[n, t, width]: words, places and the one kind of segment there is, added up."""
        length = op.gather(op.shape_of(ids), _ints(1), _ints(0))
        places = op.slice(
            self._constant("embeddings.position_embeddings.weight"),
            _ints(0), length, _ints(1), _ints(0),
        )  # fmt: skip
        words = op.gather(self._constant("embeddings.word_embeddings.weight"), ids, _ints(0))
        segment = op.constant(self._array("embeddings.token_type_embeddings.weight")[0])
        added = op.add(op.add(words, segment), op.unsqueeze(places, _ints(0)))
        return self._normal(added, at="embeddings.LayerNorm")

    def layer(self, tokens: Node, bias: Node, *, at: str) -> Node:
        """Attention and the two dense layers after it, each added to what went in."""
        inner, outer = f"{at}.attention.self", f"{at}.attention.output"
        query, key, value = (
            self._by_head(self._linear(tokens, at=f"{inner}.{name}"))
            for name in ("query", "key", "value")
        )
        heard = op.scaled_dot_product_attention(query, key, value, bias)
        apart = op.transpose(heard, _ints(0, 2, 1, 3))
        joined = op.reshape(apart, _ints(0, 0, self._shape.width), special_zero=True)
        tokens = op.add(self._linear(joined, at=f"{outer}.dense"), tokens)
        tokens = self._normal(tokens, at=f"{outer}.LayerNorm")
        wide = op.gelu(self._linear(tokens, at=f"{at}.intermediate.dense"), "erf")
        added = op.add(self._linear(wide, at=f"{at}.output.dense"), tokens)
        return self._normal(added, at=f"{at}.output.LayerNorm")

    def _by_head(self, tokens: Node) -> Node:
        heads = self._shape.heads
        shape = _ints(0, 0, heads, self._shape.width // heads)
        split = op.reshape(tokens, shape, special_zero=True)
        return op.transpose(split, _ints(0, 2, 1, 3))

    def _linear(self, tokens: Node, *, at: str) -> Node:
        return _linear(tokens, self._array(f"{at}.weight"), self._array(f"{at}.bias"))

    def _normal(self, tokens: Node, *, at: str) -> Node:
        epsilon = self._shape.epsilon
        even = op.mvn(
            tokens, _ints(-1), normalize_variance=True, eps=epsilon, eps_mode="inside_sqrt"
        )
        scaled = op.multiply(even, self._constant(f"{at}.weight"))
        return op.add(scaled, self._constant(f"{at}.bias"))

    def _constant(self, name: str) -> Node:
        return op.constant(self._array(name))

    def _array(self, name: str) -> NDArray[np.float32]:
        return self._weights[self._prefix + name]


def _linear(values: Node, weight: NDArray[np.float32], bias: NDArray[np.float32] | None) -> Node:
    product = op.matmul(values, op.constant(weight), transpose_a=False, transpose_b=True)
    return product if bias is None else op.add(product, op.constant(bias))


def _mean(tokens: Node, own: Node) -> Node:
    own = op.unsqueeze(own, _ints(-1))
    total = op.reduce_sum(op.multiply(tokens, own), _ints(1))
    return op.divide(total, op.reduce_sum(own, _ints(1)))


def _dense(vectors: Node, weights: Weights, shape: Dense) -> Node:
    bias = weights["linear.bias"] if shape.has_bias else None
    vectors = _linear(vectors, weights["linear.weight"], bias)
    if shape.activation == "identity":
        return vectors
    if shape.activation == "gelu":
        return op.gelu(vectors, "erf")
    return op.tanh(vectors) if shape.activation == "tanh" else op.relu(vectors)


def _ints(*values: int) -> Node:
    return op.constant(np.array(values, np.int64))


def _number(value: float) -> Node:
    return op.constant(np.array(value, np.float32))


def _weights(folder: Path) -> Weights:
    try:
        found = load_file(folder / "model.safetensors")
    except (OSError, TypeError, ValueError, KeyError, SafetensorError) as error:
        raise UnexportableError(
            f"the model's weights are none that NumPy reads ({type(error).__name__})"
        ) from error
    return {name: np.asarray(array, np.float32) for name, array in found.items()}
