"""What is done beside the jobs: texts erased when their time is over, and admins told that a budget is nearly spent."""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.looking import Looking
from smallprint.models.domain import BudgetNotice
from smallprint.services.database.retention import Purged

LOOK_S = 60.0
"""Between two looks at the budgets; with a retention of 0 days also between two purges."""
DAY_S = 86_400.0

Idle = Callable[[], Awaitable[bool]]

log = structlog.get_logger()


class Texts(Protocol):
    """`services/database/retention.py`."""

    async def purge(self, keep: timedelta) -> Purged: ...

    async def compact(self) -> None:
        """Overwrite what the purge left in unused bytes of the file; writers wait meanwhile."""
        ...


class Books(Protocol):
    """`services/database/budgets.py`."""

    async def drop_expired(self) -> None: ...

    async def note_crossings(self) -> None: ...


class NoticeLog(Protocol):
    """`services/database/budget_notices.py`."""

    async def due(self) -> tuple[BudgetNotice, ...]: ...

    async def mark_told(self, notice_id: int) -> None: ...


class BudgetNotices(Protocol):
    """Tells the admins; may be called again for the same notice after a crash, and tells it once all the same."""

    async def tell(self, notice: BudgetNotice) -> None:
        """Raises SmallprintError when it could not be told; it is tried again."""
        ...


class Housekeeping:
    """Runs as one task between `start` and `stop`; whatever is interrupted is found again by the next look."""

    def __init__(
        self,
        texts: Texts,
        books: Books,
        notices: NoticeLog,
        admins: BudgetNotices | None,
        *,
        retention_days: int,
        idle: Idle | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`admins` is None where nobody is to be told (no ADMIN_CHANNEL); the log says it all the same.

        `idle`: whether no job is running or waiting, so that nobody has to wait while the database file is rewritten.
        """
        self._texts = texts
        self._books = books
        self._notices = notices
        self._admins = admins
        self._keep = timedelta(days=retention_days)
        self._idle = idle
        self._clock = clock
        self._purge_at = 0.0
        self._compact_at = math.inf
        self._compacted_at = -math.inf
        self._looking = Looking(self._look_again, failed="housekeeping failed", again_s=LOOK_S)

    def start(self) -> None:
        self._looking.start()

    async def stop(self) -> None:
        await self._looking.stop()

    async def look(self) -> None:
        """Do what is due. One part that fails does not keep the others from being done."""
        await self._attempt("purge", self._purge_when_due)
        await self._attempt("compact", self._compact_when_due)
        await self._attempt("budgets", self._tell_budgets)

    async def _look_again(self) -> float:
        await self.look()
        return LOOK_S

    async def _attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - it must outlive everything
            log.warning("housekeeping failed", part=name, error=type(error).__name__)

    async def _purge_when_due(self) -> None:
        now = self._clock()
        if now < self._purge_at:
            return
        purged = await self._texts.purge(self._keep)
        self._purge_at = now + (DAY_S if self._keep else LOOK_S / 2)
        if purged != Purged():
            self._compact_at = min(self._compact_at, max(now, self._compacted_at + DAY_S))
        if purged != Purged() or self._keep:
            log.info(
                "texts erased",
                analyses=purged.analyses,
                answers=purged.answers,
                jobs=purged.jobs,
                seconds=round(self._clock() - now, 3),
            )

    async def _compact_when_due(self) -> None:
        """At most once a day, when nobody is at work; where that never happens, a day later all the same."""
        now = self._clock()
        if now < self._compact_at:
            return
        if self._idle is not None and now < self._compact_at + DAY_S and not await self._idle():
            return
        await self._texts.compact()
        self._compact_at, self._compacted_at = math.inf, now
        log.info("database file rewritten", seconds=round(self._clock() - now, 3))

    async def _tell_budgets(self) -> None:
        await self._books.drop_expired()
        await self._books.note_crossings()
        for notice in await self._notices.due():
            log.warning(
                "budget nearly spent",
                scope=notice.place.scope.value,
                id=notice.place.id,
                month=notice.month,
                percent=notice.percent,
            )
            await self._tell(notice)

    async def _tell(self, notice: BudgetNotice) -> None:
        if self._admins is not None:
            try:
                await self._admins.tell(notice)
            except SmallprintError as error:
                if error.retryable:
                    raise
                log.warning(
                    "budget notice not told", code=error.code
                )  # the channel is gone: asking again is in vain
        await self._notices.mark_told(notice.id)
