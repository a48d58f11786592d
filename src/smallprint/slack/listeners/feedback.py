"""👍 and 👎 under a result, and the reason of a 👎. Everybody in the conversation is asked; the last thumb counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import ModalNotOpened, ReportGone, SmallprintError
from smallprint.models.domain import Feedback, Thumb
from smallprint.slack.blocks.feedback import (
    CALLBACK,
    FEEDBACK_ACTION,
    MAX_REASON,
    NOTED,
    REASON,
    TITLE,
    read_thumb,
    reason_modal,
    thanks_message,
)
from smallprint.slack.blocks.filled import FilledForm
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.text import plain, shorten
from smallprint.slack.listeners.press import Press
from smallprint.slack.modals import Modals
from smallprint.slack.seen_result import NOT_OURS, SeenResult

log = structlog.get_logger()


class FeedbackLog(Protocol):
    """Where thumbs are written down (services/database/feedback.py)."""

    async def rate(self, thumb: Feedback) -> None: ...


class FeedbackListener:
    """A 👎 counts from the press on: who closes the modal has still said it."""

    def __init__(self, thumbs: FeedbackLog, modals: Modals) -> None:
        self._thumbs = thumbs
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.action(FEEDBACK_ACTION)(self.rate)
        app.view(CALLBACK)(self.explain)

    async def rate(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """One of the two buttons."""
        await ack()
        press = Press.of(body)
        try:
            await self._rate(press, respond)
        except SmallprintError as error:
            log.info("thumb refused", user=press.user, error=error.code)
            await press.answer(respond, answer_message(error.user_message))

    async def explain(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """The reason of a 👎."""
        reason = shorten(plain(FilledForm(view).typed(REASON)), MAX_REASON)
        work = self._explained(body["user"]["id"], view, reason)
        await self._modals.answer(ack, view["id"], TITLE, work)

    async def _rate(self, press: Press, respond: AsyncRespond) -> None:
        read = read_thumb(press.value)
        if read is None:
            raise ReportGone(NOT_OURS)
        thumb, analysis_id = read
        await self._write(press.user, analysis_id, thumb, f"press/{press.trigger_id}")
        if thumb is Thumb.DOWN:
            try:
                await self._modals.open(press.trigger_id, TITLE, _asking(press, analysis_id))
            except ModalNotOpened:
                log.info("reason not asked for", user=press.user)
            else:
                return
        await press.answer(respond, thanks_message(thumb))

    async def _explained(self, user: str, view: Mapping[str, Any], reason: str) -> Modal:
        seen = SeenResult.read(view["private_metadata"])
        if reason:
            await self._write(user, seen.analysis_id, Thumb.DOWN, f"view/{view['id']}", reason)
        return said_modal(TITLE, answer_message(NOTED))

    async def _write(
        self, user: str, analysis_id: str, thumb: Thumb, request_id: str, reason: str = ""
    ) -> None:
        await self._thumbs.rate(Feedback(analysis_id, user, thumb, reason, request_id, datetime.now(UTC)))
        log.info("thumb", analysis=analysis_id, thumb=thumb.value, user=user)


async def _asking(press: Press, analysis_id: str) -> Modal:
    return reason_modal(str(SeenResult.of(press, analysis_id)))
