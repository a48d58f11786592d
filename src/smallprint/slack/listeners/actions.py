"""Buttons under a result. The answer is seen only by who pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import SmallprintError
from smallprint.models.domain import Report
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.receipt import RECEIPT_ACTION, receipt_message
from smallprint.slack.listeners.press import Press

log = structlog.get_logger()

ACTIONS = (RECEIPT_ACTION,)
NOT_KEPT = "I don't keep this report any more. Please share the file again."


class ReportSource(Protocol):
    """Finished reports (services/database/analyses.py)."""

    async def report(self, analysis_id: str) -> Report | None: ...


class ActionListeners:
    """A button carries the analysis's id; who can press it is in the conversation that has the result."""

    def __init__(self, reports: ReportSource) -> None:
        self._reports = reports

    def register(self, app: AsyncApp) -> None:
        app.action(RECEIPT_ACTION)(self.receipt)

    async def receipt(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """What was read of the document and what was not."""
        await ack()
        press = Press.of(body)
        await press.answer(respond, await self._receipt(press.value))
        log.info("receipt shown", user=press.user)

    async def _receipt(self, analysis_id: str) -> Message:
        try:
            report = await self._reports.report(analysis_id)
        except SmallprintError as error:
            return answer_message(error.user_message)
        return receipt_message(report) if report is not None else answer_message(NOT_KEPT)
