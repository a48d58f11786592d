"""A job's place in the line of documents."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select

from smallprint.models.database import jobs
from smallprint.models.domain import JobKind
from smallprint.services.database.connection import Database, from_iso
from smallprint.services.database.jobs import JobState

FRESH_S = 1.0
"""How long the line is known without looking: a hundred documents that come at once ask once."""
_IN_LINE = (JobState.ACCEPTED, JobState.ADMITTED, JobState.QUEUED)


class QueuePositions:
    """The unfinished documents in the table `jobs`, in the order in which they came."""

    def __init__(
        self, database: Database, *, fresh_s: float = FRESH_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._fresh_s = fresh_s
        self._clock = clock
        self._looking = asyncio.Lock()
        self._looked_at = float("-inf")
        self._places: Mapping[str, int] = {}

    async def ahead_of(self, job_id: str) -> int:
        """Documents that came before this one and have not ended, those that are being read included.

        0 for one that has ended, or that nobody knows. Raises DatabaseUnavailable.
        """
        async with self._looking:
            known = job_id in self._places
            if self._clock() - self._looked_at > (self._fresh_s if known else 0.0):
                self._places = await self._look()
                self._looked_at = self._clock()
        return self._places.get(job_id, 0)

    async def came_at(self, job_id: str) -> datetime | None:
        """When the job came in; None for one that is not kept any more."""
        query = select(jobs.c.created_at).where(jobs.c.id == job_id)
        async with self._database.read() as connection:
            came = (await connection.execute(query)).scalar_one_or_none()
        return from_iso(came) if came else None

    async def _look(self) -> Mapping[str, int]:
        query = (
            select(jobs.c.id)
            .where(jobs.c.finished_at.is_(None), jobs.c.state.in_(_IN_LINE), jobs.c.kind == JobKind.DOCUMENT)
            .order_by(jobs.c.created_at, jobs.c.ordinal)
        )
        async with self._database.read() as connection:
            ids = (await connection.execute(query)).scalars().all()
        return {job_id: place for place, job_id in enumerate(ids)}
