"""What was spent in a budget's period, summed up from the calls themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, true

from smallprint.models.database import llm_calls
from smallprint.models.domain import BudgetScope, Place
from smallprint.services.database.connection import to_iso

_call = llm_calls.c
SPENT = func.coalesce(func.sum(_call.cost_nano_usd), 0)
_UNPRICED = func.count() - func.count(_call.cost_nano_usd)


@dataclass(frozen=True, slots=True)
class Sum:
    """Nano-USD of the calls whose cost is known, and how many there are whose cost is not."""

    nano_usd: int = 0
    unpriced_calls: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.nano_usd + other.nano_usd, self.unpriced_calls + other.unpriced_calls)


def spent_on(connection: Connection, analysis_id: str) -> int:
    """Nano-USD of one analysis."""
    return int(connection.execute(select(SPENT).where(_call.analysis_id == analysis_id)).scalar_one())


def spent_in(connection: Connection, place: Place, now: datetime) -> Sum:
    """Of the period that `now` is in. Nothing for a single document, and where everybody's limit is no common one."""
    return _sum_of(connection, place, _first_day(place.scope, now), _day(now))


def spent_before(connection: Connection, place: Place, now: datetime) -> Sum:
    """The part of `spent_in` that cannot change any more: no call takes a day, so nothing is added to days before
    yesterday.
    """
    return _sum_of(connection, place, _first_day(place.scope, now), _day(now - timedelta(days=2)))


def spent_since(connection: Connection, place: Place, now: datetime) -> Sum:
    """The other part of `spent_in`."""
    first = max(_first_day(place.scope, now), _day(now - timedelta(days=1)))
    return _sum_of(connection, place, first, _day(now))


def spent_by_each(connection: Connection, scope: BudgetScope, now: datetime) -> Mapping[Place, Sum]:
    """Of every user or channel that has spent something in the period."""
    column = _ids(scope)
    query = _sum_between(_first_day(scope, now), _day(now)).add_columns(column.label("id"))
    rows = connection.execute(query.where(column != "").group_by(column))
    return {Place(scope, row.id): _sum(row) for row in rows}


def _sum_of(connection: Connection, place: Place, first: str, last: str) -> Sum:
    if place.scope is BudgetScope.DOCUMENT or (place.scope.has_ids and not place.id) or first > last:
        return Sum()
    mine = _ids(place.scope) == place.id if place.scope.has_ids else true()
    return _sum(connection.execute(_sum_between(first, last).where(mine)).one())


def _sum_between(first: str, last: str) -> Select[Any]:
    return select(SPENT.label("spent"), _UNPRICED.label("unpriced")).where(_call.day.between(first, last))


def _ids(scope: BudgetScope) -> ColumnElement[Any]:
    return _call.user_id if scope is BudgetScope.USER_DAY else _call.channel


def _first_day(scope: BudgetScope, now: datetime) -> str:
    return f"{_day(now)[:7]}-01" if scope.monthly else _day(now)


def _day(moment: datetime) -> str:
    return to_iso(moment)[:10]


def _sum(row: Row[Any]) -> Sum:
    # Postgres gives sums of BIGINT as Decimal.
    return Sum(int(row.spent), int(row.unpriced))
