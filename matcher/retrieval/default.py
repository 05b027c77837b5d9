"""The encoder that entry points use: sentence-transformers behind a cache on disk."""

from __future__ import annotations

from matcher.retrieval.cache import CachedEncoder
from matcher.retrieval.encoders import SentenceTransformerEncoder
from matcher.settings import Settings, home


def default_encoder() -> CachedEncoder:
    """The encoder that the settings name; its vectors are kept under their home.

    Raises:
        EncoderError: The model's files are missing or are not the ones expected.
    """
    settings = Settings()
    encoder = SentenceTransformerEncoder(settings.encoder, precision=settings.precision)
    return CachedEncoder(encoder, home() / "cache" / "vectors.sqlite")
