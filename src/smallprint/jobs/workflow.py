"""One document's way as a durable job: announce, read, analyse, deliver; each step recorded when it is done.

A step may run again when the process dies before its record is written, so each of them tolerates that:
posts are made once by the delivery, answers that were paid for are found in our own tables.
The engine sees ids, counts and codes; documents live in memory and are read again after a crash.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeVar

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.documents import RecentDocuments
from smallprint.jobs.messages import MessageDelivery, Messages, ReportSource
from smallprint.jobs.results import ResultDelivery, show_result
from smallprint.jobs.retries import Retries
from smallprint.jobs.serialization import JobError
from smallprint.jobs.watch import JobWatch, Unwatched
from smallprint.models.domain import AnalysisRequest, Document, Job, Report, SharedFile, Step
from smallprint.services.database.jobs import JobState

log = structlog.get_logger()
T = TypeVar("T")
Progress = Callable[[Step], Awaitable[None]]

DELIVERY_TRIES = 8
"""Slack may be down for a while, and a result that nobody sees is no result."""


class StepRunner(Protocol):
    """Runs an action once: when a restart comes past it again, the recorded result is returned."""

    async def __call__(self, name: str, action: Callable[[], Awaitable[T]], /) -> T: ...


class FileSource(Protocol):
    """Where the file comes from (slack/files.py)."""

    async def fetch(self, job: Job) -> SharedFile: ...

    async def thread_of(self, job: Job) -> str | None:
        """Root of the thread in which the job's file was shared in its channel."""
        ...


class Reader(Protocol):
    """Bytes to Document (documents/reader.py)."""

    async def read(self, name: str, content: bytes) -> Document: ...


class Analyser(Protocol):
    """Document to Report (agents/orchestrator.py); finds the answers that were paid for earlier."""

    async def run(
        self, document: Document, request: AnalysisRequest, progress: Progress, *, last_try: bool
    ) -> Report: ...


class Delivery(MessageDelivery, ResultDelivery, Protocol):
    """How the job shows itself (slack/delivery.py). Everything may be called again without harm."""

    async def progress(self, job: Job, step: Step) -> None:
        """Best effort, never raises."""
        ...

    async def fail(self, job: Job, code: str, sentence: str) -> None:
        """Show why there is no result; where the code says that somebody may decide otherwise, ask."""
        ...


class JobRecord(Protocol):
    """The job's own row (services/database/jobs.py)."""

    async def get(self, job_id: str) -> Job | None: ...

    async def finish(self, job_id: str, state: JobState, outcome: str) -> None: ...


