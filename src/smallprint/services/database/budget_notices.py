"""Monthly budgets that are nearly or wholly spent: written down once, told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from smallprint.models.database import budget_notices
from smallprint.models.domain import Budget, BudgetNotice, BudgetScope, Place, Refusal
from smallprint.services.database.connection import Database, to_iso

NEARLY, WHOLLY = 80, 100

_notice = budget_notices.c


class BudgetNoticeStore:
    """Rows of the table `budget_notices`."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    async def due(self) -> tuple[BudgetNotice, ...]:
        """Those of this month that nobody was told, oldest first."""
        month = month_of(self._clock())
        query = select(budget_notices).where(_notice.told_at.is_(None), _notice.month == month)
        async with self._database.read() as connection:
            return tuple(map(_from_row, await connection.execute(query.order_by(_notice.id))))

    async def mark_told(self, notice_id: int) -> None:
        told = update(budget_notices).where(_notice.id == notice_id).values(told_at=to_iso(self._clock()))
        async with self._database.write() as connection:
            await connection.execute(told)


def note_crossings(
    connection: Connection,
    database: Database,
    budgets: Sequence[Budget],
    now: datetime,
    refusal: Refusal | None = None,
) -> None:
    """Write down which of the monthly budgets have reached 80 or 100 percent, in the caller's transaction.

    A budget may never be spent to the last cent because the last document does not fit: so a refusal counts as its
    end, once it was nearly spent.
    """
    for budget in budgets:
        if not budget.place.scope.monthly:
            continue
        refused = refusal is not None and refusal.budget.place == budget.place
        ended = budget.has_reached(WHOLLY) or (refused and budget.has_reached(NEARLY))
        for percent in (WHOLLY,) if ended else (NEARLY,) if budget.has_reached(NEARLY) else ():
            row = _row(budget, percent, now)
            connection.execute(database.insert_or_keep(budget_notices).values(row))


def month_of(moment: datetime) -> str:
    """YYYY-MM"""
    return to_iso(moment)[:7]


def _row(budget: Budget, percent: int, now: datetime) -> dict[str, Any]:
    return {
        "scope": budget.place.scope.value,
        "scope_id": budget.place.id,
        "month": month_of(now),
        "percent": percent,
        "limit_nano_usd": budget.limit.nano_usd,
        "spent_nano_usd": budget.spent_nano_usd,
        "created_at": to_iso(now),
    }


def _from_row(row: Row[Any]) -> BudgetNotice:
    place = Place(BudgetScope(row.scope), row.scope_id)
    return BudgetNotice(row.id, place, row.month, row.percent, row.limit_nano_usd, row.spent_nano_usd)
