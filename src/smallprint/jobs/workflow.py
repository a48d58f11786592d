"""One document's way as a durable job: announce, read, analyse, deliver; each step recorded when it is done.

A step may run again when the process dies before its record is written, so each of them tolerates that:
posts are made once by the delivery, answers that were paid for are found in our own tables.
The engine sees ids, counts and codes; documents live in memory and are read again after a crash.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.documents import RecentDocuments
from smallprint.jobs.messages import MessageDelivery, Messages, ReportSource
from smallprint.jobs.results import ResultDelivery, Sequel, show_result
from smallprint.jobs.serialization import JobError, sentence_for
from smallprint.jobs.steps import StepRunner, Steps
from smallprint.models.domain import AnalysisRequest, Document, Job, Report, SharedFile, Step
from smallprint.services.database.jobs import JobState

log = structlog.get_logger()
Progress = Callable[[Step], Awaitable[None]]


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


class DocumentWorkflow:
    """The steps of a document's job. Their names and order are part of the data of running jobs."""

    def __init__(
        self,
        *,
        steps: Steps,
        files: FileSource,
        reader: Reader,
        analyser: Analyser,
        reports: ReportSource,
        delivery: Delivery,
        messages: Messages,
        concurrency: int,
        sequels: Sequence[Sequel] = (),
    ) -> None:
        """`concurrency`: documents at once; `sequels`: what follows once a result is shown."""
        self._does = steps
        self._files = files
        self._reader = reader
        self._analyser = analyser
        self._reports = reports
        self._delivery = delivery
        self._messages = messages
        self._sequels = sequels
        self._slots = asyncio.Semaphore(concurrency)
        self._documents = RecentDocuments(concurrency)

    async def run(self, job: Job, step: StepRunner) -> str:
        """The whole job; returns its outcome: the risk level, or an error's code."""
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

    async def show(self, job: Job, outcome: str) -> tuple[JobState, str]:
        """Deliver the report if there is one, else the sentence of the outcome. Raises SmallprintError."""
        report = await self._reports.report(job.id)
        if report is not None:
            await self._show(job, report)
            return JobState.DONE, report.risk_level.value
        await self._delivery.fail(job, outcome, sentence_for(outcome, job.id))
        return JobState.FAILED, outcome

    # --- the steps: what they return is stored by the engine -------------------------------------------------

    async def _announce(self, job: Job) -> dict[str, str]:
        await self._does.announce(job, lambda _: self._messages.announce(job))
        return {}

    async def _read_step(self, job: Job) -> dict[str, str | int]:
        document = await self._does.work(job, "read", lambda _: self._read(job))
        return {
            "sha256": document.sha256,
            "characters": document.receipt.characters,
            "passages": len(document.passages),
        }

    async def _analyse_step(self, job: Job) -> dict[str, str]:
        report = await self._does.work(job, "analyse", partial(self._analyse, job))
        return {"level": report.risk_level.value}

    async def _deliver_step(self, job: Job, level: str) -> dict[str, str]:
        async def deliver(_last_try: bool) -> None:  # noqa: FBT001 - called by Retries
            report = await self._reports.report(job.id)
            if report is None:
                raise SmallprintError
            await self._show(job, report)

        ended = await self._does.end(job, "deliver", deliver, JobState.DONE, level)
        await self._messages.ended(job)
        return ended

    async def _fail_step(self, job: Job, failure: JobError) -> dict[str, str]:
        async def fail(_last_try: bool) -> None:  # noqa: FBT001 - called by Retries
            await self._delivery.fail(job, failure.code, failure.sentence)

        failed = await self._does.fail(job, failure, fail)
        await self._messages.ended(job)
        return failed

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

    async def _show(self, job: Job, report: Report) -> None:
        await show_result(job, report, delivery=self._delivery, reports=self._reports, sequels=self._sequels)
