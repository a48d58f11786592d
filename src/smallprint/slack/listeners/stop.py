"""The Stop button of a running job: on disk before Slack gets its ack, so that no press is lost that Slack took for done."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import SmallprintError
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.stop import ANSWERS, STOP_ACTION
from smallprint.slack.listeners.press import Press
from smallprint.slack.stopping import Stopping

log = structlog.get_logger()

ACK_WITHIN_S = 1.5
"""Slack shows an error after three seconds; whether somebody is an admin may have to be asked of Slack."""


class StopListener:
    """What becomes of the job shows itself in the placeholder's place; who pressed also gets an answer."""

    def __init__(self, stopping: Stopping) -> None:
        self._stopping = stopping

    def register(self, app: AsyncApp) -> None:
        app.action(STOP_ACTION)(self.stop)

    async def stop(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Pressed twice, or by two, it is one stop."""
        press = Press.of(body)
        stopping = asyncio.ensure_future(self._stopped(press))
        await asyncio.wait({stopping}, timeout=ACK_WITHIN_S)
        await ack()
        await press.answer(respond, answer_message(await stopping))

    async def _stopped(self, press: Press) -> str:
        """What is said of it."""
        try:
            return ANSWERS[await self._stopping.stop(press.value, press.user)]
        except SmallprintError as error:
            log.info("stop refused", user=press.user, code=error.code)
            return error.user_message
