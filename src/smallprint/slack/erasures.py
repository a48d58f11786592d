"""What Slack tells us that we must forget, taken out of its events before they are acked.

https://docs.slack.dev/reference/events: file_deleted, message_deleted, channel_left, group_left, tokens_revoked and
app_uninstalled. A message that has replies is not deleted but made a tombstone, which arrives as message_changed; a
message that we answered always has replies.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from smallprint.models.domain import Erasure, ErasureKind
from smallprint.slack.inbox import team_of
from smallprint.slack.questions import DIRECT
from smallprint.slack.sources import LINK

TOMBSTONE = "tombstone"

AddErasures = Callable[[Sequence[Erasure]], Awaitable[None]]


class Erasures:
    """A keeper of the inbox; `add` returns when the wish is on disk, `noticed` is called then."""

    def __init__(self, add: AddErasures, *, bot_user: str, noticed: Callable[[], None]) -> None:
        self._add = add
        self._bot_user = bot_user
        self._noticed = noticed

    async def keep(self, body: Mapping[str, Any]) -> bool:
        """Raises SmallprintError: not on disk, so it must not be acked."""
        wish = erasure_in(body, bot_user=self._bot_user)
        if wish is None:
            return False
        await self._add([wish])
        self._noticed()
        return True


def erasure_in(body: Mapping[str, Any], *, bot_user: str) -> Erasure | None:
    """What an event asks us to forget, if anything."""
    if body.get("type") != "event_callback":
        return None
    event = body.get("event") or {}
    named = _named_by(event, bot_user)
    if named is None:
        return None
    kind, channel, reference = named
    return Erasure(f"event/{body.get('event_id') or ''}", kind, team_of(body), channel, reference)


def _named_by(event: Mapping[str, Any], bot_user: str) -> tuple[ErasureKind, str, str] | None:
    channel = str(event.get("channel") or "")
    match event.get("type"):
        case "file_deleted":
            file = str(event.get("file_id") or "")
            return (ErasureKind.FILE, "", file) if file else None
        case "message":
            ts = _deleted_message(event, bot_user)
            return (ErasureKind.MESSAGE, channel, ts) if channel and ts else None
        case "channel_left" | "group_left":
            return (ErasureKind.CHANNEL, channel, "") if channel else None
        case "app_uninstalled":
            return ErasureKind.WORKSPACE, "", ""
        case "tokens_revoked":
            bots = (event.get("tokens") or {}).get("bot") or ()
            return (ErasureKind.WORKSPACE, "", "") if bots else None
    return None


def _deleted_message(event: Mapping[str, Any], bot_user: str) -> str:
    """The ts of somebody's message that is gone and that we may have read; empty for anything else."""
    before = event.get("previous_message") or {}
    if before.get("user") == bot_user or before.get("bot_id") or not _may_be_read(before, event, bot_user):
        return ""
    match event.get("subtype"):
        case "message_deleted":
            return str(event.get("deleted_ts") or before.get("ts") or "")
        case "message_changed" if (event.get("message") or {}).get("subtype") == TOMBSTONE:
            return str((event.get("message") or {}).get("ts") or before.get("ts") or "")
    return ""


def _may_be_read(message: Mapping[str, Any], event: Mapping[str, Any], bot_user: str) -> bool:
    """It has files, or a link that somebody had us read, or it asks us something."""
    text = str(message.get("text") or "")
    return (
        bool(message.get("files"))
        or event.get("channel_type") == DIRECT
        or f"<@{bot_user}>" in text
        or LINK in text
    )
