"""Stopping a job: written down first, then noticed at once by the process that works on it, if it is this one,
and within two seconds by any other.

A crash at any moment between leaves one outcome: whoever goes on with the job looks first whether it was stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError, Stopped
from smallprint.models.domain import Job, StopAnswer

POLL_S = 2.0
"""How often stops of other processes are looked for, and only while jobs run here."""

NOBODY = "nobody"
"""Stands for whoever stopped a job that was deleted under us: no id of a person, so nobody is named."""

log = structlog.get_logger()


class StopLog(Protocol):
    """services/database/stops.py."""

    async def stop(self, job_id: str, user: str) -> StopAnswer: ...

    async def stopped_by(self, job_ids: Sequence[str]) -> Mapping[str, str]: ...


class Unstoppable:
    """A StopLog for jobs that nobody can stop."""

    async def stop(self, job_id: str, user: str) -> StopAnswer:
        return StopAnswer.TOO_LATE

    async def stopped_by(self, job_ids: Sequence[str]) -> Mapping[str, str]:
        return {}


@dataclass(eq=False, slots=True)
class _Guarded:
    job_id: str
    task: asyncio.Task[object]
    by: str = ""
    """Who stopped it; set once."""

    def stop(self, by: str) -> None:
        if not self.by:
            self.by = by
            self.task.cancel()


class Stops:
    """One per process."""

    def __init__(self, stops: StopLog, *, poll_s: float = POLL_S) -> None:
        self._log = stops
        self._poll_s = poll_s
        self._guarded: set[_Guarded] = set()
        self._poller: asyncio.Task[None] | None = None

    async def stop(self, job_id: str, user: str) -> StopAnswer:
        """Stop the job for `user`, who may do so; '' where it is nobody's wish. Pressed twice it is one stop, the first's.

        Raises:
            DatabaseUnavailable: not written down, so it goes on.
        """
        user = user or NOBODY
        answer = await self._log.stop(job_id, user)
        log.info("stop", job=job_id, user=user, answer=answer.value)
        if answer is StopAnswer.STOPPED:
            self._notice({job_id: user})
        return answer

    @asynccontextmanager
    async def guard(self, job: Job) -> AsyncIterator[None]:
        """Round work that may be stopped: it is cancelled in its middle, or not begun.

        Raises:
            Stopped: somebody stopped the job; `by` says who.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("Only a task can be stopped.")
        guarded, cancelling = _Guarded(job.id, task), task.cancelling()
        self._add(guarded)  # before looking: a stop between the look and the work would be lost
        try:
            stopped = await self._log.stopped_by([job.id])
            if job.id in stopped:
                guarded.by = guarded.by or stopped[job.id]
                raise Stopped(by=guarded.by)
            yield
        except asyncio.CancelledError:
            # As asyncio.timeout does: whoever else cancels the task, as the engine does when it stops, wins.
            if guarded.by and task.uncancel() <= cancelling:
                raise Stopped(by=guarded.by) from None
            raise
        finally:
            self._remove(guarded)

    def _add(self, guarded: _Guarded) -> None:
        self._guarded.add(guarded)
        if self._poller is None:
            self._poller = asyncio.create_task(self._poll())

    def _remove(self, guarded: _Guarded) -> None:
        self._guarded.discard(guarded)
        if not self._guarded and self._poller is not None:
            self._poller.cancel()
            self._poller = None

    def _notice(self, stopped: Mapping[str, str]) -> None:
        for guarded in tuple(self._guarded):
            if guarded.job_id in stopped:
                guarded.stop(stopped[guarded.job_id])

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(self._poll_s)
            with suppress(SmallprintError):  # a database that is away is asked again
                self._notice(await self._log.stopped_by([each.job_id for each in self._guarded]))
