"""Forgetting what was deleted in Slack, or what somebody asked us to forget: within a minute, over crashes too.

A wish is written down before Slack gets its ack (slack/erasures.py). Jobs that run are stopped first and erased when they
have ended; what they say in Slack is replaced by a sentence, where we can still speak.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.looking import Looking
from smallprint.models.domain import Erasure, Job
from smallprint.services.database.jobs import ENDED, JobState

LOOK_S = 15.0
"""Between two looks without a sign: for what another process wrote down, and for jobs that had to end first."""
SOON_S = 2.0
"""The same while something could not be finished."""

RESTS, REST_AT_MOST_S = 9, 30.0
"""Writers wait while the file is written anew: of any stretch of time at most a tenth, whatever storm of deletions comes."""

OVER = ENDED | {JobState.UNDELIVERED}
"""What nobody could be shown is not to be kept for that."""

log = structlog.get_logger()


class ErasureLog(Protocol):
    """`services/database/erasures.py`."""

    async def open(self) -> list[Erasure]: ...

    async def jobs_of(self, wish: Erasure) -> list[tuple[Job, JobState]]: ...

    async def erase(self, job_ids: Sequence[str]) -> None: ...

    async def compact(self) -> None: ...

    async def done(self, wish: Erasure) -> None: ...

    async def drop(self, wish: Erasure) -> None:
        """It named nothing of ours, so nothing needs to be known of it."""
        ...


class ForgottenDelivery(Protocol):
    """`slack/forgetting.py`."""

    async def forget(self, job: Job) -> None:
        """Replace what we said. Raises SmallprintError; calling again is safe."""
        ...


StopJob = Callable[[Job], Awaitable[None]]
"""Stops a job so that nothing of it is shown; does nothing once it has ended."""


class Eraser:
    """Runs as one task between `start` and `stop`."""

    def __init__(
        self, erasures: ErasureLog, *, stop_job: StopJob, delivery: ForgottenDelivery, look_s: float = LOOK_S
    ) -> None:
        self._erasures = erasures
        self._stop_job = stop_job
        self._delivery = delivery
        self._look_s = look_s
        self._rest_s = 0.0
        self._looking = Looking(self._look_again, failed="forgetting failed", again_s=look_s)

    def start(self) -> None:
        self._looking.start()

    def notice(self) -> None:
        """Something was written down."""
        self._looking.notice()

    async def stop(self) -> None:
        await self._looking.stop()

    async def look(self) -> bool:
        """Forget what can be forgotten now; False when something has to wait for the next look."""
        wishes = await self._erasures.open()
        attempts = [(wish, await self._attempt(wish)) for wish in wishes]
        finished = [(wish, forgotten) for wish, forgotten in attempts if forgotten is not None]
        if any(forgotten for _, forgotten in finished):
            await self._compact()
        for wish, forgotten in finished:
            await (self._erasures.done(wish) if forgotten else self._erasures.drop(wish))
        return len(finished) == len(wishes)

    async def _compact(self) -> None:
        started = time.monotonic()
        await self._erasures.compact()
        self._rest_s = min(REST_AT_MOST_S, RESTS * (time.monotonic() - started))

    async def _look_again(self) -> float:
        await asyncio.sleep(self._rest_s)
        self._rest_s = 0.0
        return self._look_s if await self.look() else min(SOON_S, self._look_s)

    async def _attempt(self, wish: Erasure) -> int | None:
        """How many jobs were forgotten; None when it has to wait."""
        try:
            return await self._forget(wish)
        except SmallprintError as error:
            log.warning("not forgotten yet", kind=wish.kind.value, code=error.code)
            return None

    async def _forget(self, wish: Erasure) -> int | None:
        """None while something of it runs."""
        found = await self._erasures.jobs_of(wish)
        if not found:
            return 0  # most files that are deleted in a workspace were never ours
        running = [job for job, state in found if state not in OVER]
        for job in running:
            await self._stop_job(job)
        over = [job for job, state in found if state in OVER]
        await self._erasures.erase([job.id for job in over])
        if wish.kind.shown:
            for job in over:
                await self._show(job)
        log.info("forgotten", kind=wish.kind.value, jobs=len(over), still_running=len(running))
        return None if running else len(over)

    async def _show(self, job: Job) -> None:
        try:
            await self._delivery.forget(job)
        except SmallprintError as error:
            if error.retryable:
                raise
            log.info("nothing left to replace", job=job.id, code=error.code)
