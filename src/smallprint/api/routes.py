"""HTTP: is the process alive, and can it work?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Response, status

from smallprint import __version__

Check = Callable[[], Awaitable[str | None]]
"""None when fine, else why not, in words for an operator."""


@dataclass(frozen=True, slots=True)
class Health:
    """What readiness depends on, by name."""

    checks: Mapping[str, Check]

    async def problems(self) -> dict[str, str]:
        """The checks that fail, with their reason."""
        answers = {name: await check() for name, check in self.checks.items()}
        return {name: reason for name, reason in answers.items() if reason}


def build_api(health: Health) -> FastAPI:
    """`GET /healthz` (the process lives) and `GET /readyz` (it can work; 503 with the reasons when not)."""
    api = FastAPI(title="Smallprint", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @api.get("/readyz")
    async def readyz(response: Response) -> dict[str, object]:
        problems = await health.problems()
        if problems:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return {"status": "not ready" if problems else "ready", "problems": problems}

    return api
