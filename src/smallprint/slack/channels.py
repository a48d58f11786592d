"""Which conversation somebody means: `<#C0123|contracts>`, `#contracts`, `contracts` or an id."""

from __future__ import annotations

import re

from smallprint.errors import NotInChannel, SlackError
from smallprint.slack.blocks.text import plain, shorten
from smallprint.slack.client import SlackClients, ask

UNKNOWN_CHANNEL = (
    "I don't know a channel {channel}. I must be a member of it: invite me with /invite, then try again."
)

MOST_PAGES = 10
PAGE = 1_000
KINDS = "public_channel,private_channel"

_ENTITY = re.compile(r"<#([CGD][A-Z0-9]+)(?:\|[^>]*)?>", re.IGNORECASE)
_ID = re.compile(r"#?([CGD](?=[A-Z]*\d)[A-Z0-9]{6,})", re.IGNORECASE)
"""A digit is asked for, so that #contracts is not taken for an id."""
_NAME = 80


class Channels:
    """Finds conversations among those that the bot is in."""

    def __init__(self, clients: SlackClients) -> None:
        self._clients = clients

    async def find(self, written: str) -> str:
        """The id of a conversation that we are in.

        Raises:
            NotInChannel: there is none of that name among ours.
            SlackUnavailable: Slack did not say.
        """
        found = await self._named(written) or channel_id(written)
        if not found or not await self._is_ours(found):
            raise NotInChannel(UNKNOWN_CHANNEL.format(channel=shorten(plain(written), _NAME)))
        return found

    async def left(self, written: str) -> str:
        """As `find`, but an id is believed: a pin must also come off a channel that is gone."""
        found = await self._named(written) or channel_id(written)
        if not found:
            raise NotInChannel(UNKNOWN_CHANNEL.format(channel=shorten(plain(written), _NAME)))
        return found

    async def _named(self, written: str) -> str:
        name, cursor = written.removeprefix("#").casefold(), None
        if _ENTITY.fullmatch(written):
            return ""
        for _ in range(MOST_PAGES):
            answer = await ask(
                self._clients.read.users_conversations(
                    types=KINDS, exclude_archived=True, limit=PAGE, cursor=cursor
                )
            )
            for channel in answer.get("channels", ()):
                if str(channel.get("name", "")).casefold() == name:
                    return str(channel["id"])
            cursor = answer.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                break
        return ""

    async def _is_ours(self, channel: str) -> bool:
        try:
            info = (await ask(self._clients.read.conversations_info(channel=channel)))["channel"]
        except NotInChannel:
            return False
        except SlackError as error:
            if error.retryable:
                raise
            return False
        return bool(info.get("is_member") or info.get("is_im") or info.get("is_mpim"))


def channel_id(written: str) -> str:
    """The id in what was written; empty for a plain name."""
    found = _ENTITY.fullmatch(written) or _ID.fullmatch(written)
    return found[1].upper() if found else ""
