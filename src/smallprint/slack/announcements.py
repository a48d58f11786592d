"""Tells every change of a prompt or a limit in the admins' channel, without holding up the change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from smallprint.errors import SmallprintError
from smallprint.models.domain import Activation, BudgetScope, LimitMove
from smallprint.slack.blocks.announcement import announcement
from smallprint.slack.blocks.budget import limit_announcement
from smallprint.slack.blocks.message import Message
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
        self._begin(f"prompt-activation/{activation.id}", lambda: self._about_prompt(activation))

    def tell_limit(self, move: LimitMove) -> None:
        """Returns at once; each change of a limit is told once, however often this is called."""
        self._begin(f"budget-change/{move.change.request_id}", lambda: self._about_limit(move))

    async def finish(self, timeout_s: float = 5.0) -> None:
        """Wait for what is being told: at the end of the process."""
        if self._telling:
            await asyncio.wait(self._telling, timeout=timeout_s)

    def _begin(self, tag: str, about: Callable[[], Awaitable[Message]]) -> None:
        if self._channel:
            task = asyncio.create_task(self._tell(tag, about))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _about_prompt(self, activation: Activation) -> Message:
        return announcement(activation, await self._name_of(activation.actor))

    async def _about_limit(self, move: LimitMove) -> Message:
        change = move.change
        is_user = change.place.scope is BudgetScope.USER_DAY and change.place.id
        whose = await self._name_of(change.place.id) if is_user else ""
        return limit_announcement(move, await self._name_of(change.actor), whose)

    async def _tell(self, tag: str, about: Callable[[], Awaitable[Message]]) -> None:
        try:
            await self._posts.message(tag, self._channel, None, await about())
        except SmallprintError as error:
            log.warning(
                "change not told in the admin channel", change=tag, channel=self._channel, error=error.code
            )
