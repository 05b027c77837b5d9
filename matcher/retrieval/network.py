"""A sentence-transformers model under PyTorch: the reference that others are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matcher.errors import EncoderError
from matcher.retrieval.tokens import Reader, Tokens, padded

if TYPE_CHECKING:
    from torch.nn import Module

    from matcher.ports import Vectors


@dataclass(frozen=True, kw_only=True, slots=True)
class TorchNetwork:
    """A loaded model."""

    modules: tuple[Module, ...]
    reader: Reader
    pad: int
    has_token_types: bool

    def forward(self, batch: Sequence[Tokens]) -> Vectors:
        """[len(batch), dim] float32, computed on one core."""
        import torch

        ids, own = padded(batch, pad=self.pad, width=max(map(len, batch)))
        features = {
            "input_ids": torch.from_numpy(ids.astype(np.int64)),
            "attention_mask": torch.from_numpy(own.astype(np.int64)),
        }
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
        return vectors


def load(directory: Path, precision: str, *, dim: int) -> TorchNetwork:
    """The model of a directory: about five seconds.

    Raises:
        EncoderError: It cannot be loaded, or is not what its configuration says.
    """
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
    return TorchNetwork(
        modules=tuple(model.eval().children()),
        reader=Reader(tokenizer=tokenizer, prompt=prompt),
        pad=model.tokenizer.pad_token_id or 0,
        has_token_types="token_type_ids" in model.tokenizer.model_input_names,
    )
