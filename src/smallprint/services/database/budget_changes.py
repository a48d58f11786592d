"""The log of limits that were changed at run time: added to and read, nothing else (triggers refuse the rest)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from smallprint.models.database import budget_changes
from smallprint.models.domain import BudgetAction, BudgetChange, BudgetScope, Place
from smallprint.services.database.connection import Database, from_iso, to_iso

_change = budget_changes.c


class BudgetChangeStore:
    """Rows of the table `budget_changes`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, change: BudgetChange) -> BudgetChange:
        """The change as it is kept; a request that is known already returns what it led to the first time."""
        insert = self._database.insert_or_keep(budget_changes).values(_row(change))
        kept = select(budget_changes).where(_change.request_id == change.request_id)

        def work(connection: Connection) -> BudgetChange:
            connection.execute(insert)
            return _from_row(connection.execute(kept).one())

        return await self._database.transact(work)

    async def log(self, limit: int) -> tuple[BudgetChange, ...]:
        """Newest first."""
        query = select(budget_changes).order_by(_change.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return tuple(_from_row(row) for row in await connection.execute(query))


def last_changes(
    connection: Connection, ids: Iterable[str] | None = None, among: ColumnElement[bool] | None = None
) -> Mapping[Place, BudgetChange]:
    """The last change of each place; with `ids` only of those users and channels, and of everybody's."""
    last = select(func.max(_change.id)).group_by(_change.scope, _change.scope_id)
    if among is not None:
        last = last.where(among)
    if ids is not None:
        last = last.where(_change.scope_id.in_({"", *ids}))
    rows = connection.execute(select(budget_changes).where(_change.id.in_(last)))
    return {change.place: change for change in map(_from_row, rows)}


def changes_around(
    connection: Connection, change: BudgetChange
) -> tuple[Mapping[Place, BudgetChange], Mapping[Place, BudgetChange]]:
    """The last changes of its place and everybody's: before this one, and with it. Later ones don't count."""
    number = select(_change.id).where(_change.request_id == change.request_id).scalar_subquery()
    ids = (change.place.id,)
    before = last_changes(connection, ids, _change.id < number)
    return before, last_changes(connection, ids, _change.id <= number)


def _row(change: BudgetChange) -> dict[str, Any]:
    return {
        "scope": change.place.scope.value,
        "scope_id": change.place.id,
        "action": change.action.value,
        "amount_nano_usd": change.amount_nano_usd,
        "actor": change.actor,
        "reason": change.reason,
        "request_id": change.request_id,
        "created_at": to_iso(change.at),
    }


def _from_row(row: Row[Any]) -> BudgetChange:
    return BudgetChange(
        place=Place(BudgetScope(row.scope), row.scope_id),
        action=BudgetAction(row.action),
        amount_nano_usd=row.amount_nano_usd,
        actor=row.actor,
        reason=row.reason,
        request_id=row.request_id,
        at=from_iso(row.created_at),
    )
