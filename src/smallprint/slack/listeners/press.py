"""A button that somebody pressed, or an entry of a menu that they chose, taken out of Slack's payload.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncRespond

from smallprint.slack.blocks.message import Message


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed what, under which message."""

    user: str
    action: str
    value: str
    channel: str
    trigger_id: str
    """Opens one modal, within 3 seconds."""
    message_ts: str
    thread_ts: str
    """Root of the message's thread; empty when it stands in none."""
    text: str
    blocks: Sequence[Mapping[str, Any]]
    """The message as Slack shows it; empty when Slack does not say."""

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Press:
        container, message = body.get("container") or {}, body.get("message") or {}
        pressed = body["actions"][0]
        return cls(
            user=body["user"]["id"],
            action=pressed["action_id"],
            value=str((pressed.get("selected_option") or pressed).get("value") or ""),
            channel=(body.get("channel") or {}).get("id") or container.get("channel_id") or "",
            trigger_id=body.get("trigger_id") or "",
            message_ts=container.get("message_ts") or message.get("ts") or "",
            thread_ts=container.get("thread_ts") or message.get("thread_ts") or "",
            text=message.get("text") or "",
            blocks=message.get("blocks") or (),
        )

    async def answer(self, respond: AsyncRespond, message: Message, *, instead: bool = False) -> None:
        """Seen only by who pressed, in the thread of the button and not under the channel.

        `instead`: in the place of the message with the button, which only they see.
        """
        await respond(
            text=message.text,
            blocks=list(message.blocks),
            response_type="ephemeral",
            replace_original=instead,
            thread_ts=self.thread_ts or None,
            unfurl_links=False,
            unfurl_media=False,
        )
