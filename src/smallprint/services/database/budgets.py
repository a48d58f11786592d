"""The budgets' books: what is spent, what running analyses may still spend, and whether one more fits.

Nothing is summed up beforehand: what was spent is the sum over `llm_calls`, so the books cannot differ from the calls.
Every decision is one transaction that excludes all others, so two analyses never take the same dollar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, delete, insert, select, text, update

from smallprint.models.database import analyses, budget_reservations, llm_calls
from smallprint.models.domain import (
    Budget,
    BudgetScope,
    Defaults,
    Limit,
    Place,
    Refusal,
    limit_of,
    places_of,
    refusal_of,
)
from smallprint.services.database.budget_changes import last_changes
from smallprint.services.database.budget_notices import NEARLY, note_crossings
from smallprint.services.database.budget_sums import (
    SPENT,
    Sum,
    spent_before,
    spent_by_each,
    spent_in,
    spent_on,
    spent_since,
)
from smallprint.services.database.connection import Database, to_iso

EXPIRES_AFTER = timedelta(days=1)
"""A reservation whose analysis never ended, because its process died and nobody went on with it."""

T = TypeVar("T")

_LOCK = 0x42756467  # "Budg": the advisory lock's number on Postgres
_held = budget_reservations.c
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
        now = self._clock()
        earlier = await self._read(lambda connection: self._earlier(connection, (user, channel), now))

        def work(connection: Connection) -> Refusal | None:
            self._lock(connection)
            held = _reservation(connection, analysis_id)
            if held is not None and held.expires_at > to_iso(now):
                _renew(connection, analysis_id, now)
                return None
            return self._hold(connection, analysis_id, (user, channel), nano_usd, now, earlier)

        return await self._database.transact(work)

    async def covers(self, analysis_id: str, nano_usd: int) -> bool:
        """True if what the analysis holds is enough to spend so much more."""
        now = to_iso(self._clock())
        left = await self._database.glance(_COVERS, {"analysis": analysis_id, "now": now})
        return any(row[0] >= nano_usd for row in left)

    async def extend(self, analysis_id: str, nano_usd: int) -> Refusal | None:
        """Hold enough for the analysis to spend so much more, or say which budget has no room for that."""
        now = self._clock()
        asker = await self._read(lambda connection: _asker(connection, analysis_id))
        earlier = await self._read(lambda connection: self._earlier(connection, asker, now))

        def work(connection: Connection) -> Refusal | None:
            self._lock(connection)
            total = spent_on(connection, analysis_id) + nano_usd
            held = _reservation(connection, analysis_id)
            if held is not None and held.expires_at > to_iso(now) and held.amount_nano_usd >= total:
                return None
            return self._hold(connection, analysis_id, asker, total, now, earlier)

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
            limits = self._limits(connection, (user, channel))
            spent = {place: spent_in(connection, place, now) for place in limits}
            return _budgets(limits, spent, _running(connection, now))

        return await self._read(work)

    async def everything(self) -> tuple[Budget, ...]:
        """Everybody's limits, then those of users and channels that have one of their own or have spent something."""
        now = self._clock()
        return await self._read(lambda connection: self._everything(connection, now))

    async def note_crossings(self) -> None:
        """Write down which monthly budgets have reached 80 or 100 percent since anybody looked."""
        reached = [each for each in await self.everything() if each.has_reached(NEARLY)]
        if reached:
            now = self._clock()
            await self._database.transact(
                lambda connection: note_crossings(connection, self._database, reached, now)
            )

    async def _read(self, work: Callable[[Connection], T]) -> T:
        async with self._database.read() as connection:
            return await connection.run_sync(work)

    def _lock(self, connection: Connection) -> None:
        """From here on nobody else decides anything. On SQLite the transaction itself (BEGIN IMMEDIATE) sees to that."""
        if self._database.dialect == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))

    def _limits(self, connection: Connection, asker: tuple[str, str]) -> dict[Place, Limit]:
        last = last_changes(connection, asker)
        return {place: limit_of(place, last, self._defaults) for place in places_of(*asker)}

    def _earlier(self, connection: Connection, asker: tuple[str, str], now: datetime) -> Mapping[Place, Sum]:
        """Of a month it is most of the work, it cannot change, and so it is done while nobody waits for the lock."""
        limits = self._limits(connection, asker)
        limited = [place for place, limit in limits.items() if limit.nano_usd is not None]
        return {place: spent_before(connection, place, now) for place in limited if place.scope.monthly}

    def _hold(
        self,
        connection: Connection,
        analysis_id: str,
        asker: tuple[str, str],
        total: int,
        now: datetime,
        earlier: Mapping[Place, Sum],
    ) -> Refusal | None:
        limits = self._limits(connection, asker)
        limited = {place: limit for place, limit in limits.items() if limit.nano_usd is not None}
        spent = {
            place: earlier[place] + spent_since(connection, place, now)
            if place in earlier
            else spent_in(connection, place, now)
            for place in limited
        }
        budgets = _budgets(limited, spent, _running(connection, now, without=analysis_id))
        so_far = spent_on(connection, analysis_id)
        cost = max(total, so_far)
        refusal = refusal_of(budgets, cost_nano_usd=cost, spent_nano_usd=so_far)
        note_crossings(connection, self._database, budgets, now, refusal)
        if refusal is None:
            _write(connection, analysis_id, asker, cost, now)
        return refusal

    def _everything(self, connection: Connection, now: datetime) -> tuple[Budget, ...]:
        last, running = last_changes(connection), _running(connection, now)
        whole = Place(BudgetScope.WORKSPACE_MONTH)
        spent = {
            **spent_by_each(connection, BudgetScope.USER_DAY, now),
            **spent_by_each(connection, BudgetScope.CHANNEL_MONTH, now),
            whole: spent_in(connection, whole, now),
        }
        own = {*last, *spent, *(place for each in running for place in places_of(each.user, each.channel))}
        places = [*map(Place, BudgetScope), *sorted((place for place in own if place.id), key=_order)]
        limits = {place: limit_of(place, last, self._defaults) for place in places}
        return _budgets(limits, spent, running)


def _budgets(
    limits: Mapping[Place, Limit], spent: Mapping[Place, Sum], running: Sequence[_Open]
) -> tuple[Budget, ...]:
    found = []
    for place, limit in limits.items():
        sums = spent.get(place, Sum())
        reserved = sum(each.nano_usd for each in running if each.counts_for(place))
        found.append(Budget(place, limit, sums.nano_usd, reserved, sums.unpriced_calls))
    return tuple(found)


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


def _asker(connection: Connection, analysis_id: str) -> tuple[str, str]:
    """User and channel, as they were when something was reserved; else those of the analysis."""
    row: Any = _reservation(connection, analysis_id)
    if row is None:
        query = select(analyses.c.user_id, analyses.c.channel).where(analyses.c.id == analysis_id)
        row = connection.execute(query).first()
    return (row.user_id or "", row.channel) if row is not None else ("", "")


def _running(connection: Connection, now: datetime, *, without: str = "") -> list[_Open]:
    spent = select(SPENT).where(llm_calls.c.analysis_id == _held.analysis_id).scalar_subquery()
    left = (_held.amount_nano_usd - spent).label("nano_usd")
    query = select(_held.user_id, _held.channel, left).where(
        _held.expires_at > to_iso(now), _held.analysis_id != without
    )
    rows = connection.execute(query)
    return [_Open(row.user_id, row.channel, max(0, int(row.nano_usd))) for row in rows]
