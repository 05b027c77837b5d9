"""The encoders that entry points use, each behind a cache on disk where it is worth one."""

from __future__ import annotations

from matcher.ports import Encoder
from matcher.retrieval.cache import CachedEncoder
from matcher.retrieval.encoders import SentenceTransformerEncoder
from matcher.settings import Settings, home


def default_encoder() -> CachedEncoder:
    """The encoder that the settings name; its vectors are kept under their home.

    Raises:
        EncoderError: The model's files are missing or are not the ones expected.
    """
    return kept(named_encoder(Settings()))


def named_encoder(settings: Settings) -> SentenceTransformerEncoder:
    """The same, keeping nothing.

    Raises:
        EncoderError: The model's files are missing or are not the ones expected.
    """
    directory = settings.encoder and settings.encoder.expanduser()
    return SentenceTransformerEncoder(directory, precision=settings.precision)


def kept(encoder: Encoder) -> CachedEncoder:
    """An encoder whose vectors are kept under the settings' home."""
    return CachedEncoder(encoder, home() / "cache" / "vectors.sqlite")
