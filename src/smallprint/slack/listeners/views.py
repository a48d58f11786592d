"""Modals that people send. Rights are checked again: minutes may have passed, and another may be at the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from smallprint.errors import GateRefused
from smallprint.slack.blocks.filled import FilledForm
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.prompt_modal import (
    CALLBACK,
    NEEDS_REASON,
    OVERRIDE,
    REASON,
    TITLE_PIN,
    TITLE_SET,
    change_modal,
)
from smallprint.slack.carried import Carried
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.prompt_command import spoken
from smallprint.slack.prompt_desk import Change, PromptDesk, Request
from smallprint.slack.prompt_dialogs import PromptDialogs

log = structlog.get_logger()


class PromptModalListener:
    """The modal's id names the request: sent twice, it is one change."""

    def __init__(
        self, desk: PromptDesk, dialogs: PromptDialogs, permissions: Permissions, modals: Modals
    ) -> None:
        self._desk = desk
        self._dialogs = dialogs
        self._permissions = permissions
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.view(CALLBACK)(self.change)

    async def change(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """What was done stands in the modal then; so does why not."""
        reason = spoken(FilledForm(view).typed(REASON))
        if not reason:
            await ack(response_action="errors", errors={REASON: NEEDS_REASON})
            return
        title = TITLE_PIN if "channel" in view["private_metadata"] else TITLE_SET
        work = self._changed(body["user"]["id"], view, reason, title)
        await self._modals.answer(ack, view["id"], title, work)

    async def _changed(self, user: str, view: Mapping[str, Any], reason: str, title: str) -> Modal:
        await self._permissions.require_admin(user, CALLBACK)
        seen = Carried.read(view["private_metadata"])
        change = Change(
            seen.verb,
            seen.agent,
            f"v{seen.version}",
            seen.channel,
            reason=reason,
            override=bool(FilledForm(view).ticked(OVERRIDE)),
            after=seen.activation or None,
        )
        try:
            made = await self._desk.make(change, Request(user, f"view/{view['id']}"))
        except GateRefused as error:
            log.info("gate refused", agent=seen.agent, version=seen.version, user=user)
            return change_modal(await self._dialogs.rechosen(seen), gate=error.user_message)
        return said_modal(title, await self._dialogs.told(made))
