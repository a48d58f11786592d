"""The first words in a channel: once for ever, when we are invited, or with the first file if that was missed."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.models.domain import ChannelSettings, handling_for
from smallprint.slack.asking_once import AskingOnce
from smallprint.slack.blocks.introduction import introduction
from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.posts import Posts

log = structlog.get_logger()


class SettingsOf(Protocol):
    """services/database/channel_settings.py."""

    async def of(self, team: str, channel: str) -> ChannelSettings: ...


class Introductions:
    """Best effort: where it did not work it is tried again with the next file."""

    def __init__(self, posts: Posts, facts: ConversationFacts, settings: SettingsOf) -> None:
        self._posts = posts
        self._facts = facts
        self._settings = settings
        self._once = AskingOnce(self._introduce)
        self._known: set[str] = set()
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, team: str, channel: str) -> None:
        """Returns at once."""
        if channel not in self._known:
            task = asyncio.create_task(self.introduce(team, channel))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def introduce(self, team: str, channel: str) -> None:
        """Returns when it stands there, or could not be posted."""
        if channel not in self._known:
            await self._once.of((team, channel))

    async def finish(self, timeout_s: float = 5.0) -> None:
        """Wait for what is under way: at the end of the process."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=timeout_s)

    async def _introduce(self, place: tuple[str, str]) -> None:
        team, channel = place
        try:
            facts = await self._facts.of(channel)
            if facts is None or facts.is_direct or not facts.is_member:
                return
            settings = await self._settings.of(team, channel)
            closed = facts.is_shared and not settings.strangers_allowed
            message = introduction(handling_for(settings, facts), closed=closed)
            await self._posts.message(f"intro/{channel}", channel, None, message)
        except SmallprintError as error:
            log.warning("not introduced", channel=channel, error=error.code)
            if error.retryable:
                return
        self._known.add(channel)  # also where only some may write: this process asks no more
