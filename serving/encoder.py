"""The encoder that serves: the bundle's own, or the training's where it carries none."""

from __future__ import annotations

import logging

from matcher.bundle import Bundle
from matcher.ports import Encoder
from matcher.retrieval.default import named_encoder
from matcher.settings import Settings

log = logging.getLogger(__name__)


def serving_encoder(bundle: Bundle, settings: Settings) -> Encoder:
    """An encoder of the bundle's own space, the lighter one where there is a choice.

    `settings.encoder`, where it is set, must be what the bundle was trained with, whichever serves.

    Raises:
        BundleError: What the bundle carries is no encoder, or the settings name another model.
        EncoderError: The model that the settings name is missing or damaged.
    """
    own = bundle.own_encoder(precision=settings.precision)
    if own is None or settings.encoder is not None:
        named = named_encoder(settings)
        bundle.require(named)
        if own is None:
            log.warning("the bundle carries no encoder of its own: PyTorch serves, slowly")
            return named
    return own
