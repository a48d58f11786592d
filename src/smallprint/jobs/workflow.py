"""One document's way as a durable job: announce, read, analyse, deliver; each step recorded when it is done.

A step may run again when the process dies before its record is written, so each of them tolerates that:
posts are made once by the delivery, answers that were paid for are found in our own tables.
The engine sees ids, counts and codes; documents live in memory and are read again after a crash.

Somebody may stop the job while it waits, reads or analyses. The steps and their order stay the same, so that a
restart finds its way: what was found by then is delivered, else the job fails as stopped.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError, Stopped
from smallprint.jobs.account import Account, ProgressDelivery
from smallprint.jobs.documents import RecentDocuments
from smallprint.jobs.line import Line, Positions
from smallprint.jobs.messages import MessageDelivery, Messages, ReportSource
from smallprint.jobs.results import ResultDelivery, Sequel, show_result
from smallprint.jobs.serialization import JobError, sentence_for
from smallprint.jobs.steps import StepRunner, Steps
from smallprint.jobs.stops import NOBODY, Stops, Unstoppable
from smallprint.models.domain import AnalysisRequest, Document, Expected, Job, Report, SharedFile, Step
from smallprint.services.database.jobs import JobState

log = structlog.get_logger()
OnStep = Callable[[Step], Awaitable[None]]
OnExpected = Callable[[Expected], Awaitable[None]]


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
        self,
        document: Document,
        request: AnalysisRequest,
        progress: OnStep,
        *,
        last_try: bool,
        expecting: OnExpected | None = None,
    ) -> Report:
        """`expecting` is told what it will take, before it begins."""
        ...


class Delivery(MessageDelivery, ResultDelivery, ProgressDelivery, Protocol):
    """How the job shows itself (slack/delivery.py). Everything may be called again without harm."""

    async def fail(self, job: Job, code: str, sentence: str) -> None:
        """Show why there is no result; where the code says that somebody may decide otherwise, ask."""
        ...


@dataclass(frozen=True, slots=True)
class DocumentTools:
    """What a document's job is done with."""

    files: FileSource
    reader: Reader
    analyser: Analyser
    reports: ReportSource
    delivery: Delivery
    concurrency: int
    """Documents at once."""
    stops: Stops | None = None
    """None for jobs that nobody can stop."""
    positions: Positions | None = None
    """None doesn't count who waits."""
    finisher: Analyser | None = None
    """Makes a stopped job's report of the answers that were paid for by then, asking nobody (agents/stopped.py).

    None: a stopped job has no report.
    """
    sequels: Sequence[Sequel] = ()
    """What follows once a result is shown."""


class DocumentWorkflow:
    """The steps of a document's job. Their names and order are part of the data of running jobs."""

    def __init__(self, documents: DocumentTools, steps: Steps, messages: Messages) -> None:
        self._tools = documents
        self._does = steps
        self._messages = messages
        self._reports = documents.reports
        self._delivery = documents.delivery
        self._stops = documents.stops or Stops(Unstoppable())
        self._line = Line(documents.concurrency, self._stops, documents.positions)
        self._documents = RecentDocuments(documents.concurrency)

    async def run(self, job: Job, step: StepRunner) -> str:
        """The whole job; returns its outcome: the risk level, or an error's code."""
        account = Account(job, self._delivery)
        try:
            await step("announce", partial(self._announce, job))
            async with self._line.turn(job, account.waits):
                await step("read", partial(self._read_step, job, account))
                level = (await step("analyse", partial(self._analyse_step, job, account)))["level"]
                return (await step("deliver", partial(self._deliver_step, job, level)))["outcome"]
        except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
            return (await step("fail", partial(self._fail_step, job, JobError.of(error, job.id))))["outcome"]
        finally:
            self._delivery.leave(job)
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

    async def _read_step(self, job: Job, account: Account) -> dict[str, str | int]:
        try:
            async with self._stops.guard(job):
                document = await self._does.work(job, "read", lambda _: self._read(job, account))
        except Stopped as stopped:
            raise JobError.of(stopped, job.id) from None
        return {
            "sha256": document.sha256,
            "characters": document.receipt.characters,
            "passages": len(document.passages),
        }

    async def _analyse_step(self, job: Job, account: Account) -> dict[str, str]:
        try:
            async with self._stops.guard(job):
                report = await self._does.work(job, "analyse", partial(self._analyse, job, account))
        except Stopped as stopped:
            report = await self._does.work(job, "stop", partial(self._so_far, job, account, stopped))
            if stopped.by == NOBODY:  # its document is being forgotten: nothing of it may be shown any more
                raise JobError.of(stopped, job.id) from None
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

    async def _read(self, job: Job, account: Account) -> Document:
        started = time.monotonic()
        await account.step(Step.READING)
        file = await self._tools.files.fetch(job)
        document = await self._tools.reader.read(file.name, file.content)
        self._documents.keep(job.id, document)
        account.read(document)
        log.info(
            "document read",
            job=job.id,
            seconds=round(time.monotonic() - started, 3),
            bytes=len(file.content),
            passages=len(document.passages),
            pages=document.receipt.pages,
        )
        return document

    async def _analyse(self, job: Job, account: Account, last_try: bool) -> Report:  # noqa: FBT001 - called by Retries
        finished = await self._reports.report(job.id)
        if finished is not None:
            return finished
        started = time.monotonic()
        document = self._documents.get(job.id) or await self._read(job, account)
        report = await self._tools.analyser.run(
            document, _request(job), account.step, last_try=last_try, expecting=account.expects
        )
        log.info(
            "document analysed",
            job=job.id,
            seconds=round(time.monotonic() - started, 3),
            findings=len(report.findings),
            level=report.risk_level.value,
        )
        return report

    async def _so_far(self, job: Job, account: Account, stopped: Stopped, last_try: bool) -> Report:  # noqa: FBT001 - called by Retries
        """The report of what was found before the stop. Raises Stopped where nothing was."""
        finished = await self._reports.report(job.id)
        if finished is not None:
            return finished
        if self._tools.finisher is None:
            raise stopped
        try:
            document = self._documents.get(job.id) or await self._read(job, account)
            request = _request(job, stopped_by=stopped.by)
            report = await self._tools.finisher.run(document, request, account.step, last_try=True)
        except SmallprintError as error:
            if error.retryable and not last_try:
                raise
            raise stopped from error
        log.info("stopped with what was found", job=job.id, findings=len(report.findings))
        return report

    async def _show(self, job: Job, report: Report) -> None:
        await show_result(
            job, report, delivery=self._delivery, reports=self._reports, sequels=self._tools.sequels
        )


def _request(job: Job, *, stopped_by: str = "") -> AnalysisRequest:
    return AnalysisRequest(
        job.id, job.team, job.channel, job.user, job.trigger, job.brief, stopped_by=stopped_by
    )
