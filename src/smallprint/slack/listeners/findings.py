"""“All findings” under a result: the modal, its pages, and the file that it posts for everybody in the thread."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import SmallprintError
from smallprint.reports.markdown import report_markdown
from smallprint.slack.blocks.all_findings import PAGE_ACTION, POST_ACTION, TITLE
from smallprint.slack.blocks.modal import said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.result_row import ALL_ACTION
from smallprint.slack.file_names import file_name
from smallprint.slack.listeners.press import Press
from smallprint.slack.modals import Modals
from smallprint.slack.posts import Posts
from smallprint.slack.results import Results
from smallprint.slack.seen_result import SeenResult

log = structlog.get_logger()

POSTED = "✅ Posted in the thread."
FILE_TITLE = "All findings"


class FindingsListener:
    """Everybody who is in the conversation may look."""

    def __init__(self, results: Results, posts: Posts, modals: Modals) -> None:
        self._results = results
        self._posts = posts
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.action(ALL_ACTION)(self.open)
        app.action(re.compile(rf"{PAGE_ACTION}_\w+"))(self.turn)
        app.action(POST_ACTION)(self.post)

    async def open(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """The first page."""
        await ack()
        press = Press.of(body)
        seen = SeenResult.of(press, press.value)
        try:
            await self._modals.open(press.trigger_id, TITLE, self._results.list_modal(seen))
        except SmallprintError as error:
            log.info("findings not shown", user=press.user, error=error.code)
            await press.answer(respond, answer_message(error.user_message))

    async def turn(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Another page in the place of this one."""
        await ack()
        page = Press.of(body).value

        async def turned() -> None:
            seen = SeenResult.read(body["view"]["private_metadata"])
            wanted = replace(seen, page=int(page) if page.isdecimal() else 0)
            await self._modals.replace(body["view"]["id"], await self._results.list_modal(wanted))

        await self._said(body, turned())

    async def post(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """The complete report as a file under the result, once, whoever presses and however often."""
        await ack()

        async def posted() -> None:
            seen = SeenResult.read(body["view"]["private_metadata"])
            await self._post(seen)
            modal = await self._results.list_modal(seen, notice=POSTED)
            await self._modals.replace(body["view"]["id"], modal)
            log.info("findings posted", analysis=seen.analysis_id, user=body["user"]["id"])

        await self._said(body, posted())

    async def _post(self, seen: SeenResult) -> None:
        report = await self._results.report(seen.analysis_id)
        tag = f"{seen.analysis_id}/findings/{seen.channel}/{seen.thread_ts}"
        name = file_name(report.document_name, "all-findings", tag)
        await self._posts.file(tag, seen.channel, seen.thread_ts, name, FILE_TITLE, report_markdown(report))

    async def _said(self, body: Mapping[str, Any], work: Awaitable[None]) -> None:
        """An error of ours as a sentence in the modal."""
        try:
            await work
        except SmallprintError as error:
            log.info("findings not shown", user=body["user"]["id"], error=error.code)
            modal = said_modal(TITLE, answer_message(error.user_message))
            await self._modals.replace(body["view"]["id"], modal)
