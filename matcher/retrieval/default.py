"""The encoder that entry points use: sentence-transformers behind a cache on disk."""

from __future__ import annotations

import os
from pathlib import Path

from matcher.home import home
from matcher.retrieval.cache import CachedEncoder
from matcher.retrieval.encoders import SentenceTransformerEncoder, default_model_directory


def default_encoder() -> CachedEncoder:
    """all-MiniLM-L6-v2, or the model directory in `MATCHER_ENCODER`; vectors are kept.

    Raises:
        EncoderError: The model's files are missing or are not the ones expected.
    """
    chosen = os.environ.get("MATCHER_ENCODER")
    directory = Path(chosen).expanduser() if chosen else default_model_directory()
    return CachedEncoder(SentenceTransformerEncoder(directory), home() / "cache" / "vectors.sqlite")
