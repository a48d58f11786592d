"""People and channels in a table of usage by their names, as far as the asker may know them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from smallprint.errors import SlackError
from smallprint.models.usage import Grouping, UsageLine, UsageTable
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.permissions import Permissions

log = structlog.get_logger()

DIRECT, GROUP, PRIVATE = "direct message", "group message", "private channel"
MOST_NAMED = 15
"""Lines that are shown at most; Slack is asked about no others."""

NameOf = Callable[[str, str], Awaitable[str]]


class UsageNames:
    """Asks Slack; what it does not say stays an id."""

    def __init__(self, clients: SlackClients, permissions: Permissions) -> None:
        self._clients = clients
        self._permissions = permissions

    async def named(self, table: UsageTable, asker: str) -> UsageTable:
        """The first lines with names instead of ids; tables of other things stay as they are."""
        name_of: NameOf | None = {Grouping.CHANNEL: self._channel, Grouping.USER: self._person}.get(
            table.grouping
        )
        if name_of is None:
            return table
        shown, rest = table.lines[:MOST_NAMED], table.lines[MOST_NAMED:]
        named = await asyncio.gather(*(_named(line, name_of, asker) for line in shown))
        return replace(table, lines=(*named, *rest))

    async def _person(self, user: str, _: str) -> str:
        return await self._permissions.name_of(user)

    async def _channel(self, channel: str, asker: str) -> str:
        try:
            info = (await ask(self._clients.read.conversations_info(channel=channel)))["channel"]
        except SlackError as error:
            log.info("channel not named", channel=channel, error=error.code)
            return channel
        if info.get("is_im") or info.get("is_mpim"):
            return f"{DIRECT if info.get('is_im') else GROUP} {channel}"
        # The name of a private channel is for its members, admins or not.
        if info.get("is_private") and not await self._permissions.is_member_of_any(asker, [channel]):
            return f"{PRIVATE} {channel}"
        return f"#{info.get('name') or channel}"


async def _named(line: UsageLine, name_of: NameOf, asker: str) -> UsageLine:
    return replace(line, name=await name_of(line.name, asker)) if line.name else line
