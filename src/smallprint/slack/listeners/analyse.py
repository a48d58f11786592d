"""`/analyse <link | text> [wishes]`, and `/analyse` alone, which opens a modal for the same."""

from __future__ import annotations

import asyncio
import hashlib
import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import ModalNotOpened, SmallprintError
from smallprint.jobs.intake import IntakeStopped
from smallprint.slack.ask_dialog import AskDialog
from smallprint.slack.asking import Asked, Asking, Begun
from smallprint.slack.blocks.ask_modal import CALLBACK, TITLE
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import analyse_help, answer_message, wishes_help
from smallprint.slack.blocks.wishes import understood
from smallprint.slack.listeners.repeat import STOPPING
from smallprint.slack.modals import Modals
from smallprint.slack.references import WebReference, parse_reference
from smallprint.slack.wishes import parse_wishes

log = structlog.get_logger()

COMMAND = "/analyse"
CHECKING = "One moment, I'm looking at that."
ACCEPTED_LINK = "On it: I'm fetching that document. The answer comes in a thread in this channel."
ACCEPTED_ONE = "On it. The answer comes in a thread in this channel."
ACCEPTED_MANY = "On it: {count} files. The answers come in a thread in this channel."
ACCEPTED_PRIVATELY = "On it. The answer comes to you alone, in our direct messages."

# Slack shows an error to the user when a command is not acked within 3 seconds
# (docs.slack.dev/interactivity/implementing-slash-commands).
ACK_WITHIN_S = 2.0
A_DOCUMENT = 200
"""Characters: a text without a link that is as long as this is not a misspelt command but the document itself."""


class AnalyseListener:
    """Checks what was asked, writes the jobs down, and only then says that it will."""

    def __init__(self, asking: Asking, dialog: AskDialog, modals: Modals) -> None:
        self._asking = asking
        self._dialog = dialog
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.command(COMMAND)(self.analyse)
        app.view(CALLBACK)(self.filled)

    async def analyse(self, ack: AsyncAck, command: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Answer within Slack's 3 seconds, whatever the checks take."""
        if not (command.get("text") or "").strip():
            await ack()
            await self._open(command, respond)
            return
        checks = asyncio.ensure_future(self._answer(command))
        done, _ = await asyncio.wait({checks}, timeout=ACK_WITHIN_S)
        if done:
            message = checks.result()
            await ack(text=message.text, blocks=list(message.blocks))
            return
        await ack(text=CHECKING)
        message = await checks
        await respond(text=message.text, blocks=list(message.blocks), replace_original=False)

    async def filled(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """What is wrong stands at its field; otherwise the modal says that it begins."""
        await self._modals.answer(ack, view["id"], TITLE, self._dialog.sent(body, view))

    async def _open(self, command: Mapping[str, Any], respond: AsyncRespond) -> None:
        try:
            await self._modals.open(command["trigger_id"], TITLE, self._dialog.opened(command["channel_id"]))
        except ModalNotOpened:
            message = analyse_help()
            await respond(text=message.text, blocks=list(message.blocks), replace_original=False)

    async def _answer(self, command: Mapping[str, Any]) -> Message:
        asked = _asked(command)
        if isinstance(asked, Message):
            return asked
        try:
            begun = await self._asking.ask(asked)
        except (SmallprintError, IntakeStopped) as error:
            log.info("command refused", command=COMMAND, user=asked.user, error=type(error).__name__)
            return answer_message(error.user_message if isinstance(error, SmallprintError) else STOPPING)
        return answer_message(f"{_accepted(asked, begun)} {understood(begun.brief)}")


def _asked(command: Mapping[str, Any]) -> Asked | Message:
    """What is asked for: a document behind a link, or the text itself; or the help for what is neither."""
    text = str(command.get("text") or "")
    wishes = parse_wishes(text)
    reference = parse_reference(wishes.reference)
    asked = Asked(
        f"cmd-{hashlib.sha256(command['trigger_id'].encode()).hexdigest()[:24]}",
        command["user_id"],
        command["team_id"],
        command["channel_id"],
    )
    if reference is not None and not wishes.unknown:
        return replace(asked, reference=reference, brief=wishes.brief)
    if len(text) >= A_DOCUMENT:  # what a document says is nobody's wish, and a link in it not what is meant
        return replace(asked, text=html.unescape(text))
    # an analysis of something else than was wished for would be paid for nothing
    return analyse_help() if reference is None else wishes_help(wishes.unknown)


def _accepted(asked: Asked, begun: Begun) -> str:
    if begun.brief.private:
        return ACCEPTED_PRIVATELY
    if isinstance(asked.reference, WebReference):
        return ACCEPTED_LINK
    return ACCEPTED_ONE if begun.count == 1 else ACCEPTED_MANY.format(count=begun.count)
