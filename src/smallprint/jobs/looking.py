"""A task that looks again and again, for as long as the process runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

log = structlog.get_logger()

Look = Callable[[], Awaitable[float]]
"""Does what is due; gives the seconds until the next look."""


class Looking:
    """Between `start` and `stop`: whatever becomes of one look, the next one comes."""

    def __init__(self, look: Look, *, failed: str, again_s: float) -> None:
        """`failed`: what the log says of a look that raised; `again_s`: how long after it the next one comes."""
        self._look = look
        self._failed = failed
        self._again_s = again_s
        self._noticed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """The first look comes at once."""
        self._task = asyncio.create_task(self._run())

    def notice(self) -> None:
        """There is something to do: the next look comes at once."""
        self._noticed.set()

    async def stop(self) -> None:
        """A look that is under way is given up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            self._noticed.clear()
            wait_s = await self._safely()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._noticed.wait()

    async def _safely(self) -> float:
        try:
            return await self._look()
        except Exception as error:  # noqa: BLE001 - it must outlive everything
            log.warning(self._failed, error=type(error).__name__)
            return self._again_s
