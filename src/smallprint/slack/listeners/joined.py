"""Somebody invites us into a channel: we say who we are, once.

https://docs.slack.dev/reference/events/member_joined_channel
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp

from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.introductions import Introductions

EVENT = "member_joined_channel"


class JoinedListener:
    """The event comes for everybody who joins a channel that we are in."""

    def __init__(
        self, introductions: Introductions, facts: ConversationFacts, *, team: str, bot_user: str
    ) -> None:
        self._introductions = introductions
        self._facts = facts
        self._team = team
        self._bot_user = bot_user

    def register(self, app: AsyncApp) -> None:
        app.event(EVENT)(self.joined)

    async def joined(self, event: Mapping[str, Any]) -> None:
        """Whoever it was, there is one more now: what we know of the channel is out of date."""
        channel = str(event.get("channel") or "")
        self._facts.forget(channel)
        if event.get("user") == self._bot_user and channel:
            await self._introductions.introduce(self._team, channel)
