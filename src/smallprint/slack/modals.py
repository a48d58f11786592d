"""Opening modals before Slack's three seconds are over, and answering what people send with them.

https://docs.slack.dev/surfaces/modals: a trigger opens one modal, within 3 seconds; a submission is acked within 3.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from smallprint.errors import ModalNotOpened, SlackError, SmallprintError
from smallprint.slack.blocks.modal import Modal, loading_modal, said_modal
from smallprint.slack.blocks.prompt_answers import refusal
from smallprint.slack.client import SlackClients, ask

log = structlog.get_logger()

OPEN_WITHIN_S = 1.0
"""What is not ready by then is filled in later: Slack and the way to it need the rest."""
ACK_WITHIN_S = 2.0


class Modals:
    """Whatever the work behind a modal takes, Slack is answered in time."""

    def __init__(
        self,
        clients: SlackClients,
        *,
        open_within_s: float = OPEN_WITHIN_S,
        ack_within_s: float = ACK_WITHIN_S,
    ) -> None:
        self._clients = clients
        self._open_within_s = open_within_s
        self._ack_within_s = ack_within_s

    async def open(self, trigger_id: str, title: str, work: Coroutine[Any, Any, Modal]) -> None:
        """Open what `work` makes; when it takes long, first a modal that says so.

        Raises:
            ModalNotOpened: Slack did not show it.
            SmallprintError: of the work, as long as nothing is open. Later the modal says it.
        """
        making = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({making}, timeout=self._open_within_s)
        if done:
            await self._open(trigger_id, making.result())
            return
        try:
            view_id = await self._open(trigger_id, loading_modal(title))
        except ModalNotOpened:
            making.cancel()
            raise
        await self._fill(view_id, await _made(title, making))

    async def answer(self, ack: AsyncAck, view_id: str, title: str, work: Coroutine[Any, Any, Modal]) -> None:
        """Put what `work` makes in the place of the modal that was sent; an error of ours as its sentence."""
        making = asyncio.ensure_future(_made(title, asyncio.ensure_future(work)))
        done, _ = await asyncio.wait({making}, timeout=self._ack_within_s)
        if done:
            await ack(response_action="update", view=making.result().view())
            return
        await ack(response_action="update", view=loading_modal(title).view())
        await self._fill(view_id, await making)

    async def _open(self, trigger_id: str, modal: Modal) -> str:
        """Its id."""
        try:
            opened = await ask(self._clients.write.views_open(trigger_id=trigger_id, view=modal.view()))
        except SlackError as error:
            log.warning("modal not opened", callback=modal.callback_id, error=error.code)
            raise ModalNotOpened from error
        return str(opened["view"]["id"])

    async def _fill(self, view_id: str, modal: Modal) -> None:
        try:
            await ask(self._clients.write.views_update(view_id=view_id, view=modal.view()))
        except SlackError as error:  # perhaps closed meanwhile
            log.info("modal not filled in", callback=modal.callback_id, error=error.code)


async def _made(title: str, making: asyncio.Future[Modal]) -> Modal:
    try:
        return await making
    except SmallprintError as error:
        log.info("modal refused", title=title, error=error.code)
        return said_modal(title, refusal(error))
