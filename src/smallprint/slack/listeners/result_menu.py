"""The ⋯ menu under a result: the chosen entry goes to who registered its verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import SmallprintError
from smallprint.jobs.intake import IntakeStopped
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.result_menu import RESULT_MENU_ACTION, read_choice
from smallprint.slack.listeners.press import Press
from smallprint.slack.listeners.repeat import STOPPING

log = structlog.get_logger()

UNKNOWN_ENTRY = "I don't know this entry any more. Please share the file again for a new result."


class Handler(Protocol):
    """What an entry of the menu does. Slack is acked already.

    An error of ours that it raises is answered with its sentence, seen only by who chose.
    """

    async def __call__(self, press: Press, analysis_id: str, respond: AsyncRespond, /) -> None: ...


class ResultMenuListener:
    """`handlers`: verb of an entry → what it does."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers

    def register(self, app: AsyncApp) -> None:
        app.action(RESULT_MENU_ACTION)(self.choose)

    async def choose(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """One visible answer to every choice."""
        await ack()
        press = Press.of(body)
        verb, analysis_id = read_choice(press.value)
        handler = self._handlers.get(verb)
        if handler is None:
            log.warning("unknown entry of the menu", user=press.user)
            await press.answer(respond, answer_message(UNKNOWN_ENTRY))
            return
        try:
            await handler(press, analysis_id, respond)
        except (SmallprintError, IntakeStopped) as error:
            sentence = error.user_message if isinstance(error, SmallprintError) else STOPPING
            log.info("menu refused", user=press.user, verb=verb, error=type(error).__name__)
            await press.answer(respond, answer_message(sentence))
