"""Who may stop what: whoever asked for a job, and admins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from smallprint.errors import NotAllowed, SmallprintError
from smallprint.models.domain import Job, StopAnswer
from smallprint.slack.blocks.stop import NOT_YOURS, UNKNOWN_JOB
from smallprint.slack.permissions import Permissions

log = structlog.get_logger()


class JobRecord(Protocol):
    """What is needed of services/database/jobs.py."""

    async def get(self, job_id: str) -> Job | None: ...


class Stopper(Protocol):
    """What is needed of jobs/stops.py."""

    async def stop(self, job_id: str, user: str) -> StopAnswer: ...


class Stopping:
    """Stops jobs for people."""

    def __init__(
        self,
        stops: Stopper,
        record: JobRecord,
        permissions: Permissions,
        end_stopped: Callable[[Job], Awaitable[None]],
    ) -> None:
        """`end_stopped` (jobs/queue.py) is for a job that nobody has begun; one that runs ends itself."""
        self._stops = stops
        self._record = record
        self._permissions = permissions
        self._end_stopped = end_stopped

    async def stop(self, job_id: str, user: str) -> StopAnswer:
        """Stop the job, if `user` may.

        Raises:
            NotAllowed: they may not, or there is no such job.
            DatabaseUnavailable: it goes on.
        """
        job = await self._record.get(job_id)
        if job is None:
            raise NotAllowed(UNKNOWN_JOB)
        if job.user != user and not await self._permissions.is_admin(user):
            raise NotAllowed(NOT_YOURS)
        answer = await self._stops.stop(job_id, user)
        if answer is StopAnswer.STOPPED:
            await self._end(job)
        return answer

    async def _end(self, job: Job) -> None:
        try:
            await self._end_stopped(job)
        except SmallprintError as error:
            log.warning("stop not shown yet", job=job.id, code=error.code)
