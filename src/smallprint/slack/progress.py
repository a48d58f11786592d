"""When a running job shows itself: soon after something changed, not too often, and again while nothing changes.

Best effort. One lock for each job keeps its progress behind its result: once the result is on its way, nothing
of the progress is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from smallprint.models.domain import Job, Progress

log = structlog.get_logger()

BETWEEN_S = 2.5
"""Slack's advice is one update in 2 to 3 seconds at most (research/slack-platform.md, A6)."""
AT_LEAST_S = 90.0
"""Slack takes a status away after two minutes, and whoever waits wants to see that we are alive."""
SHOWING_S = 5.0
"""How long one showing may take."""

# chat.update is tier 3, 50 or more a minute and workspace (docs.slack.dev/apis/web-api/rate-limits):
# steps may use up to 20 at once and 20 a minute, results have the rest.
BURST = 20
REFILL_S = 3.0

REMEMBERED = 2_000

Show = Callable[[Job, Progress], Awaitable[None]]


@dataclass(eq=False, slots=True)
class _Line:
    """What one job shows."""

    progress: Progress
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    showing: asyncio.Lock = field(default_factory=asyncio.Lock)
    ticking: asyncio.Task[None] | None = None


class ProgressBoard:
    """One per process."""

    def __init__(
        self,
        *,
        message: Show,
        status: Show | None = None,
        clock: Callable[[], float] = time.monotonic,
        between_s: float | None = None,
        at_least_s: float = AT_LEAST_S,
    ) -> None:
        """`message` updates the placeholder, `status` what Slack shows beside it; both may raise SlackError."""
        self._status, self._message = status, message
        self._between_s = BETWEEN_S if between_s is None else between_s
        self._at_least_s = at_least_s
        self._budget = Budget(BURST, REFILL_S, clock)
        self._lines: dict[str, _Line] = {}
        self._ended: dict[str, None] = {}

    def tell(self, job: Job, progress: Progress) -> None:
        """Show this when there is time for it; nothing for a job whose end was shown."""
        if job.id in self._ended:
            return
        line = self._lines.get(job.id)
        if line is None:
            line = self._lines[job.id] = _Line(progress)
            line.ticking = asyncio.create_task(self._tick(job, line))
        if progress != line.progress:
            line.progress = progress
            line.changed.set()

    @asynccontextmanager
    async def ending(self, job: Job) -> AsyncIterator[None]:
        """Round the showing of a job's end: waits for an update that is under way, and allows no further one."""
        self._ended[job.id] = None
        while len(self._ended) > REMEMBERED:
            del self._ended[next(iter(self._ended))]
        line = self._lines.get(job.id)
        if line is not None:
            async with line.showing:
                self.leave(job)
        yield

    def leave(self, job: Job) -> None:
        """Show nothing more of the job."""
        line = self._lines.pop(job.id, None)
        if line is not None and line.ticking is not None:
            line.ticking.cancel()

    async def _tick(self, job: Job, line: _Line) -> None:
        """The status at once; the placeholder was posted a moment ago."""
        while True:
            line.changed.clear()
            if self._status is not None:
                await self._try(self._status, job, line)
            await asyncio.sleep(self._between_s)
            while not self._budget.take():  # noqa: ASYNC110 - the updates of others are no event
                await asyncio.sleep(self._between_s)
            await self._try(self._message, job, line)
            await _either(line.changed, self._at_least_s - self._between_s)

    async def _try(self, show: Show, job: Job, line: _Line) -> None:
        async with line.showing:
            try:
                async with asyncio.timeout(SHOWING_S):
                    await show(job, line.progress)
            except Exception as error:  # noqa: BLE001 - whatever it is, the work goes on
                step, kind = line.progress.step.value, type(error).__name__
                log.info("step not shown", job=job.id, step=step, error=kind)


async def _either(changed: asyncio.Event, seconds: float) -> None:
    """Return when it changed, or after so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await changed.wait()
    except TimeoutError:
        pass


class Budget:
    """A token bucket."""

    def __init__(self, burst: int, refill_s: float, clock: Callable[[], float]) -> None:
        self._burst, self._refill_s, self._clock = burst, refill_s, clock
        self._tokens, self._since = float(burst), clock()

    def take(self) -> bool:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._since) / self._refill_s)
        self._since = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
