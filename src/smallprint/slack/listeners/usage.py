"""`/usage …`: what was asked of the AI and what it cost, and the budgets. Seen only by who asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import NotAllowed, SmallprintError
from smallprint.reports.usage import UsageQuestion, read_question
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.usage import CHART_ACTION, NO_CHART, SENT
from smallprint.slack.listeners.press import Press
from smallprint.slack.usage_answers import COMMAND, Asker, UsageAnswers
from smallprint.slack.usage_charts import UsageCharts

log = structlog.get_logger()

ADMINS_ONLY = (
    "Only admins set limits. Please ask one of them, or whoever runs Smallprint to add you to ADMIN_USERS."
)


class UsageListener:
    """The command, and the button under its answer."""

    def __init__(self, answers: UsageAnswers, charts: UsageCharts) -> None:
        self._answers = answers
        self._charts = charts

    def register(self, app: AsyncApp) -> None:
        app.command(COMMAND)(self.usage)
        app.action(CHART_ACTION)(self.chart)

    async def usage(self, ack: AsyncAck, command: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Ack at once, then answer through the response URL, which works in channels that we are not in."""
        await ack()
        asker = Asker(command["user_id"], command["channel_id"], command["trigger_id"])
        message = await self._answer(command.get("text") or "", asker)
        await respond(text=message.text, blocks=list(message.blocks), replace_original=False)

    async def chart(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """The same question once more, as a picture in the asker's direct messages."""
        await ack()
        press = Press.of(body)
        question = read_question(press.value.split()) or UsageQuestion()
        try:
            table = await self._answers.table(question, Asker(press.user, press.channel))
            sent = await self._charts.send(table, press.user)
        except SmallprintError as error:
            log.info("chart not sent", user=press.user, error=error.code)
            await press.answer(respond, answer_message(error.user_message))
            return
        await press.answer(respond, answer_message(SENT if sent else NO_CHART))

    async def _answer(self, text: str, asker: Asker) -> Message:
        try:
            return await self._answers.answer(text, asker)
        except NotAllowed:
            return answer_message(ADMINS_ONLY)
        except SmallprintError as error:
            log.info("usage not shown", user=asker.user, error=error.code)
            return answer_message(error.user_message)
