"""Which model answers, what is known of it, and another one in its place."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter
from starlette.responses import Response

from serving.current import Current
from serving.errors import documented
from serving.metrics import Metrics
from serving.model_report import report_on
from serving.report_schemas import ModelReport
from serving.schemas import ModelCard, Reloaded
from serving.swapping import Outcome, Swapper


def router(current: Current, *, metrics: Metrics, swapper: Swapper | None) -> APIRouter:
    """The routes over what answers, what counts, and what looks for another bundle."""
    routes = APIRouter()

    @routes.get(
        "/v1/model",
        summary="The model served",
        response_model=ModelCard,
        responses=documented(500),
    )
    async def model() -> Response:
        """Name, version, digest, and what the training measured."""
        return Response(current.served.card().model_dump_json(), media_type="application/json")

    @routes.get(
        "/v1/model/report",
        summary="What is known of the model",
        response_model=ModelReport,
        responses=documented(500),
    )
    def report() -> Response:
        """What was measured of it, what moved since, who was champion, how long lists take.

        Made of what `matcher evaluate`, `drift` and `promote` kept under `MATCHER_HOME`, and of
        the service's own numbers, all workers together; `notes` says what is missing.
        """
        told = report_on(current.served, metrics=metrics)
        return Response(told.model_dump_json(by_alias=True), media_type="application/json")

    @routes.post(
        "/v1/model/reload",
        summary="Look for another bundle now",
        response_model=Reloaded,
        responses=documented(500, http_503="It is refused (`bundle-refused`); the old one goes on"),
    )
    async def reload() -> Response:
        """Answered once the bundle that lies where the service was told to look answers requests.

        `swapped`, or `unchanged` where it did before. Other workers and replicas look by
        themselves, every second.
        """
        outcome: Outcome = "unchanged"
        if swapper is not None:
            outcome = await to_thread.run_sync(swapper.reload)
        told = Reloaded(outcome=outcome, model=current.served.model)
        return Response(told.model_dump_json(), media_type="application/json")

    return routes
