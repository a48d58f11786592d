"""What Slack says of a conversation: how many are in it, whether strangers are, who made it.

https://docs.slack.dev/reference/methods/conversations.info, https://docs.slack.dev/reference/objects/conversation-object
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from smallprint.errors import SlackError
from smallprint.models.domain import ChannelFacts
from smallprint.slack.asking_once import AskingOnce
from smallprint.slack.client import SlackClients, ask

CACHE_S = 600.0
REMEMBERED = 2_000
"""Conversations."""

_SHARED = ("is_ext_shared", "is_org_shared", "is_pending_ext_shared")

log = structlog.get_logger()


class ConversationFacts:
    """Asks Slack; what it says is remembered for ten minutes, and longer while Slack does not answer."""

    def __init__(self, clients: SlackClients, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clients = clients
        self._clock = clock
        self._known: dict[str, tuple[float, ChannelFacts]] = {}
        self._questions = AskingOnce(self._ask)

    async def of(self, channel: str) -> ChannelFacts | None:
        """None where Slack does not let us know.

        Raises:
            SlackUnavailable: Slack did not answer, and never did for this conversation.
        """
        since, facts = self._known.get(channel, (float("-inf"), None))
        if self._clock() - since < CACHE_S:
            return facts
        try:
            return await self._questions.of(channel)
        except SlackError as error:
            if error.retryable and facts is None:
                raise
            log.warning("cannot ask what a conversation is like", channel=channel, error=error.code)
            return facts if error.retryable else None

    def forget(self, channel: str) -> None:
        """Ask anew next time: something has just changed there."""
        self._known.pop(channel, None)

    async def _ask(self, channel: str) -> ChannelFacts:
        answer = await ask(self._clients.read.conversations_info(channel=channel, include_num_members=True))
        facts = facts_in(answer["channel"])
        while len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[channel] = (self._clock(), facts)
        return facts


def facts_in(info: Mapping[str, Any]) -> ChannelFacts:
    """Of Slack's conversation object."""
    is_direct = bool(info.get("is_im") or info.get("is_mpim"))
    members = info.get("num_members")
    return ChannelFacts(
        members=None if is_direct or members is None else int(members),
        is_private=bool(info.get("is_private")),
        is_direct=is_direct,
        is_shared=any(info.get(flag) for flag in _SHARED),
        is_member=bool(is_direct or info.get("is_member")),
        creator=str(info.get("user") or info.get("creator") or ""),
    )
