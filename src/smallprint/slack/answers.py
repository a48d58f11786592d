"""How a question shows itself in its thread: points while the answer comes, and the whole answer in their place.

For four minutes at most they are streamed, since Slack ends a stream after about five; after that, and where Slack has no
streams or one breaks, the same message is updated every few seconds. The end is one chat.update, whatever came before.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from smallprint.errors import SlackError, Stopped
from smallprint.jobs.stops import NOBODY
from smallprint.models.domain import Answer, AnswerPoint, Job, Progress, Step
from smallprint.reports.answers import answer_markdown
from smallprint.slack.answer_messages import AnswerMessages
from smallprint.slack.blocks.answer import answer_message, points_blocks, points_message, sentence_message
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.stop import stopped_answer_message
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import StopOf
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts

log = structlog.get_logger()

COMPLETE_ANSWER = "Complete answer"
UPDATE_EVERY_S = 2.5
"""chat.update is tier 3, 50 or more a minute and workspace (docs.slack.dev/apis/web-api/rate-limits)."""
STATUS_EVERY_S = 90.0
"""Slack takes a status away after two minutes."""
SHOW_TIMEOUT_S = 5.0

Show = Callable[[Sequence[AnswerPoint]], Awaitable[None]]


class Status(Protocol):
    """What Slack shows beside the thread (slack/status.py)."""

    async def show(self, job: Job, progress: Progress) -> None:
        """Raises SlackError."""
        ...

    async def clear(self, job: Job) -> None: ...


@dataclass(slots=True)
class _Live:
    """What of an answer this process has shown."""

    updated_at: float = float("-inf")
    points: list[AnswerPoint] = field(default_factory=list)


class ThreadAnswers:
    """Implements the jobs' AnswerDelivery."""

    def __init__(
        self,
        clients: SlackClients,
        posts: Posts,
        destinations: Destinations,
        *,
        bot_user: str,
        status: Status | None = None,
        stop_of: StopOf | None = None,
        clock: Callable[[], float] = time.monotonic,
        update_every_s: float = UPDATE_EVERY_S,
    ) -> None:
        self._posts = posts
        self._destinations = destinations
        self._messages = AnswerMessages(clients, posts, bot_user=bot_user, clock=clock)
        self._status = status
        self._stop_of = stop_of
        self._clock = clock
        self._update_every_s = update_every_s
        self._lives: dict[str, _Live] = {}
        """Answers that come just now, and those that were stopped and not shown so yet."""

    async def announce(self, job: Job) -> None:
        """Begin the answer's message, once.

        Raises:
            SlackError: it could not be begun.
        """
        await self._messages.ts_of(job, await self._destinations.of(job))

    @asynccontextmanager
    async def live(self, job: Job) -> AsyncIterator[Show]:
        """Round the answering: what it gives shows points in the message, as far as Slack takes them in time."""
        status, live = asyncio.create_task(self._keep_status(job)), _Live()
        self._lives[job.id] = live
        try:
            yield lambda points: self._show(job, live, points)
            del self._lives[job.id]
        finally:
            status.cancel()
            with suppress(asyncio.CancelledError):
                await status
            if self._status is not None:
                await self._status.clear(job)

    async def deliver(self, job: Job, answer: Answer) -> None:
        """Put the whole answer in the message's place; complete as a file when it does not fit.

        Raises:
            SlackError: Slack could not be reached or refused; calling again is safe.
        """
        message = answer_message(answer)
        problems = validate_blocks(message.blocks)
        if problems:
            log.error("answer breaks a limit of Slack", job=job.id, problems=problems[:3])
        place = await self._destinations.of(job)
        complete = await self._messages.replace(job, place, message)
        if message.overflow or not complete:
            content = answer_markdown(job.brief.question, answer)
            name = f"answer-smallprint-{job.id[-8:]}.md"
            await self._posts.file(
                f"{job.id}/answer-file", place.channel, place.thread_ts, name, COMPLETE_ANSWER, content
            )

    async def say(self, job: Job, sentence: str) -> None:
        """A sentence instead of an answer: in the message's place, or as a message of its own.

        Raises:
            SlackError: as for `deliver`.
        """
        self._lives.pop(job.id, None)
        await self._messages.replace(job, await self._destinations.of(job), sentence_message(sentence))

    async def stopped(self, job: Job) -> None:
        """What was found by then, who stopped it, and what it had cost, in the message's place.

        Nothing of it is shown where its document is to be forgotten; after a restart there is nothing left to show.

        Raises:
            SlackError: as for `deliver`.
            DatabaseUnavailable: it is not known now.
        """
        if self._stop_of is None:
            await self.say(job, Stopped.sentence)
            return
        stop, live = await self._stop_of(job.id), self._lives.get(job.id)
        found = points_blocks(live.points) if live and live.points and stop.by != NOBODY else []
        message = stopped_answer_message(stop, found)
        await self._messages.replace(job, await self._destinations.of(job), message)
        self._lives.pop(job.id, None)

    # --- while the answer comes: best effort ------------------------------------------------------------------

    async def _show(self, job: Job, live: _Live, points: Sequence[AnswerPoint]) -> None:
        live.points += points
        try:
            async with asyncio.timeout(SHOW_TIMEOUT_S + self._update_every_s):
                place = await self._destinations.of(job)
                ts = await self._messages.ts_of(job, place)
                if await self._messages.append(job, place, ts, points_blocks(points)):
                    return
                await asyncio.sleep(max(0.0, live.updated_at + self._update_every_s - self._clock()))
                live.updated_at = self._clock()
                await self._messages.update(job, place, ts, points_message(live.points))
        except (SlackError, TimeoutError) as error:
            log.info("points not shown", job=job.id, error=type(error).__name__)

    async def _keep_status(self, job: Job) -> None:
        while self._status is not None:
            try:
                await self._status.show(job, Progress(Step.READING))
            except SlackError as error:
                log.info("status not shown", job=job.id, error=error.code)
                return
            await asyncio.sleep(STATUS_EVERY_S)
