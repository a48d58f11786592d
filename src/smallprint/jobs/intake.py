"""Taking jobs in: on disk before Slack gets its ack, and as little work as possible until then.

How quickly events are acked is the product's most watched number. Everything that arrives while one
transaction runs goes into the next one together, so a burst of a hundred events costs a few commits.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

from smallprint.models.domain import Job
from smallprint.services.database.jobs import Arrival, JobState

GATHER_S = 0.005
"""How long a commit may wait for the rest of a burst."""
REMEMBERED = 5_000
"""Files whose message was seen; a file_shared follows within seconds."""


class ArrivalLog(Protocol):
    """The durable list of jobs (services/database/jobs.py)."""

    async def add(self, arrivals: Sequence[Arrival]) -> None: ...


class IntakeStopped(Exception):
    """The process is shutting down: not accepted, so Slack will deliver the event again."""


def job_id(team: str, channel: str, thread_ts: str, file_id: str) -> str:
    """The id of the job for a file in a thread: the same for every event of one gesture."""
    parts = json.dumps([team, channel, thread_ts, file_id])
    return "doc-" + hashlib.sha256(parts.encode()).hexdigest()[:32]


class Intake:
    """Commits jobs in groups. `committed` is called after each commit, on the ack path: it must be quick."""

    def __init__(self, log: ArrivalLog, *, wait_for_message_s: float, committed: Callable[[], None]) -> None:
        self._log = log
        self._wait_for_message = timedelta(seconds=wait_for_message_s)
        self._committed = committed
        self._arrived: list[tuple[Sequence[Job], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._open = True
        self._seen: dict[tuple[str, str, str], None] = {}

    async def accept(self, jobs: Sequence[Job]) -> None:
        """Return when the jobs are on disk; those that are there already do nothing.

        Raises:
            IntakeStopped: the process is shutting down.
            DatabaseUnavailable: they could not be written.
        """
        if not self._open:
            raise IntakeStopped
        jobs = [job for job in jobs if not self._follows_its_message(job)]
        if not jobs:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((jobs, done))
        if self._task is None:
            self._task = asyncio.create_task(self._commit_all())
        await done

    def _follows_its_message(self, job: Job) -> bool:
        """A bare `file_shared` whose message came first adds nothing: the message's row, or its redelivery, is enough."""
        place = (job.team, job.channel, job.file_id)
        if _is_bare(job):
            return place in self._seen
        self._seen[place] = None
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return False

    async def stop(self) -> None:
        """Refuse what comes from now on, and return when everything accepted before is on disk."""
        self._open = False
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await asyncio.shield(self._task)

    async def _commit_all(self) -> None:
        try:
            while self._arrived:
                await self._gather()
                group, self._arrived = self._arrived, []
                await self._commit(group)
        finally:
            self._task = None

    async def _gather(self) -> None:
        """Let a burst come in while every turn of the loop still brings jobs: one commit is quicker than three."""
        loop = asyncio.get_running_loop()
        deadline, arrived = loop.time() + GATHER_S, 0
        while arrived < len(self._arrived) and loop.time() < deadline:
            arrived = len(self._arrived)
            await asyncio.sleep(0)

    async def _commit(self, group: list[tuple[Sequence[Job], asyncio.Future[None]]]) -> None:
        now = datetime.now(UTC)
        try:
            await self._log.add([self._arrival(job, now) for jobs, _ in group for job in jobs])
        except BaseException as error:
            for _, done in group:
                if not done.done():
                    done.set_exception(error if isinstance(error, Exception) else IntakeStopped())
            if not isinstance(error, Exception):
                raise
        else:
            for _, done in group:
                if not done.done():
                    done.set_result(None)
            self._committed()

    def _arrival(self, job: Job, now: datetime) -> Arrival:
        if _is_bare(job):
            return Arrival(job, JobState.WAITING, now + self._wait_for_message)
        return Arrival(job, JobState.ACCEPTED, now)


def _is_bare(job: Job) -> bool:
    return job.trigger == "file_shared" and not job.thread_ts
