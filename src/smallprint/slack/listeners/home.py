"""The App Home: published anew whenever somebody opens it, with buttons that ask what the commands ask.

A button can't type a command, and a home has no thread to answer in: the answer comes as a modal.
Beside it is the tab with the messages, where we suggest what could be asked.
https://docs.slack.dev/reference/events/app_home_opened
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from smallprint.errors import ModalNotOpened, SlackError, SmallprintError
from smallprint.slack.blocks.home import PROMPTS, SHOW_ACTION, home_view, unreadable_home
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.prompt_answers import NOT_SHOWN, refusal
from smallprint.slack.blocks.prompt_list import prompt_list
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.home_contents import HomeContents, PromptList
from smallprint.slack.listeners.press import Press
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.usage_answers import Asker, UsageAnswers

log = structlog.get_logger()

EVENT = "app_home_opened"
USAGE, PROMPT_VERSIONS = "Usage", "Prompt versions"
HOME_TAB, MESSAGES_TAB = "home", "messages"

SUGGESTIONS_TITLE = "Share a document here, or ask me:"
SUGGESTIONS = (
    ("What can you read?", "What can you read, and what do you look for?"),
    (
        "How do you check yourself?",
        "How do you make sure that a quotation really stands in the document?",
    ),
    ("What do you store?", "What do you store of my documents, and how do I have them forgotten?"),
)
"""What stands on the button, and what it writes to us; at most four, the same as in manifest.yaml.
https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts"""


class HomeListener:
    """What a person sees is asked for each time: rights and figures may have changed."""

    def __init__(
        self,
        clients: SlackClients,
        contents: HomeContents,
        answers: UsageAnswers,
        prompts: PromptList,
        permissions: Permissions,
        modals: Modals,
    ) -> None:
        self._clients = clients
        self._contents = contents
        self._answers = answers
        self._prompts = prompts
        self._permissions = permissions
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.event(EVENT)(self.opened)
        app.action(re.compile(rf"{SHOW_ACTION}_\d+"))(self.show)

    async def opened(self, event: Mapping[str, Any]) -> None:
        """Of either tab: the home is published, the one with the messages gets suggestions."""
        if event.get("tab") == MESSAGES_TAB:
            await self._suggest(str(event.get("channel") or ""))
        elif event.get("tab") == HOME_TAB:
            await self._publish(event)

    async def _publish(self, event: Mapping[str, Any]) -> None:
        began = time.monotonic()
        view = await self._view(event["user"])
        try:
            await ask(self._clients.write.views_publish(user_id=event["user"], view=view))
        except SlackError as error:
            log.warning("home not published", user=event["user"], error=error.code)
            return
        log.info("home published", user=event["user"], seconds=round(time.monotonic() - began, 3))

    async def _suggest(self, channel: str) -> None:
        """Best effort: an app that was installed before it could do this lacks the permission."""
        prompts = [{"title": title, "message": message} for title, message in SUGGESTIONS]
        try:
            await ask(
                self._clients.write.assistant_threads_setSuggestedPrompts(
                    channel_id=channel, title=SUGGESTIONS_TITLE, prompts=prompts
                )
            )
        except SlackError as error:
            log.info("nothing suggested", channel=channel, error=error.code)

    async def show(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """One of the buttons: its value is what would be typed."""
        await ack()
        press = Press.of(body)
        title = PROMPT_VERSIONS if press.value == PROMPTS else USAGE
        try:
            await self._modals.open(press.trigger_id, title, self._shown(press, title))
        except ModalNotOpened:
            log.info("nothing shown", user=press.user, action=press.action)

    async def _view(self, user: str) -> dict[str, Any]:
        try:
            return home_view(await self._contents.of(user))
        except SmallprintError as error:
            log.warning("home not shown", user=user, error=error.code)
            return unreadable_home(error.user_message)

    async def _shown(self, press: Press, title: str) -> Modal:
        try:
            return said_modal(title, await self._said(press))
        except SmallprintError as error:
            return said_modal(title, refusal(error, NOT_SHOWN))

    async def _said(self, press: Press) -> Message:
        if press.value != PROMPTS:
            return await self._answers.answer(press.value, Asker(press.user))
        await self._permissions.require_admin(press.user, press.action)
        return prompt_list(await self._prompts.list(), datetime.now(UTC))
