"""Is the process alive, and can it work?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Response, status

from smallprint import __version__
from smallprint.errors import DatabaseError
from smallprint.jobs.queue import JobHealth

NO_ANSWER = "no answer within {seconds:g} seconds"
TOO_OLD = "the oldest unfinished job came in {minutes} minutes ago ({unfinished} unfinished in all)"

Check = Callable[[], Awaitable[str | None]]
"""None when fine, else why not, in words for an operator."""
Counts = Callable[[], Awaitable[JobHealth]]


@dataclass(frozen=True, slots=True)
class Health:
    """What readiness depends on, by name."""

    checks: Mapping[str, Check]
    patience_s: float = 5.0
    """For each check; whoever asks has a time-out too."""

    async def problems(self) -> dict[str, str]:
        """The checks that fail, with their reason."""
        answers = await asyncio.gather(*map(self._answer, self.checks.values()))
        return {name: reason for name, reason in zip(self.checks, answers, strict=True) if reason}

    async def _answer(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self.patience_s):
                return await check()
        except TimeoutError:
            return NO_ANSWER.format(seconds=self.patience_s)


def database_check(counts: Counts) -> Check:
    """Fails while the jobs cannot be counted."""

    async def check() -> str | None:
        try:
            await counts()
        except DatabaseError as error:
            return error.code
        return None

    return check


def queue_check(counts: Counts, *, max_age_s: float) -> Check:
    """Fails while a job is unfinished for longer than that; without a database it has no opinion."""

    async def check() -> str | None:
        try:
            health = await counts()
        except DatabaseError:
            return None
        if health.oldest_age_s <= max_age_s:
            return None
        unfinished = health.waiting + health.queued + health.running
        return TOO_OLD.format(minutes=round(health.oldest_age_s / 60), unfinished=unfinished)

    return check


def health_routes(health: Health) -> APIRouter:
    """`GET /healthz` (the process lives) and `GET /readyz` (it can work; 503 with the reasons when not)."""
    routes = APIRouter()

    @routes.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "version": __version__}

    @routes.get("/readyz")
    async def readyz(response: Response) -> dict[str, object]:
        problems = await health.problems()
        if problems:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return {"status": "not ready" if problems else "ready", "problems": problems}

    return routes
