"""`/smallprint settings | forget | help`: the channel's settings in a modal, and what other verbs answer. Seen only by who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import SmallprintError
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.product_help import product_help
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.settings_modal import CALLBACK, TITLE
from smallprint.slack.modals import Modals
from smallprint.slack.settings_desk import SettingsDesk

log = structlog.get_logger()

COMMAND = "/smallprint"
SETTINGS, HELP = "settings", "help"

Verb = Callable[[Mapping[str, Any]], Awaitable[Message]]
"""Answers a command whose `text` holds the words after the verb. Raises SmallprintError with the sentence to say."""


class SmallprintListener:
    """Anything that is no verb gets the help."""

    def __init__(self, desk: SettingsDesk, modals: Modals, verbs: Mapping[str, Verb]) -> None:
        """`verbs`: those beside `settings` and `help`."""
        self._desk = desk
        self._modals = modals
        self._verbs = verbs

    def register(self, app: AsyncApp) -> None:
        app.command(COMMAND)(self.command)
        app.view(CALLBACK)(self.save)

    async def command(self, ack: AsyncAck, command: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Ack at once; the answer comes by the response URL, which works in channels that we are not in."""
        await ack()
        verb, _, rest = str(command.get("text") or "").strip().partition(" ")
        try:
            message = await self._answer(verb.casefold(), {**command, "text": rest.strip()})
        except SmallprintError as error:
            log.info("command refused", command=COMMAND, user=command["user_id"], code=error.code)
            message = answer_message(error.user_message)
        if message is not None:
            await respond(text=message.text, blocks=list(message.blocks), replace_original=False)

    async def save(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """What holds now stands in the modal then; what is wrong stands at its field."""
        work = self._desk.sent(body["user"]["id"], view)
        await self._modals.answer(ack, view["id"], TITLE, work)

    async def _answer(self, verb: str, command: Mapping[str, Any]) -> Message | None:
        """None where a modal is the answer."""
        if verb == SETTINGS:
            work = self._desk.opened(command["user_id"], command["channel_id"])
            await self._modals.open(command["trigger_id"], TITLE, work)
            return None
        if verb in self._verbs:
            return await self._verbs[verb](command)
        return product_help("" if verb == HELP else verb)
