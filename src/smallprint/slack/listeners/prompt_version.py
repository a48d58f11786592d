"""`/prompt-version <verb> …`: admins see and change which prompt version is live, tried and pinned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import ModalNotOpened, PromptError, SmallprintError
from smallprint.prompts.versions import PromptVersions
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.modal import Modal
from smallprint.slack.blocks.prompt_answers import (
    HELP,
    NOT_SHOWN,
    refusal,
    rollback_choice,
    rollback_question,
)
from smallprint.slack.blocks.prompt_modal import TITLE_SET, change_modal
from smallprint.slack.channels import Channels
from smallprint.slack.listeners.prompt_questions import PromptQuestions
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.prompt_command import PromptCommand, parse_prompt_command
from smallprint.slack.prompt_desk import Change, PromptDesk, Request
from smallprint.slack.prompt_dialogs import PromptDialogs

COMMAND = "/prompt-version"
NEEDED = {
    "set": ("agent", "version"),
    "rollback": (),
    "canary": ("agent", "version", "percent"),
    "promote": ("agent",),
    "abort": ("agent",),
    "pin": ("agent", "version", "channel"),
    "unpin": ("agent", "channel"),
}
WHICH = {
    "agent": "Which agent?",
    "version": "Which version?",
    "percent": "On how many per cent of the documents?",
    "channel": "Which channel?",
}
FOR_EXAMPLE = "{which} For example `/prompt-version {example}`."
NO_MODAL = (
    "Slack didn't let me ask you why. Please type it: `/prompt-version set {agent} {version} <reason>`."
)


class PromptVersionListener:
    """Every answer is seen only by the asker."""

    def __init__(
        self,
        prompts: PromptVersions,
        questions: PromptQuestions,
        desk: PromptDesk,
        dialogs: PromptDialogs,
        channels: Channels,
        permissions: Permissions,
        modals: Modals,
    ) -> None:
        self._prompts = prompts
        self._questions = questions
        self._desk = desk
        self._dialogs = dialogs
        self._channels = channels
        self._permissions = permissions
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.command(COMMAND)(self.prompt_version)

    async def prompt_version(self, ack: AsyncAck, command: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Ack at once, then answer through the response URL or with a modal."""
        await ack()
        asked = parse_prompt_command(command.get("text") or "")
        for message in await self._answer(asked, command):
            await respond(text=message.text, blocks=list(message.blocks), replace_original=False)

    async def _answer(self, asked: PromptCommand, command: Mapping[str, Any]) -> list[Message]:
        looks = self._questions.answers(asked.verb)
        try:
            if asked.verb == "set" and asked.version and not asked.reason:
                return await self._ask_why(asked, command)
            await self._permissions.require_admin(command["user_id"], f"{COMMAND} {asked.verb}")
            if looks:
                return await self._questions.answer(asked)
            _require(asked)
            if asked.verb == "rollback" and not asked.reason:
                return [await self._ask_rollback(asked)]
            return [await self._change(asked, command)]
        except SmallprintError as error:
            return [refusal(error, NOT_SHOWN) if looks else refusal(error)]

    async def _ask_why(self, asked: PromptCommand, command: Mapping[str, Any]) -> list[Message]:
        """The modal. Its trigger lives 3 seconds, so that nothing may come before it."""

        async def modal() -> Modal:
            await self._permissions.require_admin(command["user_id"], f"{COMMAND} set")
            channel = await self._channels.find(asked.channel) if asked.channel else ""
            return change_modal(await self._dialogs.choice(asked.agent, asked.version, channel))

        try:
            await self._modals.open(command["trigger_id"], TITLE_SET, modal())
        except ModalNotOpened as error:
            raise PromptError(NO_MODAL.format(agent=asked.agent, version=asked.version)) from error
        return []

    async def _ask_rollback(self, asked: PromptCommand) -> Message:
        """The one question. Without an agent, whose prompt it is about comes first."""
        if asked.agent:
            return rollback_question(*await self._dialogs.rollback(asked.agent, asked.version))
        moved = [agent for agent in await self._prompts.list() if agent.last and agent.last.from_version]
        if len(moved) == 1:
            return rollback_question(*await self._dialogs.rollback(moved[0].agent))
        return rollback_choice(moved)

    async def _change(self, asked: PromptCommand, command: Mapping[str, Any]) -> Message:
        change = await self._understood(asked)
        request = Request(command["user_id"], command["trigger_id"])
        return await self._dialogs.told(await self._desk.make(change, request))

    async def _understood(self, asked: PromptCommand) -> Change:
        """With the channel's id; `set … #channel` is a pin."""
        verb = "pin" if asked.verb == "set" and asked.channel else asked.verb
        channel = ""
        if asked.channel:
            find = self._channels.left if verb == "unpin" else self._channels.find
            channel = await find(asked.channel)
        return Change(verb, asked.agent, asked.version, channel, asked.percent, asked.reason, asked.override)


def _require(asked: PromptCommand) -> None:
    """Raises PromptError with an example for the first part that is missing."""
    for part in NEEDED[asked.verb]:
        if getattr(asked, part) in ("", None):
            example = next(example for verb, _, example in HELP if verb == asked.verb)
            raise PromptError(FOR_EXAMPLE.format(which=WHICH[part], example=example))
