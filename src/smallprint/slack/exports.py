"""Making the file that somebody takes along, and posting it where the result stands."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Protocol

import structlog

from smallprint.documents.highlights import Highlight, HighlightedPdf
from smallprint.errors import DocumentChanged, ReportGone
from smallprint.models.domain import Decisions, Job, Report, SharedFile
from smallprint.reports.as_json import report_json
from smallprint.reports.markdown import report_markdown
from smallprint.reports.marks import report_marks
from smallprint.reports.spreadsheet import findings_csv
from smallprint.slack.blocks.export import ExportForm
from smallprint.slack.file_names import file_name, mark_of
from smallprint.slack.posts import Posts
from smallprint.slack.seen_result import SeenResult

log = structlog.get_logger()

TITLES = {
    ExportForm.PDF: "The document with highlights",
    ExportForm.MARKDOWN: "Complete report",
    ExportForm.CSV: "Findings as a table",
    ExportForm.JSON: "Report for programs",
}
DONE = "Done: the file stands in the thread."
SOME_NOT_PLACED = "Done: the file stands in the thread. {placed} of {all} quotations could be highlighted; the others run over a page or through a table."

AT_ONCE = 2
"""Documents in memory for their copy: one comes while the other is being marked, whoever asks for how many."""


class Reports(Protocol):
    """services/database/analyses.py."""

    async def report(self, analysis_id: str) -> Report | None: ...


class DecisionSource(Protocol):
    """services/database/feedback.py."""

    async def decisions(self, analysis_id: str) -> Decisions: ...


class JobRecord(Protocol):
    """services/database/jobs.py."""

    async def get(self, job_id: str) -> Job | None: ...


class Files(Protocol):
    """slack/sources.py."""

    async def fetch(self, job: Job) -> SharedFile: ...


class Access(Protocol):
    """slack/file_access.py."""

    async def require(self, user: str, job: Job, channel: str) -> None:
        """Raises NotAllowed where the user could not open the job's file."""
        ...


class Highlighter(Protocol):
    """documents/highlights.py."""

    async def highlight(self, content: bytes, marks: Sequence[Highlight]) -> HighlightedPdf: ...


class Exports:
    """Documents are fetched again for their copy: we keep none."""

    def __init__(
        self,
        reports: Reports,
        decisions: DecisionSource,
        jobs: JobRecord,
        files: Files,
        access: Access,
        highlighter: Highlighter,
        posts: Posts,
    ) -> None:
        self._reports = reports
        self._decisions = decisions
        self._jobs = jobs
        self._files = files
        self._access = access
        self._highlighter = highlighter
        self._posts = posts
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def report(self, analysis_id: str) -> Report:
        """Raises ReportGone, DatabaseError."""
        report = await self._reports.report(analysis_id)
        if report is None:
            raise ReportGone
        return report

    async def post(self, seen: SeenResult, form: ExportForm, *, user: str, request: str) -> str:
        """Post the file once for each request; a sentence that says so.

        Raises:
            NotAllowed: the document itself was asked for, by somebody who could not open it.
            ReportGone, DocumentChanged, FileError, DocumentError, SlackError, DatabaseError.
        """
        report = await self.report(seen.analysis_id)
        content, said = await self._made(report, form, user, seen.channel)
        name = file_name(report.document_name, "smallprint", request, form.value)
        tag = f"{seen.analysis_id}/export-{mark_of(request)}"
        await self._posts.file(tag, seen.channel, seen.thread_ts, name, TITLES[form], content)
        log.info("exported", analysis=seen.analysis_id, form=form.value, bytes=len(content))
        return said

    async def _made(self, report: Report, form: ExportForm, user: str, channel: str) -> tuple[bytes, str]:
        if form is ExportForm.PDF:
            return await self._highlighted(report, user, channel)
        if form is ExportForm.MARKDOWN:
            return report_markdown(report).encode(), DONE
        if form is ExportForm.JSON:
            return report_json(report, indent=2).encode(), DONE
        held = await self._decisions.decisions(report.analysis_id)
        return findings_csv(report, held).encode(), DONE

    async def _highlighted(self, report: Report, user: str, channel: str) -> tuple[bytes, str]:
        job = await self._jobs.get(report.analysis_id)
        if job is None or not job.file_id:
            raise ReportGone
        await self._access.require(user, job, channel)
        async with self._slots:
            return await self._marked(job, report)

    async def _marked(self, job: Job, report: Report) -> tuple[bytes, str]:
        file = await self._files.fetch(job)
        if hashlib.sha256(file.content).hexdigest() != report.document_sha256:
            raise DocumentChanged
        marks = [Highlight(mark.page, mark.text, mark.note, mark.colour) for mark in report_marks(report)]
        copy = await self._highlighter.highlight(file.content, marks)
        if copy.placed == len(marks):
            return copy.content, DONE
        return copy.content, SOME_NOT_PLACED.format(placed=copy.placed, all=len(marks))
