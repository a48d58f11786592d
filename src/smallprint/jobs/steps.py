"""How every kind of job takes its steps: tries again what may pass, waits while the process stops, and comes to one end.

A workflow (documents, questions, changes) says what its steps do; this says how they are done.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.retries import Retries
from smallprint.jobs.serialization import JobError
from smallprint.jobs.watch import JobWatch, Unwatched
from smallprint.models.domain import Job
from smallprint.services.database.jobs import JobState

log = structlog.get_logger()
T = TypeVar("T")

DELIVERY_TRIES = 8
"""Slack may be down for a while, and a result that nobody sees is no result."""

Try = Callable[[bool], Awaitable[T]]
"""What is tried; it is told whether this is the last try."""


class StepRunner(Protocol):
    """Runs an action once: when a restart comes past it again, the recorded result is returned."""

    async def __call__(self, name: str, action: Callable[[], Awaitable[T]], /) -> T: ...


class JobEnd(Protocol):
    """Where the end of a job is written down (services/database/jobs.py)."""

    async def finish(self, job_id: str, state: JobState, outcome: str) -> None: ...


class Steps:
    """One per process, shared by the workflows of all kinds."""

    def __init__(self, record: JobEnd, *, retry_interval_s: float, watch: JobWatch | None = None) -> None:
        self._record = record
        self._retries = Retries(retry_interval_s)
        self._delivery_retries = Retries(retry_interval_s, DELIVERY_TRIES)
        self._watch = watch or Unwatched()
        self._stopping = False
        self._ending = 0

    def begin_stopping(self) -> None:
        """From now on nothing new begins, and no failure counts: what comes to either waits for its cancellation."""
        self._stopping = True

    async def settled(self, timeout_s: float) -> None:
        """Wait until no job is being delivered, but not longer than `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while self._ending and time.monotonic() < deadline:  # noqa: ASYNC110 - only when the process stops
            await asyncio.sleep(0.01)

    async def work(self, job: Job, name: str, action: Try[T]) -> T:
        """A step's result, or a JobError once it has failed for good."""
        await self.not_while_stopping()
        return await self._attempts(job, name, self._retries, action)

    async def announce(self, job: Job, action: Try[T]) -> T:
        """As `work`, for what must be seen even while the process stops: the placeholder."""
        return await self._attempts(job, "announce", self._retries, action)

    async def end(
        self, job: Job, name: str, show: Try[None], state: JobState, outcome: str
    ) -> dict[str, str]:
        """Show how the job ended, and write it down: as `state`, or as undelivered when Slack stays unreachable.

        Raises:
            JobError: it can never be shown. Nothing is written down.
        """
        started = time.monotonic()
        self._ending += 1
        try:
            try:
                await self._attempts(job, name, self._delivery_retries, show)
            except PassingJobError:
                state = JobState.UNDELIVERED
            await self.finish(job, state, outcome)
        finally:
            self._ending -= 1
        seconds = round(time.monotonic() - started, 3)
        log.info("job ended", job=job.id, seconds=seconds, state=state.value, outcome=outcome)
        return {"outcome": outcome}

    async def fail(self, job: Job, failure: JobError, show: Try[None]) -> dict[str, str]:
        """The end of a job that has no result: its sentence is shown, as far as Slack takes it."""
        try:
            return await self.end(job, "fail", show, JobState.FAILED, failure.code)
        except JobError as error:
            # Slack refuses the sentence for good: the thread or the channel is gone.
            log.error("failure could not be shown", job=job.id, code=failure.code, refused=error.code)  # noqa: TRY400
            await self.finish(job, JobState.FAILED, failure.code)
            return {"outcome": failure.code}

    async def finish(self, job: Job, state: JobState, outcome: str) -> None:
        """Write the end down without showing anything."""
        await self._record.finish(job.id, state, outcome)
        self._watch.job_ended(state.value, outcome)

    async def not_while_stopping(self) -> None:
        if self._stopping:
            await asyncio.get_running_loop().create_future()  # never done: the engine cancels us

    async def _attempts(self, job: Job, name: str, retries: Retries, action: Try[T]) -> T:
        started = time.monotonic()
        try:
            result = await retries.run(action, job=job.id, step=name)
        except Exception as error:  # noqa: BLE001 - becomes a code and a sentence
            await self.not_while_stopping()
            self._watch.step_ended(name, time.monotonic() - started)
            kind = PassingJobError if isinstance(error, SmallprintError) and error.retryable else JobError
            failure = kind.of(error, job.id)
            log.warning("step failed", job=job.id, step=name, code=failure.code, **_origin(error))
            raise failure from None
        self._watch.step_ended(name, time.monotonic() - started)
        return result


class PassingJobError(JobError):
    """Its reason may pass, but our patience was used up."""


def _origin(error: Exception) -> dict[str, str]:
    """Where an unexpected error came from, without its message: that can hold document text."""
    if isinstance(error, SmallprintError):
        return {}
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return {"error": type(error).__name__, "at": " < ".join(reversed(frames[-8:]))}
