"""A short reply that notifies whoever asked, after a run that took so long that they have gone on to other things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from smallprint.models.domain import Job, Report
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.nudge import failure_nudge, result_nudge
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts

LONG = timedelta(seconds=60)

CameAt = Callable[[str], Awaitable[datetime | None]]
"""services/database/queue_positions.py: a job's id → when it came in."""


class Nudges:
    """A Sequel of jobs/results.py. Each job's reply is posted once, however often it is asked for."""

    def __init__(
        self,
        posts: Posts,
        destinations: Destinations,
        came_at: CameAt,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._posts = posts
        self._destinations = destinations
        self._came_at = came_at
        self._now = now

    async def after(self, job: Job, report: Report) -> None:
        """Once the result stands. Not for a report shown again, nor for one that the asker stopped: they are looking.

        Raises:
            SlackError, DatabaseUnavailable: not posted; calling again is safe.
        """
        if report.earlier is None and report.stopped_by != job.user:
            await self._nudge(job, result_nudge(job.user, report))

    async def without_result(self, job: Job) -> None:
        """Once the reason stands. Raises as `after`."""
        await self._nudge(job, failure_nudge(job.user))

    async def _nudge(self, job: Job, message: Message) -> None:
        # The headline over several files is a new message already.
        if job.of > 1 or not await self._took_long(job):
            return
        place = await self._destinations.of(job)
        await self._posts.message(f"{job.id}/nudge", place.channel, place.thread_ts, message)

    async def _took_long(self, job: Job) -> bool:
        came = await self._came_at(job.id)
        return came is not None and self._now() - came >= LONG
