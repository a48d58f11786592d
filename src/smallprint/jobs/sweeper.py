"""Looking after jobs that nobody looks after: no shared file stays without a visible outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.engine import Standing
from smallprint.jobs.looking import Looking
from smallprint.jobs.messages import Messages
from smallprint.models.domain import Job
from smallprint.services.database.jobs import JobState

REAP_S = 5.0
SWEEP_EVERY = 6
"""Every so many looks for dead processes, also one for jobs that got stuck: twice a minute."""
BROKEN = "given_up"
"""Outcome of a job that the engine gave up, for example because it crashed the process 20 times."""

log = structlog.get_logger()


class Engine(Protocol):
    """What the sweeper needs of jobs/engine.py."""

    async def reap(self) -> None: ...

    async def enqueue(self, jobs: Sequence[Job]) -> None: ...

    async def standings(self, job_ids: Sequence[str]) -> Mapping[str, Standing]: ...


class JobList(Protocol):
    """What the sweeper needs of services/database/jobs.py."""

    async def queued(self) -> list[Job]: ...

    async def undelivered(self) -> list[tuple[Job, str]]: ...

    async def finish(self, job_id: str, state: JobState, outcome: str) -> None: ...


class Ends(Protocol):
    """What the sweeper needs of jobs/workflows.py."""

    async def show(self, job: Job, outcome: str) -> tuple[JobState, str]: ...


class Sweeper:
    """Runs as one task between `start` and `stop`."""

    def __init__(self, jobs: JobList, engine: Engine, ends: Ends, messages: Messages) -> None:
        self._jobs = jobs
        self._engine = engine
        self._ends = ends
        self._messages = messages
        self._looking = Looking(self._look_again, failed="sweep failed", again_s=REAP_S)
        self._looks = 0

    def start(self) -> None:
        self._looking.start()

    async def stop(self) -> None:
        await self._looking.stop()

    async def sweep(self) -> None:
        """Bring every job that is stuck to its end, or back on its way."""
        jobs = {job.id: job for job in await self._jobs.queued()}
        standings = await self._engine.standings(list(jobs)) if jobs else {}
        lost = [job_id for job_id, standing in standings.items() if standing is Standing.UNKNOWN]
        if lost:
            log.warning("jobs queued again that the engine had forgotten", jobs=len(lost))
            await self._engine.enqueue([jobs[job_id] for job_id in lost])
        for job_id, standing in standings.items():
            if standing is Standing.BROKEN:
                await self._show(jobs[job_id], BROKEN)
        for job, outcome in await self._jobs.undelivered():
            await self._show(job, outcome)
        await self._messages.sweep()

    async def _look_again(self) -> float:
        is_for_all = self._looks % SWEEP_EVERY == 0
        self._looks += 1
        await (self.sweep() if is_for_all else self._engine.reap())
        return REAP_S

    async def _show(self, job: Job, outcome: str) -> None:
        try:
            await self._jobs.finish(job.id, *await self._ends.show(job, outcome))
        except SmallprintError as error:
            state = JobState.UNDELIVERED if error.retryable else JobState.FAILED
            log.warning("job's end could not be shown", job=job.id, code=error.code, state=state.value)
            await self._jobs.finish(job.id, state, outcome)
