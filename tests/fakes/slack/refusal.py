"""How a method says no, and the checks that several methods share."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.core import Core
from tests.fakes.slack.workspace import BOT_USER, Channel, Json


class MethodRefused(Exception):
    """The method answers `{"ok": false, "error": error, …}`."""

    def __init__(self, error: str, **more: Any) -> None:
        self.error = error
        self.more = more
        super().__init__(error)


def required(arguments: Json, *names: str) -> list[str]:
    """The values of arguments that must be there."""
    missing = [name for name in names if arguments.get(name) in (None, "")]
    if missing:
        message = f"[ERROR] missing required field: {missing[0]}"
        raise MethodRefused("invalid_arguments", response_metadata={"messages": [message]})
    return [str(arguments[name]) for name in names]


def visible_channel(core: Core, name: str) -> Channel:
    """A channel the bot can know of: public, or one it is in."""
    try:
        channel = core.workspace.channel(name)
    except KeyError:
        raise MethodRefused("channel_not_found") from None
    if channel.kind != "channel" and BOT_USER not in channel.members:
        raise MethodRefused("channel_not_found")
    return channel


def joined_channel(core: Core, name: str) -> Channel:
    """A channel the bot is in."""
    channel = visible_channel(core, name)
    if BOT_USER not in channel.members:
        raise MethodRefused("not_in_channel")
    return channel


def open_channel(core: Core, name: str) -> Channel:
    """A channel the bot may write to; a user's id means the direct message with them."""
    if name in core.workspace.users:
        return core.workspace.open_dm(name)
    channel = joined_channel(core, name)
    if channel.is_archived:
        raise MethodRefused("is_archived")
    return channel


def need_scope(core: Core, scope: str) -> None:
    if scope not in core.scopes:
        raise MethodRefused("missing_scope", needed=scope, provided=",".join(sorted(core.scopes)))
