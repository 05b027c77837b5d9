"""From a bundle, and perhaps a database, to what answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import structlog

from features import FEATURES
from matcher.bundle import Bundle
from matcher.marketplace import Marketplace
from matcher.model import Model
from matcher.retrieval.exported import ExportedEncoder
from matcher.settings import Settings
from matcher.store.store import Store
from serving.building import Builder
from serving.current import Current, Fixed
from serving.encoder import serving_encoder
from serving.following import POLL_S, Follower
from serving.recall import Recall
from serving.service import Clock, Served, now

UNFINISHED = "unfinished "

log = structlog.get_logger(__name__)


def opened(path: Path, settings: Settings) -> tuple[Bundle, Served]:
    """A bundle, verified and over a warm encoder.

    Raises:
        BundleError: It is damaged, of another release, or of another encoder.
    """
    bundle = Bundle.open(path, features=FEATURES)
    encoder = serving_encoder(bundle, settings)
    if isinstance(encoder, ExportedEncoder):
        encoder.warm()  # a damaged one is refused now, not by the first request
    return bundle, Served.of(bundle, encoder=encoder)


def current_of(
    served: Served, *, model: Model, marketplace: Marketplace, settings: Settings
) -> Current:
    """What answers: the bundle alone, or the store that the settings name.

    Raises:
        MatcherError: The database cannot be used.
    """
    if settings.database_url is None:
        return Fixed(served)
    store = Store.open(settings.database_url)
    try:
        return follower_of(
            served,
            store=store,
            model=model,
            marketplace=marketplace,
            wait_s=settings.wait_for_writes_s,
        )
    except BaseException:
        store.close()
        raise


def follower_of(
    served: Served,
    *,
    store: Store,
    model: Model,
    marketplace: Marketplace,
    wait_s: float,
    poll_s: float = POLL_S,
    clock: Clock = now,
) -> Follower:
    """What answers from a store, which is seeded from the bundle's marketplace if it is empty."""
    recall = Recall(store=store, encoder=served.engine.encoder)
    _seed(store, marketplace, origin=f"bundle:{served.digest}")
    kept = recall.keep(served.engine.snapshot)
    builder = Builder(store=store, model=model, recall=recall, clock=clock)
    held = builder.build(replace(served, engine=replace(served.engine, snapshot=kept)))
    return Follower(builder, held, wait_s=wait_s, poll_s=poll_s)


def _seed(store: Store, marketplace: Marketplace, *, origin: str) -> None:
    """Take the marketplace in where nothing is; what was cut short is finished."""
    if store.head() and store.origin() != UNFINISHED + origin:
        return
    store.set_origin(UNFINISHED + origin)
    told = store.ingest(marketplace)
    store.set_origin(origin)
    log.info("seeded", database=store.name, seq=told.seq)
