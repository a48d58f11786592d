""" "Share to channel" under a private result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import NotAllowed, ReportGone, SmallprintError
from smallprint.models.domain import ASKING, Decisions, Job, Report
from smallprint.slack.asking import Asked, Asking
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.share import SHARE_ACTION, shared_by
from smallprint.slack.listeners.press import Press
from smallprint.slack.posts import Posts

log = structlog.get_logger()

SHARED_TAG = "shared"
"""Of the post in the channel where it was asked."""

NOT_YOURS = "Only who asked for a private analysis can share it."
SHARED = "Shared: it stands in the channel where you asked."


class JobRecord(Protocol):
    """services/database/jobs.py."""

    async def get(self, job_id: str) -> Job | None: ...


class Reports(Protocol):
    """services/database/analyses.py."""

    async def report(self, analysis_id: str) -> Report | None: ...


class DecisionSource(Protocol):
    """services/database/feedback.py."""

    async def decisions(self, analysis_id: str) -> Decisions: ...


class ShareListener:
    """Posts the result once, however often the button is pressed."""

    def __init__(
        self, record: JobRecord, reports: Reports, decisions: DecisionSource, asking: Asking, posts: Posts
    ) -> None:
        self._record = record
        self._reports = reports
        self._decisions = decisions
        self._asking = asking
        self._posts = posts

    def register(self, app: AsyncApp) -> None:
        app.action(SHARE_ACTION)(self.share)

    async def share(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """The answer is seen by who pressed."""
        await ack()
        press = Press.of(body)
        try:
            await self._share(press)
            sentence = SHARED
        except SmallprintError as error:
            log.info("not shared", user=press.user, code=error.code)
            sentence = error.user_message
        await press.answer(respond, answer_message(sentence))

    async def _share(self, press: Press) -> None:
        job = await self._record.get(press.value)
        report = await self._reports.report(press.value)
        if job is None or report is None:
            raise ReportGone
        if job.user != press.user:
            raise NotAllowed(NOT_YOURS)
        await self._require_room(job)
        result = report_message(report, await self._decisions.decisions(job.id))
        message = Message(result.text, [shared_by(job.user), *result.blocks])
        await self._posts.message(f"{job.id}/{SHARED_TAG}", job.channel, job.thread_ts or None, message)
        log.info("private result shared", job=job.id)

    async def _require_room(self, job: Job) -> None:
        """Who else hears us there did not matter while an answer that somebody asked for was private.

        Raises:
            NotAllowed, NotInChannel, SlackUnavailable, DatabaseUnavailable.
        """
        if job.trigger in ASKING:
            await self._asking.require_may_ask(Asked("", job.user, job.team, job.channel))
        else:
            await self._asking.require_presence(job.channel)
