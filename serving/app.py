"""Puts the API together: routes, errors and metrics around one engine."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware

from features import FEATURES
from matcher.bundle import Bundle
from matcher.errors import UsageError
from matcher.log import configure
from matcher.retrieval.exported import ExportedEncoder
from matcher.settings import Settings
from serving import errors
from serving.encoder import serving_encoder
from serving.jobs_service import JobsService
from serving.metrics import Metrics
from serving.middleware import BoundedBody, Observed
from serving.routes import health, jobs, matches, model
from serving.schemas import Problem
from serving.service import Clock, MatchService, Served, now
from serving.warmth import Warmth

MOST_BODY_BYTES = 1 << 20
AT_ONCE = 2


def create_app(
    served: Served,
    *,
    clock: Clock = now,
    at_once: int = AT_ONCE,
    shared_metrics: Path | None = None,
) -> FastAPI:
    """The API over an engine.

    Args:
        served: The engine, and what there is to say of it.
        clock: Says when a request without `as_of` is asked.
        at_once: How many matches are computed at a time.
        shared_metrics: Where several workers add up their metrics.
    """
    metrics = Metrics(shared=shared_metrics)
    metrics.describe(name=served.name, version=served.version, digest=served.digest)
    service = MatchService(served=served, clock=clock)
    warmth = Warmth(service.rehearse, on_ready=metrics.set_ready)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warmth.begin()
        yield

    app = FastAPI(
        title="matcher",
        version=version("matcher"),
        summary="The right freelancer in front of the right job.",
        lifespan=lifespan,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(Observed, metrics=metrics),
            Middleware(BoundedBody, most_bytes=MOST_BODY_BYTES),
        ],
    )
    errors.install(app)
    app.include_router(matches.router(service, metrics=metrics, at_once=at_once))
    in_turn = JobsService(served=served, clock=clock)
    app.include_router(jobs.router(in_turn, at_once=at_once))
    app.include_router(model.router(served))
    app.include_router(health.router(warmth, metrics=metrics))
    schemas = app.openapi()["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    return app


def open_served(settings: Settings) -> Served:
    """The bundle that the settings name, verified and over its encoder.

    Raises:
        UsageError: They name none.
        BundleError: It is damaged, of another release, or of another encoder.
    """
    if settings.bundle is None:
        raise UsageError("no bundle is named; pass --bundle, or set MATCHER_BUNDLE")
    bundle = Bundle.open(settings.bundle, features=FEATURES)
    encoder = serving_encoder(bundle, settings)
    if isinstance(encoder, ExportedEncoder):
        encoder.warm()  # a damaged one is refused now, not by the first request
    return Served.of(bundle, encoder=encoder)


def from_environment() -> FastAPI:
    """The API as the environment describes it: what each worker process makes of itself."""
    configure()
    served = open_served(Settings())
    gc.collect()
    gc.freeze()  # the snapshot never dies: no later collection needs to walk it
    shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return create_app(served, shared_metrics=Path(shared) if shared else None)
