"""`/prompt-version list | show | set | rollback`: admins see and change which prompt is live."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import PromptError, SmallprintError
from smallprint.prompts.versions import PromptVersions
from smallprint.slack.blocks import prompts as blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.permissions import Permissions

log = structlog.get_logger()

COMMAND = "/prompt-version"
NEEDS_AGENT = "Which agent? For example `/prompt-version {verb} document_analysis`."
NEEDS_VERSION = "Which version? For example `/prompt-version set document_analysis v2 clearer wording`."
NEEDS_REASON = "Please add why, it goes into the log: `/prompt-version set {agent} {version} <reason>`."
ROLLED_BACK = "rolled back from Slack"


class PromptVersionListener:
    """One method per verb; every answer is seen only by the asker."""

    def __init__(self, prompts: PromptVersions, permissions: Permissions) -> None:
        self._prompts = prompts
        self._permissions = permissions
        self._verbs = {"list": self._list, "show": self._show, "set": self._set, "rollback": self._rollback}

    def register(self, app: AsyncApp) -> None:
        app.command(COMMAND)(self.prompt_version)

    async def prompt_version(self, ack: AsyncAck, command: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Ack at once, then answer through the response URL."""
        await ack()
        for message in await self._answer(command):
            await respond(text=message.text, blocks=list(message.blocks), replace_original=False)

    async def _answer(self, command: Mapping[str, Any]) -> list[Message]:
        user = command["user_id"]
        verb, _, rest = (command.get("text") or "").strip().partition(" ")
        try:
            if not await self._permissions.is_admin(user):
                log.warning("refused", command=COMMAND, user=user, verb=verb.lower()[:20])
                return [blocks.prompt_refused()]
            handler = self._verbs.get(verb.lower())
            return [blocks.prompt_help()] if handler is None else await handler(rest.split(), command)
        except SmallprintError as error:
            return [blocks.prompt_unchanged(error.user_message)]

    async def _list(self, words: list[str], command: Mapping[str, Any]) -> list[Message]:
        return [blocks.prompt_list(await self._prompts.list(words[0] if words else None), datetime.now(UTC))]

    async def _show(self, words: list[str], command: Mapping[str, Any]) -> list[Message]:
        if not words:
            raise PromptError(NEEDS_AGENT.format(verb="show"))
        shown = await self._prompts.show(words[0], words[1] if len(words) > 1 else None)
        message = blocks.prompt_shown(shown, datetime.now(UTC))
        return [message, *(blocks.prompt_text(shown) if message.overflow else ())]

    async def _set(self, words: list[str], command: Mapping[str, Any]) -> list[Message]:
        if not words:
            raise PromptError(NEEDS_AGENT.format(verb="set"))
        if len(words) == 1:
            raise PromptError(NEEDS_VERSION)
        agent, version, *reason = words
        if not reason:
            raise PromptError(NEEDS_REASON.format(agent=agent, version=version))
        activation = await self._prompts.set(
            agent,
            version,
            actor=command["user_id"],
            reason=" ".join(reason),
            request_id=command["trigger_id"],
        )
        log.info("prompt set", agent=agent, version=version, user=command["user_id"])
        return [blocks.prompt_changed(activation)]

    async def _rollback(self, words: list[str], command: Mapping[str, Any]) -> list[Message]:
        if not words:
            raise PromptError(NEEDS_AGENT.format(verb="rollback"))
        agent, *reason = words
        activation = await self._prompts.rollback(
            agent,
            actor=command["user_id"],
            reason=" ".join(reason) or ROLLED_BACK,
            request_id=command["trigger_id"],
        )
        log.info("prompt rolled back", agent=agent, user=command["user_id"])
        return [blocks.prompt_changed(activation)]
