"""What a newer version of a document changes, as a durable job: read both, compare, explain, deliver.

Two things begin one. A document that was analysed in a thread which has another one: then the job is silent until it
knows that the two are versions of one document, and leaves no trace in Slack if they are not. Or somebody who chose
"Compare with…": then it shows itself at once, and one visible end.
As with documents, every step may run again after a crash: the thread gets one message, the model is paid once.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Protocol

import structlog

from smallprint.agents.comparer import Version
from smallprint.documents.changes import VERSION_OF
from smallprint.errors import ReportGone, SmallprintError
from smallprint.jobs.documents import RecentDocuments
from smallprint.jobs.messages import ReportSource
from smallprint.jobs.serialization import JobError, sentence_for
from smallprint.jobs.steps import StepRunner, Steps
from smallprint.jobs.stops import Stops, Unstoppable
from smallprint.jobs.workflow import FileSource, Reader
from smallprint.models.domain import (
    AnalysisRequest,
    Document,
    DocumentChanges,
    Job,
    PassageChanges,
)
from smallprint.services.database.jobs import JobState
from smallprint.services.database.versions import AnalysedDocument

log = structlog.get_logger()

VERSIONS = "versions"
"""Trigger of a job that nobody asked for: it shows itself only if the two are versions of one document."""
ASKED = "compare"
"""Trigger of a job that somebody asked for."""

CHANGES, UNRELATED, SAME_FILE = "changes", "unrelated", "same_file"
"""Outcomes: shown; not versions of one document, and the same bytes once more: both of these only when silent."""

OLDER = "The older document: {sentence}"


class Comparer(Protocol):
    """agents/comparer.py."""

    async def found(self, before: Document, after: Document) -> PassageChanges: ...

    async def compare(
        self,
        before: Version,
        after: Version,
        request: AnalysisRequest,
        *,
        found: PassageChanges | None = None,
        last_try: bool = True,
    ) -> DocumentChanges: ...


class JobRows(Protocol):
    """services/database/jobs.py."""

    async def get(self, job_id: str) -> Job | None: ...


class Versions(Protocol):
    """services/database/versions.py."""

    async def of_file(self, job: Job) -> AnalysedDocument | None: ...


class KeptChanges(Protocol):
    """services/database/comparisons.py."""

    async def changes(self, job_id: str) -> DocumentChanges | None: ...

    async def keep(self, job: Job, changes: DocumentChanges) -> None: ...


class ChangesDelivery(Protocol):
    """How the job shows itself (slack/changes.py). Everything may be called again without harm."""

    async def announce(self, job: Job) -> None:
        """Say, once, that the two are being compared."""
        ...

    async def deliver(self, job: Job, changes: DocumentChanges) -> None: ...

    async def fail(self, job: Job, sentence: str) -> None: ...


def is_silent(job: Job) -> bool:
    """True for a job that must not show that it runs, or that it failed."""
    return job.trigger == VERSIONS


class ChangesWorkflow:
    """The steps of a job of the kind CHANGES. Their names and order are part of the data of running jobs."""

    def __init__(
        self,
        *,
        steps: Steps,
        rows: JobRows,
        files: FileSource,
        reader: Reader,
        comparer: Comparer,
        versions: Versions,
        reports: ReportSource,
        kept: KeptChanges,
        delivery: ChangesDelivery,
        concurrency: int,
        stops: Stops | None = None,
    ) -> None:
        """`concurrency`: comparisons at once; `stops`: None for comparisons that nobody can stop."""
        self._does = steps
        self._rows = rows
        self._files = files
        self._reader = reader
        self._comparer = comparer
        self._versions = versions
        self._reports = reports
        self._kept = kept
        self._delivery = delivery
        self._stops = stops or Stops(Unstoppable())
        self._slots = asyncio.Semaphore(concurrency)
        self._documents = RecentDocuments(2 * concurrency)

    async def run(self, job: Job, step: StepRunner) -> str:
        """The whole job; returns its outcome: one of those above, or an error's code."""
        try:
            if not is_silent(job):
                await step("announce", partial(self._announce, job))
            async with self._slots:
                reason = (await step("look", partial(self._look_step, job)))["leave"]
                if reason:
                    return (await step("leave", partial(self._leave_step, job, reason)))["outcome"]
                await step("explain", partial(self._explain_step, job))
                return (await step("deliver", partial(self._deliver_step, job)))["outcome"]
        except Exception as error:  # noqa: BLE001 - whatever it is, who asked gets a sentence
            return (await step("fail", partial(self._fail_step, job, JobError.of(error, job.id))))["outcome"]
        finally:
            for name in (_old(job), _new(job)):
                self._documents.drop(name)

    async def show(self, job: Job, outcome: str) -> tuple[JobState, str]:
        """The changes if they are known, else the outcome's sentence; of a silent job that failed nothing."""
        changes = await self._kept.changes(job.id)
        if changes is not None:
            await self._delivery.deliver(job, changes)
            return JobState.DONE, CHANGES
        if not is_silent(job):
            await self._delivery.fail(job, sentence_for(outcome, job.id))
        return JobState.FAILED, outcome

    # --- the steps: what they return is stored by the engine -------------------------------------------------

    async def _announce(self, job: Job) -> dict[str, str]:
        await self._does.announce(job, lambda _: self._delivery.announce(job))
        return {}

    async def _look_step(self, job: Job) -> dict[str, str]:
        """`leave`: why a silent job goes no further; empty when it does."""
        if not is_silent(job):
            await self._does.work(job, "read", lambda _: self._both(job))
            return {"leave": ""}
        return {"leave": await self._does.work(job, "look", lambda _: self._reason_to_leave(job))}

    async def _leave_step(self, job: Job, reason: str) -> dict[str, str]:
        await self._does.finish(job, JobState.DONE, reason)
        log.info("documents not compared", job=job.id, reason=reason)
        return {"outcome": reason}

    async def _explain_step(self, job: Job) -> dict[str, int]:
        changes = await self._does.work(job, "explain", partial(self._compare, job))
        return {"changes": len(changes.found.changes)}

    async def _deliver_step(self, job: Job) -> dict[str, str]:
        async def deliver(_last_try: bool) -> None:  # noqa: FBT001 - called by Retries
            changes = await self._kept.changes(job.id)
            if changes is None:  # taken by retention or an erasure meanwhile
                raise ReportGone
            await self._delivery.deliver(job, changes)

        return await self._does.end(job, "deliver", deliver, JobState.DONE, CHANGES)

    async def _fail_step(self, job: Job, failure: JobError) -> dict[str, str]:
        if is_silent(job):
            log.info("documents not compared", job=job.id, reason=failure.code)
            await self._does.finish(job, JobState.FAILED, failure.code)
            return {"outcome": failure.code}

        async def fail(_last_try: bool) -> None:  # noqa: FBT001 - called by Retries
            await self._delivery.fail(job, failure.sentence)

        return await self._does.fail(job, failure, fail)

    # --- what the steps do ------------------------------------------------------------------------------------

    async def _reason_to_leave(self, job: Job) -> str:
        async with self._stops.guard(job):
            before, after = await self._both(job)
        if before.sha256 == after.sha256:
            return SAME_FILE
        found = await self._comparer.found(before, after)
        log.info("documents laid beside each other", job=job.id, similarity=round(found.similarity, 2))
        return "" if found.similarity >= VERSION_OF else UNRELATED

    async def _compare(self, job: Job, last_try: bool) -> DocumentChanges:  # noqa: FBT001 - called by Retries
        finished = await self._kept.changes(job.id)
        if finished is not None:
            return finished
        async with self._stops.guard(job):
            changes = await self._compared(job, last_try=last_try)
        await self._kept.keep(job, changes)
        return changes

    async def _compared(self, job: Job, *, last_try: bool) -> DocumentChanges:
        before, after = await self._both(job)
        newer = await self._versions.of_file(job)
        return await self._comparer.compare(
            Version(before, await self._reports.report(job.brief.compare_with)),
            Version(after, await self._reports.report(newer.job_id) if newer else None),
            AnalysisRequest(job.id, job.team, job.channel, job.user, job.trigger, job.brief),
            last_try=last_try,
        )

    async def _both(self, job: Job) -> tuple[Document, Document]:
        """The old and the new document. Raises what stands in the way of one of them."""
        older = await self._rows.get(job.brief.compare_with)
        if older is None:
            raise ReportGone
        try:
            before = await self._read(_old(job), older)
        except SmallprintError as error:
            said = OLDER.format(sentence=error.user_message)
            raise type(error)(said, retry_after_s=error.retry_after_s) from error
        return before, await self._read(_new(job), job)

    async def _read(self, name: str, job: Job) -> Document:
        known = self._documents.get(name)
        if known is not None:
            return known
        file = await self._files.fetch(job)
        document = replace(
            await self._reader.read(file.name, file.content), pictures=()
        )  # nobody looks at them
        self._documents.keep(name, document)
        return document


def _old(job: Job) -> str:
    return f"{job.id}/old"


def _new(job: Job) -> str:
    return f"{job.id}/new"
