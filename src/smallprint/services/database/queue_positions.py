"""A job's place in the line of documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, or_, select

from smallprint.models.database import jobs
from smallprint.models.domain import JobKind
from smallprint.services.database.connection import Database, from_iso
from smallprint.services.database.jobs import JobState


class QueuePositions:
    """Counts in the table `jobs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ahead_of(self, job_id: str) -> int:
        """Documents that came before this one and have not ended, those that are being read included."""
        mine = select(jobs.c.created_at, jobs.c.ordinal).where(jobs.c.id == job_id).subquery()
        earlier = or_(
            jobs.c.created_at < mine.c.created_at,
            and_(jobs.c.created_at == mine.c.created_at, jobs.c.ordinal < mine.c.ordinal),
        )
        query = (
            select(func.count())
            .select_from(jobs)
            .join(mine, earlier)
            .where(
                jobs.c.finished_at.is_(None),
                jobs.c.state.in_((JobState.ACCEPTED, JobState.QUEUED)),
                jobs.c.kind == JobKind.DOCUMENT,
            )
        )
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def came_at(self, job_id: str) -> datetime | None:
        """When the job came in; None for one that is not kept any more."""
        query = select(jobs.c.created_at).where(jobs.c.id == job_id)
        async with self._database.read() as connection:
            came = (await connection.execute(query)).scalar_one_or_none()
        return from_iso(came) if came else None
