"""Puts the API together: routes, errors and metrics around one engine."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from anyio import to_thread
from fastapi import FastAPI
from starlette.middleware import Middleware

from matcher.log import configure
from matcher.settings import Settings
from serving import errors
from serving.adopting import Adopter
from serving.archive import archive_of
from serving.current import Current, Fixed
from serving.deadline import Deadline
from serving.described import describe
from serving.desk import Desk
from serving.drain import Drain, Draining
from serving.erasing import eraser_of
from serving.following import Follower
from serving.guard import Guarded
from serving.hosts import Hosts
from serving.keyring import Keyring
from serving.metrics import Metrics
from serving.middleware import BoundedBody, Observed
from serving.opening import current_of, opened
from serving.recording import KEPT_DAYS
from serving.routes import (
    briefs,
    console,
    decisions,
    events,
    health,
    jobs,
    matches,
    model,
    records,
    rerank,
    session,
)
from serving.scopes import check_complete
from serving.service import Clock, MatchService, Served, now
from serving.swapping import Place, Swapper
from serving.terms import Terms, is_loopback
from serving.tracing import Traced, Tracing, check_installed
from serving.turns import MOST_MATCHES_WAITING, Turns
from serving.warmth import Warmth

MOST_BODY_BYTES = 1 << 20
AT_ONCE = 2


def create_app(
    served: Served | Current,
    *,
    clock: Clock = now,
    at_once: int = AT_ONCE,
    shared_metrics: Path | None = None,
    swapper: Swapper | None = None,
    terms: Terms | None = None,
    tracing: Tracing | None = None,
    record: bool = True,
    kept_days: int = KEPT_DAYS,
) -> FastAPI:
    """The API over an engine.

    Args:
        served: The engine and what there is to say of it, for good or as of now.
        clock: Says when a request without `as_of` is asked.
        at_once: How many matches are computed at a time.
        shared_metrics: Where several workers add up their metrics.
        swapper: Looks for another bundle; nobody does by default.
        terms: Under which names and for how long it may be used; the usual ones, if None.
        tracing: Where spans of requests go, if anywhere.
        record: Whether decisions go on record, where a store is followed.
        kept_days: How long they are kept.
    """
    terms = terms or Terms()
    metrics = Metrics(shared=shared_metrics)
    current = Fixed(served) if isinstance(served, Served) else served
    first = current.served
    metrics.describe(name=first.name, version=first.version, digest=first.digest)
    rehearse = MatchService(served=first, clock=clock).rehearse
    warmth = Warmth(rehearse, on_ready=metrics.set_ready)
    desk = Desk(current, metrics=metrics, turns=Turns())
    turns = Turns(at_once=at_once, most_waiting=MOST_MATCHES_WAITING, of="matches")
    keys = current.keys if isinstance(current, Follower) else None
    keyring = Keyring(keys, is_open=is_loopback(terms.host))
    drain = Drain(longest_s=terms.drain_s)
    hosts = Hosts(host=terms.host, named=terms.allowed_hosts)
    archive = archive_of(current, metrics=metrics, clock=clock, record=record, kept_days=kept_days)
    recorder = archive.recorder if archive else None
    eraser = eraser_of(current, metrics=metrics)
    behind = [one for one in (recorder, eraser) if one is not None]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warmth.begin()
        current.begin(metrics)
        if swapper is not None:
            swapper.begin(metrics)
        for one in behind:
            one.begin()
        keyring.begin()
        with drain.watching():
            yield
        await to_thread.run_sync(keyring.end)
        for one in reversed(behind):
            await to_thread.run_sync(one.end)
        if swapper is not None:
            await to_thread.run_sync(swapper.end)
        await to_thread.run_sync(current.end)
        if tracing is not None:
            await to_thread.run_sync(tracing.end)

    app = FastAPI(
        title="matcher",
        version=version("matcher"),
        summary="The right freelancer in front of the right job.",
        lifespan=lifespan,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        middleware=[
            *([] if tracing is None else [Middleware(Traced, tracing=tracing)]),
            Middleware(Observed, metrics=metrics),
            Middleware(Draining, drain=drain),
            Middleware(Guarded, keyring=keyring, hosts=hosts),
            Middleware(BoundedBody, most_bytes=MOST_BODY_BYTES, within_s=terms.body_timeout_s),
            Middleware(Deadline, within_s=terms.request_timeout_s),
        ],
    )
    errors.install(app)
    app.include_router(
        matches.router(current, clock=clock, metrics=metrics, turns=turns, recorder=recorder)
    )
    app.include_router(jobs.router(current, clock=clock, turns=turns, recorder=recorder))
    app.include_router(rerank.router(current, turns=turns))
    app.include_router(briefs.router(current, turns=turns))
    app.include_router(decisions.router(archive, desk=desk))
    app.include_router(records.router(desk, eraser=eraser))
    app.include_router(events.router(desk))
    app.include_router(model.router(current, metrics=metrics, swapper=swapper))
    app.include_router(session.router(keyring, has_records=archive is not None))
    app.include_router(console.router())
    app.include_router(health.router(warmth, current=current, metrics=metrics))
    check_complete(app)
    describe(app)
    return app


def open_served(settings: Settings) -> Current:
    """The bundle that the settings name, verified and over its encoder; or the store it seeds.

    Raises:
        UsageError: They name none.
        BundleError: It is damaged, of another release, or of another encoder.
    """
    bundle, served = opened(Place.of(settings).bundle(), settings)
    return current_of(served, model=bundle.model, marketplace=bundle.marketplace, settings=settings)


def from_environment() -> FastAPI:
    """The API as the environment describes it, in a process of its own."""
    configure()
    settings = Settings()
    check_installed(os.environ)  # what would be refused later is refused before all else
    current = open_served(settings)
    gc.collect()
    gc.freeze()  # what is there now hardly ever dies: no later collection needs to walk it
    return served_by(current, settings)


def served_by(current: Current, settings: Settings) -> FastAPI:
    """The API over what answers, on the terms of the settings and the environment."""
    shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return create_app(
        current,
        shared_metrics=Path(shared) if shared else None,
        terms=Terms.of(settings),
        tracing=Tracing.of(os.environ),
        swapper=Swapper(Place.of(settings), Adopter(current, partial(opened, settings=settings))),
        record=settings.record_decisions,
        kept_days=settings.decisions_kept_days,
    )
