"""Reads a forest's text closely before LightGBM does.

LightGBM trusts its own format: a number out of place makes it read and write beyond
its arrays. A bundle may come from a stranger, so only what is provably a forest over
the expected columns is handed on: every list as long as it must be, every index in
range, every node reached exactly once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matcher.errors import BundleError

END = "end of trees\n"
FIXED = {
    "version": "v4",
    "num_class": "1",
    "num_tree_per_iteration": "1",
    "label_index": "0",
}
LAMBDARANK, BINARY = "lambdarank", "binary sigmoid:1"
MODELS = {LAMBDARANK: "ranker", BINARY: "classifier"}
PER_COLUMN = ("feature_names", "feature_infos", "monotone_constraints")
INNER_WHOLE = ("split_feature", "decision_type", "left_child", "right_child", "internal_count")
INNER = ("split_gain", "threshold", "internal_value", "internal_weight", *INNER_WHOLE)
LEAVES = ("leaf_value", "leaf_weight", "leaf_count")
SINGLE = {"Tree", "num_leaves", "num_cat", "is_linear", "shrinkage"}
CATEGORICAL = 1  # a bit of decision_type
WHOLE = re.compile(r"0|-?[1-9]\d{0,9}", re.ASCII)
REAL = re.compile(r"-?(\d+(\.\d+)?(e[+-]?\d+)?|inf)", re.ASCII)


def checked(text: str, *, names: Sequence[str], objective: str = LAMBDARANK) -> str:
    """The forest alone, without what LightGBM appends for people to read.

    Args:
        objective: What it must have been grown for, in LightGBM's words.

    Raises:
        BundleError: It is not one, or not over these columns.
    """
    try:
        head, sizes = _head(text, names, objective)
        start = len(head)
        for number, size in enumerate(sizes):
            _check_tree(text[start : start + size], number, columns=len(names))
            start += size
        _require(text.startswith(END, start), "trees of the sizes that its head says")
    except ValueError as error:
        raise BundleError(
            f"the {MODELS[objective]}'s text is not a LightGBM model ({error}); "
            "train the bundle again"
        ) from error
    return text[: start + len(END)]


def _head(text: str, names: Sequence[str], objective: str) -> tuple[str, list[int]]:
    _require(text.isascii() and "\0" not in text and "\r" not in text, "plain ASCII")
    first = text.find("\nTree=0\n")
    head = text[: first + 1] if first >= 0 else text.partition(END)[0]
    kind, _, rest = head.partition("\n")
    _require(kind == "tree", "a first line `tree`")
    fields = _fields(rest)
    sizes = [_whole(size) for size in fields.pop("tree_sizes", "").split()]
    _require(min(sizes, default=1) > 0, "trees with a size")
    columns = {key: fields.pop(key).split(" ") for key in PER_COLUMN if key in fields}
    _require(columns.get("feature_names") == list(names), "this release's columns, in its order")
    _require("feature_infos" in columns, "feature_infos")
    _require(all(len(one) == len(names) for one in columns.values()), "a value for every column")
    fixed = {**FIXED, "objective": objective, "max_feature_idx": str(len(names) - 1)}
    _require(fields == fixed, f"a head of {', '.join(fixed)}")
    return head, sizes


def _check_tree(block: str, number: int, *, columns: int) -> None:
    fields = _fields(block)
    _require(set(fields) == {*SINGLE, *INNER, *LEAVES}, f"tree {number} to have its fields")
    leaves = _whole(fields["num_leaves"])
    plain = (fields["Tree"], fields["num_cat"], fields["is_linear"]) == (str(number), "0", "0")
    _require(plain and leaves >= 1, f"tree {number} to be a plain tree in its place")
    _numbers(fields["shrinkage"], 1, whole=False)
    for key in INNER:
        _numbers(fields[key], leaves - 1, whole=key in INNER_WHOLE)
    for key in LEAVES:
        is_stump = leaves == 1 and key != "leaf_value" and not fields[key]
        _numbers(fields[key], 0 if is_stump else leaves, whole=key == "leaf_count")
    if leaves > 1:
        _check_shape(fields, leaves=leaves, columns=columns)


def _check_shape(fields: Mapping[str, str], *, leaves: int, columns: int) -> None:
    """Children lie after their parent, so there is no cycle; all are reached once."""
    inner = {key: _numbers(fields[key], leaves - 1, whole=True) for key in INNER_WHOLE}
    feature, decision = inner["split_feature"], inner["decision_type"]
    _require(feature.min() >= 0 and feature.max() < columns, "splits on known columns")
    _require(decision.min() >= 0 and decision.max() < 16, "known kinds of decision")
    _require(not (decision.astype(np.int64) & CATEGORICAL).any(), "no categorical split")
    left, right = inner["left_child"], inner["right_child"]
    parent = np.arange(leaves - 1)
    _require(bool(((left < 0) | (left > parent)).all()), "children after their parent")
    _require(bool(((right < 0) | (right > parent)).all()), "children after their parent")
    expected = np.delete(np.arange(-leaves, leaves - 1), leaves)  # but the root, which is no child
    _require(np.array_equal(np.sort(np.append(left, right)), expected), "every node reached once")


def _numbers(text: str, size: int, *, whole: bool) -> NDArray[np.float64]:
    """[size] numbers; a real one may be infinite, as a threshold is."""
    words = text.split(" ") if text else []
    _require(len(words) == size, f"{size} numbers where {len(words)} are")
    if whole:
        return np.array([_whole(word) for word in words], np.float64)
    _require(all(map(REAL.fullmatch, words)), "numbers")
    return np.array([float(word) for word in words], np.float64)


def _whole(word: str) -> int:
    _require(WHOLE.fullmatch(word) is not None, f"a whole number, not {word[:20]!r}")
    return int(word)


def _fields(text: str) -> dict[str, str]:
    """`key=value` lines; none twice."""
    lines = [line for line in text.split("\n") if line]
    pairs = [line.partition("=") for line in lines]
    fields = {key: value for key, _, value in pairs}
    _require(len(fields) == len(lines), "every field once")
    return fields


def _require(holds: bool, expected: str) -> None:  # noqa: FBT001  (reads like assert)
    if not holds:
        raise ValueError(f"expected {expected}")
