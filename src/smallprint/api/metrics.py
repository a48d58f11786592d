"""`GET /metrics`: for a Prometheus server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter, Depends, Response

from smallprint.api.dependencies import BearerToken
from smallprint.errors import DatabaseError
from smallprint.services.metrics import CONTENT_TYPE, Metrics, Standing

log = structlog.get_logger()


def metrics_routes(
    metrics: Metrics, standing: Callable[[], Awaitable[Standing]], token: str | None
) -> APIRouter:
    """Open to whoever reaches the port, or only with `Authorization: Bearer <token>`."""
    routes = APIRouter(dependencies=[Depends(BearerToken(token))] if token else [])

    @routes.get("/metrics")
    async def scrape() -> Response:
        return Response(metrics.render(await _if_known(standing)), media_type=CONTENT_TYPE)

    return routes


async def _if_known(standing: Callable[[], Awaitable[Standing]]) -> Standing | None:
    """The counters are worth having while the database is away."""
    try:
        return await standing()
    except DatabaseError as error:
        log.warning("jobs not counted", code=error.code)
        return None
