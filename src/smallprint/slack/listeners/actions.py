"""“What was read” of a result. The answer is seen only by who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import ReportGone, SmallprintError
from smallprint.models.domain import Report
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.receipt import RECEIPT_ACTION, receipt_message
from smallprint.slack.listeners.press import Press

log = structlog.get_logger()

NOT_KEPT = ReportGone.sentence


class ReportSource(Protocol):
    """Finished reports (services/database/analyses.py)."""

    async def report(self, analysis_id: str) -> Report | None: ...


class ActionListeners:
    """What was read of a document: from the menu under a result, or from the button that results of earlier releases have.

    Who can press it is in the conversation that has the result.
    """

    def __init__(self, reports: ReportSource) -> None:
        self._reports = reports

    def register(self, app: AsyncApp) -> None:
        app.action(RECEIPT_ACTION)(self.receipt)

    async def receipt(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """The button."""
        await ack()
        press = Press.of(body)
        try:
            await self.read(press, press.value, respond)
        except SmallprintError as error:
            await press.answer(respond, answer_message(error.user_message))

    async def read(self, press: Press, analysis_id: str, respond: AsyncRespond) -> None:
        """The menu's entry. Raises ReportGone or another error of ours."""
        report = await self._reports.report(analysis_id)
        if report is None:
            raise ReportGone
        await press.answer(respond, receipt_message(report))
        log.info("receipt shown", user=press.user)
