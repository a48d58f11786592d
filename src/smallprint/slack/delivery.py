"""How a job shows itself in its thread: one placeholder, its steps, and the result in its place.

After the placeholder everything is `chat.update` on its ts, which may be repeated without harm.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import PurePath

import structlog

from smallprint.errors import CostNeedsConsent, SlackError, SlackRefused
from smallprint.jobs.messages import message_id
from smallprint.models.domain import Ending, Job, Report, RiskLevel, Step
from smallprint.reports.comparison import compare_reports
from smallprint.reports.markdown import comparison_markdown, report_markdown
from smallprint.slack.blocks.comparison import comparison_message, nothing_to_compare_message
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import failure_message, progress_message
from smallprint.slack.blocks.repeat import cost_question
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.summary import FileLine, summary_message
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts

log = structlog.get_logger()

# chat.update is tier 3, 50 or more a minute and workspace (docs.slack.dev/apis/web-api/rate-limits):
# steps may use up to 20 at once and 20 a minute, results have the rest.
PROGRESS_BURST = 20
PROGRESS_REFILL_S = 3.0
PROGRESS_TIMEOUT_S = 5.0

FILE_NUMBER = "file {number}"
COMPLETE_REPORT = "Complete report"
COMPARISON = "Comparison"

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
TOO_MUCH = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})

NameOf = Callable[[Job], Awaitable[str]]


class ThreadDelivery:
    """Implements the jobs' Delivery."""

    def __init__(
        self,
        clients: SlackClients,
        posts: Posts,
        destinations: Destinations,
        *,
        name_of: NameOf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name_of` gives the name of a file that has no report, or an empty text."""
        self._clients = clients
        self._posts = posts
        self._destinations = destinations
        self._name_of = name_of
        self._budget = _Budget(PROGRESS_BURST, PROGRESS_REFILL_S, clock)

    async def announce(self, job: Job) -> None:
        """Post the placeholder, once.

        Raises:
            SlackError: it could not be posted.
        """
        await self._placeholder(job)

    async def progress(self, job: Job, step: Step) -> None:
        """Show the step; skipped when Slack is slow, unwilling or too often asked."""
        if not self._budget.take():
            return
        try:
            async with asyncio.timeout(PROGRESS_TIMEOUT_S):
                await self._update(job, await self._placeholder(job), progress_message(step))
        except (SlackError, TimeoutError) as error:
            log.info("step not shown", job=job.id, step=step.value, error=type(error).__name__)

    async def deliver(self, job: Job, report: Report) -> None:
        """Put the result in the placeholder's place; the complete report follows as a file when it does not fit.

        Raises:
            SlackError: Slack could not be reached or refused; calling again is safe.
        """
        message = report_message(report)
        problems = validate_blocks(message.blocks)
        if problems:
            log.error("result breaks a limit of Slack", job=job.id, problems=problems[:3])
        complete = await self._replace(job, message)
        if message.overflow or not complete:
            name = f"{_stem(report.document_name)}-smallprint-{_mark(job)}.md"
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
            name = f"{_stem(after.document_name)}-comparison-{_mark(job)}.md"
            await self._upload(job, "comparison-file", name, COMPARISON, comparison_markdown(comparison))

    async def fail(self, job: Job, code: str, sentence: str) -> None:
        """Put the sentence in the placeholder's place; where a yes is all that is missing, with a button for it.

        Raises:
            SlackError: as for `deliver`.
        """
        asks = code == CostNeedsConsent.code
        await self._replace(job, cost_question(sentence, job.id) if asks else failure_message(sentence))

    async def sum_up(self, endings: Sequence[Ending]) -> None:
        """Post the headline over the files of one message, once, under their results.

        Raises:
            SlackError: as for `deliver`.
        """
        lines = [await self._line(ending) for ending in endings]
        first = endings[0].job
        await self._post(f"{message_id(first)}/summary", first, summary_message(lines))

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
        try:
            await self._update(job, ts, message)
        except SlackRefused as refusal:
            if refusal.slack_code in GONE:
                await self._post(f"{job.id}/result", job, message)
            elif refusal.slack_code in TOO_MUCH:
                await self._update(job, ts, Message(message.text, []))
                return False
            else:
                raise
        return True

    async def _update(self, job: Job, ts: str, message: Message) -> None:
        await ask(
            self._clients.write.chat_update(
                channel=await self._destinations.channel_of(job),
                ts=ts,
                text=message.text,
                blocks=list(message.blocks),
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        )

    async def _post_comparison(self, job: Job, message: Message) -> bool:
        """False when Slack did not take the blocks and only the text could be shown."""
        tag = f"{job.id}/comparison"
        try:
            await self._post(tag, job, message)
        except SlackRefused as refusal:
            if refusal.slack_code not in TOO_MUCH:
                raise
            await self._post(tag, job, Message(message.text, []))
            return False
        return True

    async def _upload(self, job: Job, what: str, filename: str, title: str, content: str) -> None:
        place = await self._destinations.of(job)
        await self._posts.file(f"{job.id}/{what}", place.channel, place.thread_ts, filename, title, content)

    async def _placeholder(self, job: Job) -> str:
        return await self._post(f"{job.id}/placeholder", job, progress_message(Step.WAITING))

    async def _post(self, tag: str, job: Job, message: Message) -> str:
        place = await self._destinations.of(job)
        return await self._posts.message(tag, place.channel, place.thread_ts, message)


def _mark(job: Job) -> str:
    """Tells the files of one thread apart, also of a job and its repeats."""
    return hashlib.sha256(job.id.encode()).hexdigest()[:8]


def _stem(name: str) -> str:
    """A file name's stem, short and harmless: letters, digits, dashes."""
    return re.sub(r"[^\w]+", "-", PurePath(name).stem).strip("-")[:60] or "document"


class _Budget:
    """A token bucket."""

    def __init__(self, burst: int, refill_s: float, clock: Callable[[], float]) -> None:
        self._burst, self._refill_s, self._clock = burst, refill_s, clock
        self._tokens, self._since = float(burst), clock()

    def take(self) -> bool:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._since) / self._refill_s)
        self._since = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
