"""Tells every change of a prompt in the admins' channel, without holding up the change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from smallprint.errors import SmallprintError
from smallprint.models.domain import Activation
from smallprint.slack.blocks.announcement import announcement
from smallprint.slack.posts import Posts

log = structlog.get_logger()

NameOf = Callable[[str], Awaitable[str]]


class Announcements:
    """Best effort: what could not be told stands in the log, and in the history anyway."""

    def __init__(self, posts: Posts, channel: str, name_of: NameOf) -> None:
        """`channel` is the id of ADMIN_CHANNEL; empty: nothing is told."""
        self._posts = posts
        self._channel = channel
        self._name_of = name_of
        self._telling: set[asyncio.Task[None]] = set()

    def tell(self, activation: Activation) -> None:
        """Returns at once; each activation is told once, however often this is called."""
        if self._channel:
            task = asyncio.create_task(self._tell(activation))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def finish(self, timeout_s: float = 5.0) -> None:
        """Wait for what is being told: at the end of the process."""
        if self._telling:
            await asyncio.wait(self._telling, timeout=timeout_s)

    async def _tell(self, activation: Activation) -> None:
        try:
            message = announcement(activation, await self._name_of(activation.actor))
            tag = f"prompt-activation/{activation.id}"
            await self._posts.message(tag, self._channel, None, message)
        except SmallprintError as error:
            log.warning(
                "change not told in the admin channel",
                agent=activation.agent,
                activation=activation.id,
                channel=self._channel,
                error=error.code,
            )
