"""Trying again what failed for a passing reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from smallprint.errors import SmallprintError

MAX_RETRY_AFTER_S = 120.0
"""A service that asks for a longer wait is asked again after this one: the job holds its place meanwhile."""

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Retries:
    """How often, and after which waits: `interval_s`, then `factor` times longer each, up to `max_wait_s`."""

    interval_s: float
    max_tries: int = 5
    factor: float = 3.0
    max_wait_s: float = 120.0

    def wait_s(self, tries: int, retry_after_s: float | None = None) -> float:
        """The wait after the given number of tries that failed."""
        backoff = min(self.interval_s * self.factor ** (tries - 1), self.max_wait_s)
        return max(backoff, min(retry_after_s or 0.0, MAX_RETRY_AFTER_S))

    async def run(self, action: Callable[[bool], Awaitable[T]], **context: object) -> T:
        """Call `action(last_try)` until it succeeds, fails for good, or the tries are used up.

        `context` goes to the log. Raises what the last try raised.
        """
        for tries in range(1, self.max_tries + 1):
            try:
                return await action(tries == self.max_tries)
            except SmallprintError as error:
                if not error.retryable or tries == self.max_tries:
                    raise
                wait_s = self.wait_s(tries, error.retry_after_s)
                log.warning("trying again", code=error.code, tries=tries, wait_s=round(wait_s, 2), **context)
            await asyncio.sleep(wait_s)
        raise AssertionError("max_tries is at least 1")