class DocumentWorkflow:
    """The steps of `document_job_v1`. Their names and order are part of the data of running jobs."""

    def __init__(
        self,
        *,
        record: JobRecord,
        files: FileSource,
        reader: Reader,
        analyser: Analyser,
        reports: ReportSource,
        delivery: Delivery,
        messages: Messages,
        concurrency: int,
        retry_interval_s: float,
        watch: JobWatch | None = None,
    ) -> None:
        self._record = record
        self._files = files
        self._reader = reader
        self._analyser = analyser
        self._reports = reports
        self._delivery = delivery
        self._messages = messages
        self._slots = asyncio.Semaphore(concurrency)
        self._documents = RecentDocuments(concurrency)
        self._retries = Retries(retry_interval_s)
        self._delivery_retries = Retries(retry_interval_s, DELIVERY_TRIES)
        self._watch = watch or Unwatched()
        self._stopping = False
        self._ending = 0

    async def run(self, job_id: str, step: StepRunner) -> str:
        """The whole job; returns its outcome: the risk level, or an error's code."""
        job = await self._record.get(job_id)
        if job is None:
            log.warning("job without a row", job=job_id)
            return "unknown"
        with self._watch.running(job) as ended_with:
            outcome = await self._steps(job, step)
            ended_with(outcome)
            return outcome

    async def _steps(self, job: Job, step: StepRunner) -> str:
        try:
            await step("announce", partial(self._announce, job))
            async with self._slots:
                await step("read", partial(self._read_step, job))
                level = (await step("analyse", partial(self._analyse_step, job)))["level"]
                return (await step("deliver", partial(self._deliver_step, job, level)))["outcome"]
        except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
            return (await step("fail", partial(self._fail_step, job, JobError.of(error, job.id))))["outcome"]
        finally:
            self._documents.drop(job.id)

    def begin_stopping(self) -> None:
        """From now on nothing new begins, and no failure counts: what comes to either waits for its cancellation."""
        self._stopping = True

    async def settled(self, timeout_s: float) -> None:
        """Wait until no job is being delivered, but not longer than `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while self._ending and time.monotonic() < deadline:  # noqa: ASYNC110 - only when the process stops
            await asyncio.sleep(0.01)

    # --- the steps: what they return is stored by the engine -------------------------------------------------

    async def _announce(self, job: Job) -> dict[str, str]:
        await self._attempts(job, "announce", self._retries, lambda _: self._messages.announce(job))
        return {}

    async def _read_step(self, job: Job) -> dict[str, str | int]:
        await self._not_while_stopping()
        document = await self._attempts(job, "read", self._retries, lambda _: self._read(job))
        return {
            "sha256": document.sha256,
            "characters": document.receipt.characters,
            "passages": len(document.passages),
        }

    async def _analyse_step(self, job: Job) -> dict[str, str]:
        await self._not_while_stopping()
        report = await self._attempts(job, "analyse", self._retries, partial(self._analyse, job))
        return {"level": report.risk_level.value}

    async def _deliver_step(self, job: Job, level: str) -> dict[str, str]:
        async def deliver(_last_try: bool) -> None:  # noqa: FBT001 - called by Retries
            report = await self._reports.report(job.id)
            if report is None:
                raise SmallprintError
            await show_result(job, report, delivery=self._delivery, reports=self._reports)

        return await self._end(job, "deliver", deliver, JobState.DONE, level)

    async def _fail_step(self, job: Job, failure: JobError) -> dict[str, str]:
        async def fail(_last_try: bool) -> None:  # noqa: FBT001 - called by Retries
            await self._delivery.fail(job, failure.code, failure.sentence)

        try:
            return await self._end(job, "fail", fail, JobState.FAILED, failure.code)
        except JobError as error:
            # Slack refuses the sentence for good: the thread or the channel is gone.
            log.error("failure could not be shown", job=job.id, code=failure.code, refused=error.code)  # noqa: TRY400
            await self._record.finish(job.id, JobState.FAILED, failure.code)
            self._watch.job_ended(JobState.FAILED.value, failure.code)
            await self._messages.ended(job)
            return {"outcome": failure.code}

    # --- what the steps do ------------------------------------------------------------------------------------

    async def _read(self, job: Job) -> Document:
        started = time.monotonic()
        await self._delivery.progress(job, Step.READING)
        file = await self._files.fetch(job)
        document = await self._reader.read(file.name, file.content)
        self._documents.keep(job.id, document)
        log.info(
            "document read",
            job=job.id,
            seconds=round(time.monotonic() - started, 3),
            bytes=len(file.content),
            passages=len(document.passages),
            pages=document.receipt.pages,
        )
        return document

    async def _analyse(self, job: Job, last_try: bool) -> Report:  # noqa: FBT001 - called by Retries
        finished = await self._reports.report(job.id)
        if finished is not None:
            return finished
        started = time.monotonic()
        document = self._documents.get(job.id) or await self._read(job)
        request = AnalysisRequest(job.id, job.team, job.channel, job.user, job.trigger, job.brief)
        report = await self._analyser.run(
            document, request, partial(self._delivery.progress, job), last_try=last_try
        )
        log.info(
            "document analysed",
            job=job.id,
            seconds=round(time.monotonic() - started, 3),
            findings=len(report.findings),
            level=report.risk_level.value,
        )
        return report

    async def _end(
        self, job: Job, name: str, show: Callable[[bool], Awaitable[None]], state: JobState, outcome: str
    ) -> dict[str, str]:
        started = time.monotonic()
        self._ending += 1
        try:
            try:
                await self._attempts(job, name, self._delivery_retries, show)
            except PassingJobError:
                state = JobState.UNDELIVERED
            await self._record.finish(job.id, state, outcome)
            self._watch.job_ended(state.value, outcome)
            await self._messages.ended(job)
        finally:
            self._ending -= 1
        seconds = round(time.monotonic() - started, 3)
        log.info("job ended", job=job.id, seconds=seconds, state=state.value, outcome=outcome)
        return {"outcome": outcome}

    async def _attempts(
        self, job: Job, name: str, retries: Retries, action: Callable[[bool], Awaitable[T]]
    ) -> T:
        """The action's result, or a JobError."""
        started = time.monotonic()
        try:
            result = await retries.run(action, job=job.id, step=name)
        except Exception as error:  # noqa: BLE001 - becomes a code and a sentence
            await self._not_while_stopping()
            self._watch.step_ended(name, time.monotonic() - started)
            kind = PassingJobError if isinstance(error, SmallprintError) and error.retryable else JobError
            failure = kind.of(error, job.id)
            log.warning("step failed", job=job.id, step=name, code=failure.code, **_origin(error))
            raise failure from None
        self._watch.step_ended(name, time.monotonic() - started)
        return result

    async def _not_while_stopping(self) -> None:
        if self._stopping:
            await asyncio.get_running_loop().create_future()  # never done: the engine cancels us


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
