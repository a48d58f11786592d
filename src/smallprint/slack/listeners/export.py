""" "Export" under a result: a form, and the file in the thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import ModalNotOpened, SmallprintError
from smallprint.slack.blocks.export import CALLBACK, EXPORT_ACTION, TITLE, chosen_form, export_modal
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.exports import Exports
from smallprint.slack.listeners.press import Press
from smallprint.slack.modals import Modals
from smallprint.slack.seen_result import SeenResult

log = structlog.get_logger()


class ExportListener:
    """Everybody who sees the result may take it along; the document itself, who could open it anyway."""

    def __init__(self, exports: Exports, modals: Modals) -> None:
        self._exports = exports
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.action(EXPORT_ACTION)(self.ask)
        app.view(CALLBACK)(self.export)

    async def ask(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Open the form; a result that is not kept any more says so instead."""
        await ack()
        press = Press.of(body)
        try:
            await self._modals.open(press.trigger_id, TITLE, self._form(SeenResult.of(press, press.value)))
        except ModalNotOpened:
            log.info("nothing shown", user=press.user, action=press.action)
        except SmallprintError as error:
            await press.answer(respond, answer_message(error.user_message))

    async def export(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """The modal's id names the request: sent twice, it is one file."""
        await self._modals.answer(ack, view["id"], TITLE, self._exported(body["user"]["id"], view))

    async def _form(self, seen: SeenResult) -> Modal:
        return export_modal(await self._exports.report(seen.analysis_id), str(seen))

    async def _exported(self, user: str, view: Mapping[str, Any]) -> Modal:
        seen = SeenResult.read(view["private_metadata"])
        said = await self._exports.post(seen, chosen_form(view), user=user, request=view["id"])
        return said_modal(TITLE, answer_message(said))
