"""Who may do what: admins, and who can see a file. When Slack cannot be asked the answer is no."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from smallprint.errors import SlackError
from smallprint.slack.client import SlackClients, ask

log = structlog.get_logger()

CACHE_S = 300.0
MAX_CHANNELS = 20
PAGE = 1000
MAX_PAGES = 20
ADMIN_FLAGS = ("is_admin", "is_owner", "is_primary_owner")
STRANGER_FLAGS = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")


class Permissions:
    """Asks Slack; answers about admins are remembered for five minutes."""

    def __init__(
        self,
        clients: SlackClients,
        *,
        team: str,
        admin_users: frozenset[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clients = clients
        self._team = team
        self._admin_users = admin_users
        self._clock = clock
        self._known: dict[str, tuple[float, bool]] = {}

    async def is_admin(self, user: str) -> bool:
        """True for full members of this workspace that are admins, owners or in ADMIN_USERS."""
        since, answer = self._known.get(user, (float("-inf"), False))
        if self._clock() - since < CACHE_S:
            return answer
        try:
            answer = self._administers((await ask(self._clients.read.users_info(user=user)))["user"])
        except SlackError as error:
            log.warning("cannot ask who is an admin", user=user, error=error.code)
            return False
        self._known[user] = (self._clock(), answer)
        return answer

    async def is_member_of_any(self, user: str, channels: Iterable[str]) -> bool:
        """True if the user is a member of one of these conversations (the first twenty)."""
        for channel in list(channels)[:MAX_CHANNELS]:
            if await self._is_member(user, channel):
                return True
        return False

    def _administers(self, user: Mapping[str, Any]) -> bool:
        if any(user.get(flag) for flag in STRANGER_FLAGS) or user.get("team_id", self._team) != self._team:
            return False
        return user.get("id") in self._admin_users or any(user.get(flag) for flag in ADMIN_FLAGS)

    async def _is_member(self, user: str, channel: str) -> bool:
        cursor = None
        for _ in range(MAX_PAGES):
            try:
                answer = await ask(
                    self._clients.read.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
                )
            except SlackError:
                return False  # a conversation we cannot look into proves nothing
            if user in answer.get("members", []):
                return True
            cursor = answer.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                return False
        return False
