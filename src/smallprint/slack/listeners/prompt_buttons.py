"""Buttons under what `/prompt-version` answered, and Undo in the admins' channel. Each checks the rights again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import SlackError, SmallprintError
from smallprint.models.domain import Activation
from smallprint.slack.blocks.announcement import UNDO_ACTION, undone
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.modal import Modal
from smallprint.slack.blocks.prompt_answers import (
    NOT_SHOWN,
    ROLL_BACK_NOW_ACTION,
    ROLLBACK_ACTION,
    refusal,
    rollback_question,
)
from smallprint.slack.blocks.prompt_history import NEWEST_ACTION, OLDER_ACTION
from smallprint.slack.blocks.prompt_list import SET_ACTION
from smallprint.slack.blocks.prompt_modal import TITLE_SET, change_modal
from smallprint.slack.carried import Carried
from smallprint.slack.client import SlackClients
from smallprint.slack.listeners.press import Press
from smallprint.slack.listeners.prompt_questions import PromptQuestions
from smallprint.slack.messages import update
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.prompt_desk import Change, PromptDesk, Request
from smallprint.slack.prompt_dialogs import PromptDialogs

log = structlog.get_logger()


class PromptButtons:
    """What was shown may be old: whoever changes something says which state they saw."""

    def __init__(
        self,
        clients: SlackClients,
        questions: PromptQuestions,
        desk: PromptDesk,
        dialogs: PromptDialogs,
        permissions: Permissions,
        modals: Modals,
    ) -> None:
        self._clients = clients
        self._questions = questions
        self._desk = desk
        self._dialogs = dialogs
        self._permissions = permissions
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.action(re.compile(rf"{SET_ACTION}_\d+"))(self.set_live)
        app.action(re.compile(rf"{ROLLBACK_ACTION}(_\d+)?"))(self.roll_back)
        app.action(ROLL_BACK_NOW_ACTION)(self.roll_back_now)
        app.action(OLDER_ACTION)(self.turn_page)
        app.action(NEWEST_ACTION)(self.turn_page)
        app.action(UNDO_ACTION)(self.undo)

    async def set_live(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """“Set v3 live…” in the list: the modal that asks why, with what is live now."""
        await ack()
        press = Press.of(body)

        async def modal() -> Modal:
            await self._permissions.require_admin(press.user, press.action)
            wanted = Carried.read(press.value)
            return change_modal(await self._dialogs.choice(wanted.agent, f"v{wanted.version}"))

        await self._answered(press, respond, self._modals.open(press.trigger_id, TITLE_SET, modal()))

    async def roll_back(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """“Roll back…” in the list: the one question."""
        await ack()
        press = Press.of(body)

        async def asked() -> None:
            await self._permissions.require_admin(press.user, press.action)
            question = rollback_question(*await self._dialogs.rollback(Carried.read(press.value).agent))
            await press.answer(respond, question)

        await self._answered(press, respond, asked())

    async def roll_back_now(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """The yes to that question; what was done stands in its place."""
        await ack()
        press = Press.of(body)

        async def gone_back() -> None:
            await self._permissions.require_admin(press.user, press.action)
            seen = Carried.read(press.value)
            change = Change("rollback", seen.agent, f"v{seen.version}", after=seen.activation)
            made = await self._desk.make(
                change, Request(press.user, f"rollback/{seen.agent}/{seen.activation}")
            )
            await press.answer(respond, await self._dialogs.told(made), instead=True)

        await self._answered(press, respond, gone_back(), instead=True)

    async def turn_page(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """“Older” and “Newest” under the history: another page in its place."""
        await ack()
        press = Press.of(body)

        async def turned() -> None:
            await self._permissions.require_admin(press.user, press.action)
            wanted = Carried.read(press.value)
            page = await self._questions.page(wanted.agent, wanted.activation)
            await press.answer(respond, page, instead=True)

        await self._answered(press, respond, turned(), title=NOT_SHOWN)

    async def undo(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Takes back what an announcement tells, once; the announcement then says who did."""
        await ack()
        press = Press.of(body)

        async def taken_back() -> None:
            await self._permissions.require_admin(press.user, press.action)
            await self._show_undone(press, await self._desk.undo(Carried.read(press.value), press.user))

        await self._answered(press, respond, taken_back())

    async def _answered(
        self,
        press: Press,
        respond: AsyncRespond,
        work: Awaitable[None],
        *,
        title: str = "",
        instead: bool = False,
    ) -> None:
        try:
            await work
        except SmallprintError as error:
            log.info("button refused", user=press.user, action=press.action, error=error.code)
            message = refusal(error, title) if title else refusal(error)
            await press.answer(respond, message, instead=instead)

    async def _show_undone(self, press: Press, undo: Activation) -> None:
        """Best effort: the change is undone anyway, and the next press shows it."""
        who = await self._permissions.name_of(undo.actor)
        message = Message(press.text, undone(press.blocks, undo, who))
        try:
            await update(self._clients, press.channel, press.message_ts, message)
        except SlackError as error:
            log.warning("announcement not updated", activation=undo.id, error=error.code)
