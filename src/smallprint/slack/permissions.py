"""Who may do what: admins, full members, and who can see a file. When Slack cannot be asked the answer is no."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from smallprint.errors import NotAllowed, SlackError
from smallprint.models.domain import Standing
from smallprint.slack.asking_once import AskingOnce
from smallprint.slack.client import SlackClients, ask

log = structlog.get_logger()

CACHE_S = 300.0
MAX_CHANNELS = 20
PAGE = 1000
MAX_PAGES = 20
ADMIN_FLAGS = ("is_admin", "is_owner", "is_primary_owner")
NOBODY_FLAGS = ("deleted", "is_bot", "is_stranger")
GUEST_FLAGS = ("is_restricted", "is_ultra_restricted")


class Permissions:
    """Asks Slack; what it says of a person is remembered for five minutes."""

    def __init__(
        self,
        clients: SlackClients,
        *,
        team: str,
        admin_users: frozenset[str],
        admin_group: str = "",
        admins_from_slack: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clients = clients
        self._team = team
        self._admin_users = admin_users
        self._admin_group = admin_group
        self._admins_from_slack = admins_from_slack
        self._clock = clock
        self._known: dict[str, tuple[float, Mapping[str, Any]]] = {}
        self._members: tuple[float, frozenset[str]] = (float("-inf"), frozenset())
        self._people = AskingOnce(self._ask_who)

    async def is_admin(self, user: str) -> bool:
        """True for full members of this workspace that are in ADMIN_USERS or ADMIN_GROUP, or Slack's admins and owners."""
        person = await self._person(user)
        if not self._belongs(person):
            return False
        by_slack = self._admins_from_slack and any(person.get(flag) for flag in ADMIN_FLAGS)
        return by_slack or user in self._admin_users or user in await self._group()

    async def require_admin(self, user: str, what: str) -> None:
        """Log and refuse, unless they are one; `what` they tried, in our words. Raises NotAllowed."""
        if not await self.is_admin(user):
            log.warning("refused", user=user, what=what)
            raise NotAllowed

    async def name_of(self, user: str) -> str:
        """How Slack shows the person; the id itself when Slack cannot be asked. May be any text."""
        person = await self._person(user)
        profile = person.get("profile") or {}
        return str(profile.get("display_name") or profile.get("real_name") or person.get("name") or user)

    async def is_full_member(self, user: str) -> bool:
        """True for people of this workspace; False for guests, bots, and people of other workspaces."""
        return self._belongs(await self._person(user))

    async def standing_of(self, user: str) -> Standing:
        """Who somebody is to us; bots, and whom Slack does not know, are strangers.

        Raises:
            SlackUnavailable: Slack did not answer; it should be asked again later.
        """
        since, person = self._known.get(user, (float("-inf"), {}))
        if self._clock() - since >= CACHE_S:
            try:
                person = await self._people.of(user)
            except SlackError as error:
                if error.retryable:
                    raise
                person = {}
        if self._belongs(person):
            return Standing.MEMBER
        ours = self._is_ours(person) and not any(person.get(flag) for flag in NOBODY_FLAGS)
        return Standing.GUEST if ours else Standing.STRANGER

    async def is_channel_admin(self, user: str, channel: str) -> bool:
        """True for admins, for the full member who made the channel and is still in it, and in one's own direct messages."""
        if await self.is_admin(user):
            return True
        return await self.is_full_member(user) and await self._made(user, channel)

    async def is_member_of_any(self, user: str, channels: Iterable[str]) -> bool:
        """True if the user is a member of one of these conversations (the first twenty)."""
        for channel in list(channels)[:MAX_CHANNELS]:
            if await self._is_member(user, channel):
                return True
        return False

    async def _group(self) -> frozenset[str]:
        """The members of ADMIN_GROUP; nobody when there is none or Slack cannot be asked."""
        since, members = self._members
        if not self._admin_group or self._clock() - since < CACHE_S:
            return members
        try:
            answer = await ask(self._clients.read.usergroups_users_list(usergroup=self._admin_group))
        except SlackError as error:
            log.warning("cannot ask who is in the admin group", error=error.code)
            return frozenset()
        self._members = (self._clock(), frozenset(answer.get("users", ())))
        return self._members[1]

    async def _person(self, user: str) -> Mapping[str, Any]:
        """Slack's user object; empty when Slack cannot be asked."""
        since, person = self._known.get(user, (float("-inf"), {}))
        if self._clock() - since < CACHE_S:
            return person
        try:
            return await self._people.of(user)
        except SlackError as error:
            log.warning("cannot ask who somebody is", user=user, error=error.code)
            return {}

    async def _ask_who(self, user: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (await ask(self._clients.read.users_info(user=user)))["user"]
        self._known[user] = (self._clock(), found)
        return found

    def _belongs(self, person: Mapping[str, Any]) -> bool:
        """A full member."""
        return self._is_ours(person) and not any(person.get(flag) for flag in (*NOBODY_FLAGS, *GUEST_FLAGS))

    def _is_ours(self, person: Mapping[str, Any]) -> bool:
        return bool(person) and person.get("team_id", self._team) == self._team

    async def _made(self, user: str, channel: str) -> bool:
        try:
            info = (await ask(self._clients.read.conversations_info(channel=channel)))["channel"]
        except SlackError:
            return False  # a conversation that we cannot look into has nobody who could set us up
        if info.get("is_im"):
            return bool(info.get("user") == user)
        return info.get("creator") == user and await self._is_member(user, channel)

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
