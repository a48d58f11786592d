"""The budgets' books: what is spent, what running analyses may still spend, and whether one more fits.

Nothing is summed up beforehand: what was spent is the sum over `llm_calls`, so the books cannot differ from the calls.
Every decision is one transaction that excludes all others, so two analyses never take the same dollar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    select,
    text,
    true,
    update,
)

from smallprint.models.database import analyses, budget_reservations, llm_calls
from smallprint.models.domain import (
    Budget,
    BudgetScope,
    Defaults,
    Place,
    Refusal,
    limit_of,
    places_of,
    refusal_of,
)
from smallprint.services.database.budget_changes import last_changes
from smallprint.services.database.budget_notices import note_crossings
from smallprint.services.database.connection import Database, to_iso

EXPIRES_AFTER = timedelta(days=1)
"""A reservation whose analysis never ended, because its process died and nobody went on with it."""

_LOCK = 0x42756467  # "Budg": the advisory lock's number on Postgres
_call = llm_calls.c
_held = budget_reservations.c
_SPENT = func.coalesce(func.sum(_call.cost_nano_usd), 0)
_UNPRICED = func.count() - func.count(_call.cost_nano_usd)
_COVERS = """
SELECT amount_nano_usd - (SELECT coalesce(sum(cost_nano_usd), 0) FROM llm_calls WHERE analysis_id = :analysis)
FROM budget_reservations WHERE analysis_id = :analysis AND expires_at > :now
"""


@dataclass(frozen=True, slots=True)
class _Open:
    """What a running analysis may still spend."""

    user: str
    channel: str
    nano_usd: int

    def counts_for(self, place: Place) -> bool:
        match place.scope:
            case BudgetScope.USER_DAY:
                return self.user == place.id
            case BudgetScope.CHANNEL_MONTH:
                return self.channel == place.id
            case BudgetScope.WORKSPACE_MONTH:
                return True
            case _:
                return False


class BudgetBooks:
    """Reservations, and how each budget stands."""

    def __init__(
        self,
        database: Database,
        defaults: Defaults,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`defaults`: the limits of the settings."""
        self._database = database
        self._defaults = defaults
        self._clock = clock

    async def reserve(self, analysis_id: str, user: str, channel: str, nano_usd: int) -> Refusal | None:
        """Hold what the analysis will cost in all, or say which budget has no room for it.

        One that holds something already keeps it.
        """

        def work(connection: Connection) -> Refusal | None:
            now = self._begin(connection)
            held = _reservation(connection, analysis_id)
            if held is not None and held.expires_at > to_iso(now):
                _renew(connection, analysis_id, now)
                return None
            return self._hold(connection, analysis_id, (user, channel), nano_usd, now)

        return await self._database.transact(work)

    async def covers(self, analysis_id: str, nano_usd: int) -> bool:
        """True if what the analysis holds is enough to spend so much more."""
        now = to_iso(self._clock())
        left = await self._database.glance(_COVERS, {"analysis": analysis_id, "now": now})
        return any(row[0] >= nano_usd for row in left)

    async def extend(self, analysis_id: str, nano_usd: int) -> Refusal | None:
        """Hold enough for the analysis to spend so much more, or say which budget has no room for that."""

        def work(connection: Connection) -> Refusal | None:
            now = self._begin(connection)
            total = _spent_on(connection, analysis_id) + nano_usd
            held = _reservation(connection, analysis_id)
            if held is not None and held.expires_at > to_iso(now) and held.amount_nano_usd >= total:
                return None
            asker = (held.user_id, held.channel) if held is not None else _asker(connection, analysis_id)
            return self._hold(connection, analysis_id, asker, total, now)

        return await self._database.transact(work)

    async def settle(self, analysis_id: str) -> None:
        """The analysis has ended: what it did not spend is free. Repeating it changes nothing."""
        ended = delete(budget_reservations).where(_held.analysis_id == analysis_id)
        await self._database.transact(lambda connection: connection.execute(ended))

    async def drop_expired(self) -> None:
        """Forget the reservations of analyses that never ended; they count for nothing already."""
        over = delete(budget_reservations).where(_held.expires_at <= to_iso(self._clock()))
        async with self._database.write() as connection:
            await connection.execute(over)

    async def standing(self, user: str = "", channel: str = "") -> tuple[Budget, ...]:
        """The budgets that apply to an analysis of that user in that channel."""
        now = self._clock()

        def work(connection: Connection) -> tuple[Budget, ...]:
            return self._standing(connection, places_of(user, channel), now)

        async with self._database.read() as connection:
            return await connection.run_sync(work)

    async def everything(self) -> tuple[Budget, ...]:
        """Everybody's limits, then those of users and channels that have one of their own or have spent something."""
        now = self._clock()
        async with self._database.read() as connection:
            return await connection.run_sync(lambda sync: self._everything(sync, now))

    async def note_crossings(self) -> None:
        """Write down which monthly budgets have reached 80 or 100 percent since anybody looked."""
        reached = [each for each in await self.everything() if each.has_reached(80)]
        if reached:
            now = self._clock()
            await self._database.transact(
                lambda connection: note_crossings(connection, self._database, reached, now)
            )

    def _begin(self, connection: Connection) -> datetime:
        """From here on nobody else decides anything. On SQLite the transaction itself (BEGIN IMMEDIATE) sees to that."""
        if self._database.dialect == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        return self._clock()

    def _hold(
        self, connection: Connection, analysis_id: str, asker: tuple[str, str], total: int, now: datetime
    ) -> Refusal | None:
        spent = _spent_on(connection, analysis_id)
        cost = max(total, spent)
        budgets = self._standing(connection, places_of(*asker), now, without=analysis_id)
        refusal = refusal_of(budgets, cost_nano_usd=cost, spent_nano_usd=spent)
        note_crossings(connection, self._database, budgets, now, refusal)
        if refusal is None:
            _write(connection, analysis_id, asker, cost, now)
        return refusal

    def _standing(
        self, connection: Connection, places: Sequence[Place], now: datetime, *, without: str = ""
    ) -> tuple[Budget, ...]:
        """`without`: an analysis that is to be judged, so its own reservation and places without limits don't matter."""
        last = last_changes(connection, {place.id for place in places})
        limits = {place: limit_of(place, last, self._defaults) for place in places}
        running = _running(connection, now, without)
        return tuple(
            Budget(
                place, limit, reserved_nano_usd=_reserved(running, place), **_spending(connection, place, now)
            )
            for place, limit in limits.items()
            if limit.nano_usd is not None or not without
        )

    def _everything(self, connection: Connection, now: datetime) -> tuple[Budget, ...]:
        last = last_changes(connection)
        running = _running(connection, now)
        spent = {
            **_by(connection, BudgetScope.USER_DAY, now),
            **_by(connection, BudgetScope.CHANNEL_MONTH, now),
        }
        own = {*last, *spent, *(place for each in running for place in places_of(each.user, each.channel))}
        whole = Place(BudgetScope.WORKSPACE_MONTH)
        spent[whole] = _spending(connection, whole, now)
        everybody = [Place(scope) for scope in BudgetScope]
        places = [*everybody, *sorted((place for place in own if place.id), key=_order)]
        return tuple(
            Budget(
                place,
                limit_of(place, last, self._defaults),
                reserved_nano_usd=_reserved(running, place),
                **spent.get(place, {}),
            )
            for place in places
        )


