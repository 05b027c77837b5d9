"""What the workers of one service share: all that answers, made once before they are forked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from features import FEATURES
from matcher.bundle import Bundle
from matcher.model import Model
from matcher.ports import Encoder, Vectors
from matcher.retrieval.exported import ExportedEncoder
from matcher.settings import Settings
from matcher.store.store import Store
from serving.building import Builder, Held
from serving.current import Current, Fixed
from serving.encoder import serving_encoder
from serving.following import Follower
from serving.opening import follower_of
from serving.prefork import apart
from serving.recall import Recall
from serving.service import Served
from serving.swapping import Place


class TooEarlyError(Exception):
    """A text would be encoded before the fork; encoding starts threads, which a fork loses."""


class Unforked:
    """An `Encoder` that works in forked processes alone."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self._parent = encoder, os.getpid()

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._encoder.dim

    @property
    def digest(self) -> str:
        """Of the encoder itself."""
        return self._encoder.digest

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, dim] float32, by the encoder itself.

        Raises:
            TooEarlyError: This is the parent.
        """
        if os.getpid() == self._parent:
            raise TooEarlyError
        return self._encoder.encode(texts)

    def warm(self) -> None:
        """Load what encodes, in a worker."""
        if isinstance(self._encoder, ExportedEncoder):
            self._encoder.warm()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What answers at first.

    Attributes:
        held: What was made of the store; None for a bundle alone.
    """

    settings: Settings
    encoder: Unforked
    model: Model
    served: Served
    held: Held | None

    @classmethod
    def of(cls, settings: Settings) -> Shared:
        """Open the bundle and take in the store, whose texts all have their vectors afterwards.

        Raises:
            MatcherError: The bundle or the database cannot be used.
        """
        try:
            return cls._made(settings)
        except TooEarlyError:
            apart(lambda: _made_with_encoder(settings))
            return cls._made(settings)

    @classmethod
    def _made(cls, settings: Settings) -> Shared:
        bundle, encoder = _opened(settings)
        unforked = Unforked(encoder)
        served = Served.of(bundle, encoder=unforked)
        held = None if settings.database_url is None else _held(bundle, served, settings)
        return cls(
            settings=settings, encoder=unforked, model=bundle.model, served=served, held=held
        )

    def current(self) -> Current:
        """What answers in a worker: its own connections and encoder, over what is shared."""
        self.encoder.warm()
        if self.held is None or self.settings.database_url is None:
            return Fixed(self.served)
        store = Store.open(self.settings.database_url)
        recall = Recall(store=store, encoder=self.encoder)
        builder = Builder(store=store, model=self.model, recall=recall)
        return Follower(builder, self.held, wait_s=self.settings.wait_for_writes_s)


def _opened(settings: Settings) -> tuple[Bundle, Encoder]:
    bundle = Bundle.open(Place.of(settings).bundle(), features=FEATURES)
    return bundle, serving_encoder(bundle, settings)


def _made_with_encoder(settings: Settings) -> None:
    bundle, encoder = _opened(settings)
    _held(bundle, Served.of(bundle, encoder=encoder), settings)


def _held(bundle: Bundle, served: Served, settings: Settings) -> Held:
    """What is made of a store, which nobody has open any more."""
    with Store.open(settings.database_url or "") as store:
        follower = follower_of(
            served, store=store, model=bundle.model, marketplace=bundle.marketplace, wait_s=0
        )
        return follower.held
