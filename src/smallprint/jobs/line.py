"""Whose turn it is: so many documents at once, and those that wait are told how many come before them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError, Stopped
from smallprint.jobs.stops import Stops
from smallprint.models.domain import Job

COUNT_S = 3.0
"""How often a waiting job's place is counted."""

log = structlog.get_logger()


class Positions(Protocol):
    """services/database/queue_positions.py."""

    async def ahead_of(self, job_id: str) -> int: ...


Waiting = Callable[[int], Awaitable[None]]
"""Told how many documents come before."""


class Line:
    """One per process."""

    def __init__(self, places: int, stops: Stops, positions: Positions | None) -> None:
        """`positions`: None counts nobody."""
        self._free = asyncio.Semaphore(places)
        self._stops = stops
        self._positions = positions

    @asynccontextmanager
    async def turn(self, job: Job, waiting: Waiting) -> AsyncIterator[None]:
        """Round the work on a job. A job that is stopped while it waits goes on at once, without a place: to its end."""
        has_place = await self._wait(job, waiting) if self._free.locked() else await self._free.acquire()
        try:
            yield
        finally:
            if has_place:
                self._free.release()

    async def _wait(self, job: Job, waiting: Waiting) -> bool:
        counting = asyncio.create_task(self._count(job, waiting))
        try:
            with suppress(Stopped):
                async with self._stops.guard(job):
                    return await self._free.acquire()
            return False
        finally:
            counting.cancel()

    async def _count(self, job: Job, waiting: Waiting) -> None:
        while self._positions is not None:
            try:
                await waiting(await self._positions.ahead_of(job.id))
            except SmallprintError as error:
                log.info("place not counted", job=job.id, code=error.code)
            await asyncio.sleep(COUNT_S)
