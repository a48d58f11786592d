"""Opening modals before Slack's three seconds are over, and answering what people send with them.

https://docs.slack.dev/surfaces/modals: a trigger opens one modal, within 3 seconds; a submission is acked within 3.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from smallprint.errors import ModalNotOpened, SlackError, SmallprintError
from smallprint.slack.blocks.modal import Modal, loading_modal, said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.prompt_answers import refusal
from smallprint.slack.client import SlackClients, ask

log = structlog.get_logger()

OPEN_WITHIN_S = 1.0
"""What is not ready by then is filled in later: Slack and the way to it need the rest."""
ACK_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """What is wrong with what was filled in: block_id → a sentence that stands at the field."""

    sentences: Mapping[str, str]


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

    async def open(
        self, trigger_id: str, title: str, work: Coroutine[Any, Any, Modal], *, above: bool = False
    ) -> None:
        """Open what `work` makes; when it takes long, first a modal that says so. `above`: on the modal that was pressed.

        Raises:
            ModalNotOpened: Slack did not show it.
            SmallprintError: of the work, as long as nothing is open. Later the modal says it.
        """
        making = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({making}, timeout=self._open_within_s)
        if done:
            await self._open(trigger_id, making.result(), above=above)
            return
        try:
            view_id = await self._open(trigger_id, loading_modal(title), above=above)
        except ModalNotOpened:
            making.cancel()
            raise
        await self._fill(view_id, _as_modal(title, await _made(title, making)))

    async def answer(
        self, ack: AsyncAck, view_id: str, title: str, work: Coroutine[Any, Any, Modal | FieldErrors]
    ) -> None:
        """Put what `work` makes in the place of the modal that was sent; an error of ours as its sentence.

        What is wrong with a field stands at the field; when that comes too late for Slack, in the modal's place.
        """
        making = asyncio.ensure_future(_made(title, asyncio.ensure_future(work)))
        done, _ = await asyncio.wait({making}, timeout=self._ack_within_s)
        if done:
            await _ack_with(ack, making.result())
            return
        await ack(response_action="update", view=loading_modal(title).view())
        made = await making
        await self._fill(view_id, _as_modal(title, made))

    async def close(self, ack: AsyncAck, view_id: str, title: str, work: Coroutine[Any, Any, Modal]) -> None:
        """Close the modal that was sent once the work is done: what it makes is shown only when that took long.

        An error of ours is shown in the modal's place, as its sentence.
        """
        making = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({making}, timeout=self._ack_within_s)
        if not done:
            await ack(response_action="update", view=loading_modal(title).view())
            await self._fill(view_id, _as_modal(title, await _made(title, making)))
        elif isinstance(making.exception(), SmallprintError):
            await _ack_with(ack, await _made(title, making))
        else:
            making.result()
            await ack()

    async def replace(self, view_id: str, modal: Modal) -> None:
        """Show something else in an open modal; nothing happens where somebody closed it."""
        await self._fill(view_id, modal)

    async def _open(self, trigger_id: str, modal: Modal, *, above: bool = False) -> str:
        """Its id."""
        opening = self._clients.write.views_push if above else self._clients.write.views_open
        try:
            opened = await ask(opening(trigger_id=trigger_id, view=modal.view()))
        except SlackError as error:
            log.warning("modal not opened", callback=modal.callback_id, error=error.code)
            raise ModalNotOpened from error
        return str(opened["view"]["id"])

    async def _fill(self, view_id: str, modal: Modal) -> None:
        try:
            await ask(self._clients.write.views_update(view_id=view_id, view=modal.view()))
        except SlackError as error:  # perhaps closed meanwhile
            log.info("modal not filled in", callback=modal.callback_id, error=error.code)


async def _made(title: str, making: Awaitable[Modal | FieldErrors]) -> Modal | FieldErrors:
    try:
        return await making
    except SmallprintError as error:
        log.info("modal refused", title=title, error=error.code)
        return said_modal(title, refusal(error))


async def _ack_with(ack: AsyncAck, made: Modal | FieldErrors) -> None:
    if isinstance(made, FieldErrors):
        await ack(response_action="errors", errors=dict(made.sentences))
    else:
        await ack(response_action="update", view=made.view())


def _as_modal(title: str, made: Modal | FieldErrors) -> Modal:
    if isinstance(made, FieldErrors):
        return said_modal(title, answer_message(" ".join(made.sentences.values())))
    return made
