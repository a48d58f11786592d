"""Changing a message of ours, and what is done where Slack will not have it so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from smallprint.errors import SlackRefused
from smallprint.slack.blocks.message import Message
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.posts import tagged

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""Slack's codes for a message that can't be changed, now or ever (https://docs.slack.dev/reference/methods/chat.update)."""
TOO_MUCH = frozenset(
    {
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
    }
)
"""Slack's codes for blocks that it does not take; the first one is what it says of a table."""

Put = Callable[[Message], Awaitable[object]]


async def update(clients: SlackClients, channel: str, ts: str, message: Message, *, tag: str = "") -> None:
    """Everything that the message shows; may be repeated without harm.

    `tag`: what it is known by from now on (posts.py); without one it keeps its own.

    Raises:
        SlackUnavailable, SlackRefused, NotInChannel: it may have been changed, or has not.
    """
    await ask(
        clients.write.chat_update(
            channel=channel,
            ts=ts,
            text=message.text,
            blocks=list(message.blocks),
            metadata=tagged(tag) if tag else None,
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
    )


async def put_or_post(message: Message, put: Put, post: Put) -> None:
    """Posted anew where the message is gone. Raises what the two raise."""
    try:
        await put(message)
    except SlackRefused as refusal:
        if refusal.slack_code not in GONE:
            raise
        await post(message)


async def as_slack_takes_it(message: Message, put: Put) -> bool:
    """In other blocks where Slack refuses these, and at last as text; False when only the text could be shown.

    Raises what `put` raises for any other reason.
    """
    try:
        await put(message)
    except SlackRefused as refusal:
        if refusal.slack_code not in TOO_MUCH:
            raise
        if message.instead is not None:
            return await as_slack_takes_it(message.instead, put)
        await put(Message(message.text, []))
        return False
    return True
