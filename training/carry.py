"""The encoder that a bundle carries, or why it carries none."""

from __future__ import annotations

import logging

import numpy as np

from matcher.errors import UnexportableError
from matcher.ports import Encoder
from matcher.retrieval.cache import CachedEncoder
from matcher.retrieval.encoders import SentenceTransformerEncoder
from matcher.retrieval.light import Light, lightened
from matcher.snapshot import Snapshot

log = logging.getLogger(__name__)


def carried(encoder: Encoder, snapshot: Snapshot) -> Light | str:
    """An exported encoder that agrees with the training's own; or the reason for none."""
    own = encoder.encoder if isinstance(encoder, CachedEncoder) else encoder
    if not isinstance(own, SentenceTransformerEncoder):
        return "it is no sentence-transformers model"
    try:
        return lightened(own, snapshot.jobs.texts, vectors=np.asarray(snapshot.job_vectors))
    except UnexportableError as error:
        log.warning("the bundle carries no encoder, PyTorch will have to serve it: %s", error)
        return str(error)
