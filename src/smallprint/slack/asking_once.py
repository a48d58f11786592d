"""One question for all who ask the same thing at the same time: a burst of files asks who shared them a hundred times."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class AskingOnce(Generic[K, V]):
    """`ask` answers for a key; who comes while it is asked waits for the same answer, or the same error."""

    def __init__(self, ask: Callable[[K], Awaitable[V]]) -> None:
        self._ask = ask
        self._asking: dict[K, asyncio.Task[V]] = {}

    async def of(self, key: K) -> V:
        """Raises what `ask` raises. Whoever loses patience leaves the others their answer."""
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._answer(key))
            task.add_done_callback(_heard)
        return await asyncio.shield(task)

    async def _answer(self, key: K) -> V:
        try:
            return await self._ask(key)
        finally:
            del self._asking[key]


def _heard(task: asyncio.Task[V]) -> None:
    """An error that nobody waited for any more is no news for the event loop."""
    if not task.cancelled():
        task.exception()
