"""The encoder that a bundle carries, for a process that has somebody waiting.

Neither PyTorch nor sentence-transformers is imported. A text is computed on one core, and
lengths are rounded up, so that the runtime prepares a few shapes instead of one for every
length there is: memory stays flat, and no text waits for a shape to be prepared for it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from queue import LifoQueue
from typing import TYPE_CHECKING

import numpy as np
from pydantic import TypeAdapter, ValidationError

from matcher.canonical import REMEDY
from matcher.errors import BundleError
from matcher.retrieval.batches import Batches
from matcher.retrieval.precision import Exact, has_bf16
from matcher.retrieval.tokens import Reader, Tokens, padded

if TYPE_CHECKING:
    from matcher.ports import Vectors
    from matcher.retrieval.runtime import InferRequest

GRAPH, WEIGHTS = "model.xml", "model.bin"
SHAPE, TOKENIZER = "encoder.json", "tokenizer.json"
EXPORT_FILES = (SHAPE, WEIGHTS, GRAPH, TOKENIZER)
AT_ONCE = 2  # texts; each of them holds some 15 MB more
STEP = 16  # tokens; lengths are rounded up to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the graph does not say of itself.

    Attributes:
        model_digest: Names the training's encoder: its vectors may be compared with these.
        max_chars: Where a text is cut first.
        positions: The longest text that the graph takes, in tokens.
        pad: The token that fills up.
        prompt: What goes before every text.
    """

    model_digest: str
    dim: int
    max_chars: int
    positions: int
    pad: int
    prompt: str


class ExportedEncoder:
    """An `Encoder` over exported files, under OpenVINO. Thread-safe.

    Args:
        folder: Where `EXPORT_FILES` lie.
        precision: How it multiplies; fp32 where the processor lacks bf16.
        batch: How many texts go through the network together.
        at_once: How many texts, or batches, are computed at a time, each on a core.

    Raises:
        BundleError: A file is missing or is not what its name says.
    """

    def __init__(
        self, folder: Path, *, precision: Exact, batch: int = 32, at_once: int = AT_ONCE
    ) -> None:
        self.folder = folder
        self.precision: Exact = "bf16" if precision == "bf16" and has_bf16() else "fp32"
        self.batch = batch
        self.at_once = min(at_once, os.cpu_count() or 1)
        self.shape = _shape(folder / SHAPE)
        self._lock = threading.Lock()
        self._network: _Network | None = None

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.shape.dim

    @property
    def max_chars(self) -> int:
        """Where a text is cut first."""
        return self.shape.max_chars

    @property
    def model_digest(self) -> str:
        """That of the encoder it was exported from: their vectors may be compared."""
        return self.shape.model_digest

    @cached_property
    def digest(self) -> str:
        """`model_digest:exported-precision-files`, the files by a part of their SHA-256."""
        files = hashlib.sha256()
        for name in EXPORT_FILES:
            files.update(hashlib.sha256(_content(self.folder / name)).digest())
        return f"{self.model_digest}:exported-{self.precision}-{files.hexdigest()[:16]}"

    def warm(self) -> None:
        """Load the graph now rather than on the first text.

        Raises:
            BundleError: A file is not what its name says.
        """
        self._warmed()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector a text; equal texts are encoded once.

        Returns:
            [n, dim] float32, unit length, in the order given; all zeros for a text in which the
            tokenizer finds nothing (empty, whitespace, control characters).

        Raises:
            BundleError: A file is not what its name says.
        """
        batches = Batches(size=self.batch, max_chars=self.max_chars, workers=self.at_once)
        return batches.encode(texts, dim=self.dim, load=self._warmed)

    def _warmed(self) -> _Network:
        with self._lock:
            if self._network is None:
                self._network = _loaded(
                    self.folder, self.shape, precision=self.precision, at_once=self.at_once
                )
            return self._network


@dataclass(frozen=True, kw_only=True, slots=True)
class _Network:
    """A graph that is ready to run; a request for each text that may be computed at a time."""

    reader: Reader
    requests: LifoQueue[InferRequest]
    pad: int
    positions: int

    def forward(self, batch: Sequence[Tokens]) -> Vectors:
        """[len(batch), dim] float32; waits where as many as there are requests are computed."""
        width = -(-max(map(len, batch)) // STEP) * STEP
        ids, own = padded(batch, pad=self.pad, width=min(width, self.positions))
        request = self.requests.get()
        try:
            request.infer({"ids": ids, "own": own.astype(np.float32)}, share_inputs=True)
            return np.array(request.get_output_tensor(0).data, np.float32)
        finally:
            self.requests.put(request)


def _loaded(folder: Path, shape: Shape, *, precision: Exact, at_once: int) -> _Network:
    from tokenizers import Tokenizer

    from matcher.retrieval.runtime import Core

    try:
        tokenizer = Tokenizer.from_buffer(_content(folder / TOKENIZER))
    except ValueError as error:
        raise BundleError(f"{folder / TOKENIZER} is no tokenizer ({error}); {REMEDY}") from error
    settings = {
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": at_once,  # a core each
        "INFERENCE_NUM_THREADS": at_once,
        "ENABLE_CPU_PINNING": False,  # several processes would all sit on the first core
    }
    core = Core()
    try:
        graph = core.read_model(folder / GRAPH, folder / WEIGHTS)
        compiled = core.compile_model(graph, "CPU", settings)
        names = {name for one in compiled.inputs for name in one.get_names()}
        width = compiled.output(0).partial_shape[1].get_length()
    except (RuntimeError, IndexError) as error:
        said = " ".join(str(error).split())[:200]
        raise BundleError(
            f"{folder / GRAPH} and {WEIGHTS} hold no graph that OpenVINO runs ({said}); {REMEDY}"
        ) from error
    if names != {"ids", "own"} or width != shape.dim:
        raise BundleError(
            f"{folder / GRAPH} takes {sorted(names)} and gives {width} numbers a text, expected "
            f"ids and own, and {shape.dim}; {REMEDY}"
        )
    requests: LifoQueue[InferRequest] = LifoQueue()
    for _ in range(at_once):
        requests.put(compiled.create_infer_request())
    reader = Reader(tokenizer=tokenizer, prompt=shape.prompt)
    return _Network(reader=reader, requests=requests, pad=shape.pad, positions=shape.positions)


def _shape(file: Path) -> Shape:
    try:
        return TypeAdapter(Shape).validate_json(_content(file), strict=True)
    except ValidationError as error:
        said = error.errors()[0]["msg"]
        raise BundleError(f"{file} does not describe an encoder ({said}); {REMEDY}") from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BundleError(f"{file} cannot be read ({error.strerror}); {REMEDY}") from error