def _order(place: Place) -> tuple[int, str]:
    return tuple(BudgetScope).index(place.scope), place.id


def _reservation(connection: Connection, analysis_id: str) -> Row[Any] | None:
    query = select(budget_reservations).where(_held.analysis_id == analysis_id)
    return connection.execute(query).first()


def _write(
    connection: Connection, analysis_id: str, asker: tuple[str, str], nano_usd: int, now: datetime
) -> None:
    user, channel = asker
    row = {
        "user_id": user,
        "channel": channel,
        "amount_nano_usd": nano_usd,
        "expires_at": to_iso(now + EXPIRES_AFTER),
    }
    changed = update(budget_reservations).where(_held.analysis_id == analysis_id).values(row)
    if not connection.execute(changed).rowcount:
        connection.execute(insert(budget_reservations).values(analysis_id=analysis_id, **row))


def _renew(connection: Connection, analysis_id: str, now: datetime) -> None:
    later = update(budget_reservations).where(_held.analysis_id == analysis_id)
    connection.execute(later.values(expires_at=to_iso(now + EXPIRES_AFTER)))


def _spent_on(connection: Connection, analysis_id: str) -> int:
    return int(connection.execute(select(_SPENT).where(_call.analysis_id == analysis_id)).scalar_one())


def _asker(connection: Connection, analysis_id: str) -> tuple[str, str]:
    """Of an analysis that reserved nothing."""
    query = select(analyses.c.user_id, analyses.c.channel).where(analyses.c.id == analysis_id)
    row = connection.execute(query).first()
    return (row.user_id or "", row.channel) if row is not None else ("", "")


def _running(connection: Connection, now: datetime, without: str = "") -> list[_Open]:
    spent = select(_SPENT).where(_call.analysis_id == _held.analysis_id).scalar_subquery()
    left = (_held.amount_nano_usd - spent).label("nano_usd")
    query = select(_held.user_id, _held.channel, left).where(
        _held.expires_at > to_iso(now), _held.analysis_id != without
    )
    rows = connection.execute(query)
    return [_Open(row.user_id, row.channel, max(0, int(row.nano_usd))) for row in rows]


def _reserved(running: Iterable[_Open], place: Place) -> int:
    return sum(each.nano_usd for each in running if each.counts_for(place))


def _spending(connection: Connection, place: Place, now: datetime) -> dict[str, int]:
    """Nothing for a single document, and for what has no id: everybody's limit is not a common one."""
    if place.scope is BudgetScope.DOCUMENT or (place.scope.has_ids and not place.id):
        return {}
    return _sums(connection.execute(_sum(place.scope, now).where(_in(place))).one())


def _by(connection: Connection, scope: BudgetScope, now: datetime) -> dict[Place, dict[str, int]]:
    column = _ids(scope)
    query = _sum(scope, now).add_columns(column.label("id")).where(column != "").group_by(column)
    return {Place(scope, row.id): _sums(row) for row in connection.execute(query)}


def _sum(scope: BudgetScope, now: datetime) -> Select[Any]:
    today = to_iso(now)[:10]
    first = f"{today[:7]}-01" if scope.monthly else today
    return select(_SPENT.label("spent"), _UNPRICED.label("unpriced")).where(_call.day.between(first, today))


def _in(place: Place) -> ColumnElement[bool]:
    return _ids(place.scope) == place.id if place.scope.has_ids else true()


def _ids(scope: BudgetScope) -> ColumnElement[Any]:
    return _call.user_id if scope is BudgetScope.USER_DAY else _call.channel


def _sums(row: Row[Any]) -> dict[str, int]:
    # Postgres gives sums of BIGINT as Decimal.
    return {"spent_nano_usd": int(row.spent), "unpriced_calls": int(row.unpriced)}
