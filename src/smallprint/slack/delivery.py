"""How a job shows itself in its thread: one placeholder, its progress, and the result in its place.

After the placeholder everything is `chat.update` on its ts, which may be repeated without harm.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import structlog

from smallprint.errors import CostNeedsConsent, SmallprintError, Stopped
from smallprint.jobs.messages import message_id
from smallprint.models.domain import Ending, Job, Progress, Report, RiskLevel, Step, Stop
from smallprint.reports.comparison import compare_reports
from smallprint.reports.markdown import comparison_markdown, report_markdown
from smallprint.slack.blocks.comparison import comparison_message, nothing_to_compare_message
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import failure_message, progress_message
from smallprint.slack.blocks.repeat import cost_question
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.stop import stopped_message
from smallprint.slack.blocks.summary import FileLine, summary_message
from smallprint.slack.client import SlackClients
from smallprint.slack.destinations import Destinations
from smallprint.slack.file_names import file_name
from smallprint.slack.messages import as_slack_takes_it, put_or_post, update
from smallprint.slack.nudges import Nudges
from smallprint.slack.posts import Posts
from smallprint.slack.progress import ProgressBoard
from smallprint.slack.status import ThreadStatus

log = structlog.get_logger()

FILE_NUMBER = "file {number}"
COMPLETE_REPORT = "Complete report"
COMPARISON = "Comparison"

NameOf = Callable[[Job], Awaitable[str]]


AheadOf = Callable[[str], Awaitable[int]]
"""services/database/queue_positions.py: documents before a job."""
StopOf = Callable[[str], Awaitable[Stop]]
"""services/database/stops.py: who stopped a job, and what it had cost."""


class ThreadDelivery:
    """Implements the jobs' Delivery."""

    def __init__(
        self,
        clients: SlackClients,
        posts: Posts,
        destinations: Destinations,
        *,
        name_of: NameOf,
        status: ThreadStatus | None = None,
        nudges: Nudges | None = None,
        ahead_of: AheadOf | None = None,
        stop_of: StopOf | None = None,
    ) -> None:
        """`name_of` gives the name of a file that has no report, or an empty text.

        `status`: None shows placeholders only; `nudges`: None notifies nobody of a failure; `ahead_of`: None
        counts no places; `stop_of`: None has no button that stops a job.
        """
        self._clients = clients
        self._posts = posts
        self._destinations = destinations
        self._name_of = name_of
        self._status = status
        self._nudges = nudges
        self._ahead_of = ahead_of
        self._stop_of = stop_of
        self._board = ProgressBoard(message=self._show_progress, status=status.show if status else None)

    async def announce(self, job: Job) -> None:
        """Post the placeholder, once.

        Raises:
            SlackError: it could not be posted.
        """
        await self._placeholder(job, ahead=await self._ahead(job))

    async def progress(self, job: Job, progress: Progress) -> None:
        """Shown when there is time for it: skipped when Slack is slow, unwilling or too often asked."""
        self._board.tell(job, progress)

    def leave(self, job: Job) -> None:
        """Show nothing more of the job's progress."""
        self._board.leave(job)

    async def deliver(self, job: Job, report: Report) -> None:
        """Put the result in the placeholder's place; the complete report follows as a file when it does not fit.

        Raises:
            SlackError: Slack could not be reached or refused; calling again is safe.
        """
        message = report_message(report, private=job.brief.private)
        problems = validate_blocks(message.blocks)
        if problems:
            log.error("result breaks a limit of Slack", job=job.id, problems=problems[:3])
        async with self._ending(job):
            complete = await self._replace(job, message)
        if message.overflow or not complete:
            name = file_name(report.document_name, "smallprint", job.id)
            await self._upload(job, "report", name, COMPLETE_REPORT, report_markdown(report))

    async def compare(self, job: Job, before: Report | None, after: Report) -> None:
        """Post the comparison with an earlier report, once, under the result; complete as a file when it does not fit.

        Raises:
            SlackError: as for `deliver`.
        """
        if before is None:
            await self._post_comparison(job, nothing_to_compare_message())
            return
        comparison = compare_reports(before, after)
        message = comparison_message(comparison)
        complete = await self._post_comparison(job, message)
        if message.overflow or not complete:
            name = file_name(after.document_name, "comparison", job.id)
            await self._upload(job, "comparison-file", name, COMPARISON, comparison_markdown(comparison))

    async def fail(self, job: Job, code: str, sentence: str) -> None:
        """Put the sentence in the placeholder's place; where a yes is all that is missing, with a button for it.

        Raises:
            SlackError: as for `deliver`.
        """
        message = await self._without_result(job, code, sentence)
        async with self._ending(job):
            await self._replace(job, message)
        if code != Stopped.code:
            await self._nudge(job)

    async def sum_up(self, endings: Sequence[Ending]) -> None:
        """Post the headline over the files of one message, once, under their results.

        Raises:
            SlackError: as for `deliver`.
        """
        lines = [await self._line(ending) for ending in endings]
        first = endings[0].job
        await self._post(f"{message_id(first)}/summary", first, summary_message(lines))

    @asynccontextmanager
    async def _ending(self, job: Job) -> AsyncIterator[None]:
        async with self._board.ending(job):
            yield
        if self._status is not None:
            await self._status.clear(job)

    async def _nudge(self, job: Job) -> None:
        try:
            if self._nudges is not None:
                await self._nudges.without_result(job)
        except SmallprintError as error:  # the sentence stands, whatever becomes of the notice
            if error.retryable:
                raise
            log.warning("not notified", job=job.id, code=error.code)

    async def _show_progress(self, job: Job, progress: Progress) -> None:
        ts = await self._placeholder(job)
        await self._update(job, ts, self._progress_message(job, progress))

    def _progress_message(self, job: Job, progress: Progress) -> Message:
        button = job.id if self._stop_of else ""
        return progress_message(progress, job_id=button, now=datetime.now(UTC))

    async def _ahead(self, job: Job) -> int | None:
        try:
            return await self._ahead_of(job.id) if self._ahead_of else None
        except SmallprintError as error:  # it is posted all the same
            log.info("place not counted", job=job.id, code=error.code)
            return None

    async def _without_result(self, job: Job, code: str, sentence: str) -> Message:
        if code == CostNeedsConsent.code:
            return cost_question(sentence, job.id)
        if code == Stopped.code and self._stop_of:
            return stopped_message(await self._stop_of(job.id), job.id)
        return failure_message(sentence)

    async def _line(self, ending: Ending) -> FileLine:
        if ending.report is not None:
            return FileLine(ending.report.document_name, ending.report.risk_level)
        name = await self._name_of(ending.job) or FILE_NUMBER.format(number=ending.job.ordinal + 1)
        if ending.outcome in set(RiskLevel):
            return FileLine(name, RiskLevel(ending.outcome))
        return FileLine(name, None, ending.outcome)

    async def _replace(self, job: Job, message: Message) -> bool:
        """False when Slack did not take the blocks and only the text could be shown."""
        ts = await self._placeholder(job)
        change, post = partial(self._update, job, ts), partial(self._post, f"{job.id}/result", job)
        return await as_slack_takes_it(message, lambda shown: put_or_post(shown, change, post))

    async def _update(self, job: Job, ts: str, message: Message) -> None:
        await update(self._clients, await self._destinations.channel_of(job), ts, message)

    async def _post_comparison(self, job: Job, message: Message) -> bool:
        """False when Slack did not take the blocks and only the text could be shown."""
        return await as_slack_takes_it(message, partial(self._post, f"{job.id}/comparison", job))

    async def _upload(self, job: Job, what: str, filename: str, title: str, content: str) -> None:
        place = await self._destinations.of(job)
        await self._posts.file(f"{job.id}/{what}", place.channel, place.thread_ts, filename, title, content)

    async def _placeholder(self, job: Job, *, ahead: int | None = None) -> str:
        message = self._progress_message(job, Progress(Step.WAITING, ahead=ahead))
        return await self._post(f"{job.id}/placeholder", job, message)

    async def _post(self, tag: str, job: Job, message: Message) -> str:
        place = await self._destinations.of(job)
        return await self._posts.message(tag, place.channel, place.thread_ts, message)
