"""The budgets' books: what is spent, what running analyses may still spend, and whether one more fits.

Nothing is summed up beforehand: what was spent is the sum over `llm_calls`, so the books cannot differ from the calls.
Every decision is one transaction that excludes all others, so two analyses never take the same dollar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection, delete

from smallprint.models.database import budget_reservations
from smallprint.models.domain import (
    Budget,
    BudgetChange,
    BudgetScope,
    Defaults,
    Limit,
    LimitMove,
    Place,
    Refusal,
    limit_of,
    places_of,
    refusal_of,
)
from smallprint.services.database.budget_changes import changes_around, last_changes
from smallprint.services.database.budget_notices import NEARLY, note_crossings
from smallprint.services.database.budget_sums import (
    Sum,
    spent_before,
    spent_by_each,
    spent_in,
    spent_on,
    spent_since,
)
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.reservations import (
    OpenReservation,
    asker_of,
    open_reservations,
    renew_reservation,
    reservation_of,
    write_reservation,
)

T = TypeVar("T")

_LOCK = 0x42756467  # "Budg"
_COVERS = """
SELECT amount_nano_usd - (SELECT coalesce(sum(cost_nano_usd), 0) FROM llm_calls WHERE analysis_id = :analysis)
FROM budget_reservations WHERE analysis_id = :analysis AND expires_at > :now
"""


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
            self._database.exclude_others(connection, _LOCK)
            held = reservation_of(connection, analysis_id)
            if held is not None and held.expires_at > to_iso(now):
                renew_reservation(connection, analysis_id, now)
                return None
            return self._hold(connection, analysis_id, (user, channel), nano_usd, now, earlier)

        return await self._database.transact(work)

    async def covers(self, analysis_id: str, nano_usd: int) -> bool:
        """True if what the analysis holds is enough to spend so much more."""
        now = to_iso(self._clock())
        left = await self._database.glance(_COVERS, {"analysis": analysis_id, "now": now})
        return any(row[0] >= nano_usd for row in left)

    async def room(self, analysis_id: str) -> int | None:
        """Nano-USD that the analysis may still spend at most, what it holds included; None without a limit.

        Of this moment: only `reserve` and `extend` decide.
        """
        now = self._clock()

        def work(connection: Connection) -> int | None:
            budgets = self._standing(connection, asker_of(connection, analysis_id), now, without=analysis_id)
            so_far = spent_on(connection, analysis_id)
            return min(
                (left for budget in budgets if (left := _left(budget, so_far)) is not None), default=None
            )

        return await self._read(work)

    async def extend(self, analysis_id: str, nano_usd: int) -> Refusal | None:
        """Hold enough for the analysis to spend so much more, or say which budget has no room for that."""
        now = self._clock()
        asker = await self._read(lambda connection: asker_of(connection, analysis_id))
        earlier = await self._read(lambda connection: self._earlier(connection, asker, now))

        def work(connection: Connection) -> Refusal | None:
            self._database.exclude_others(connection, _LOCK)
            total = spent_on(connection, analysis_id) + nano_usd
            held = reservation_of(connection, analysis_id)
            if held is not None and held.expires_at > to_iso(now) and held.amount_nano_usd >= total:
                return None
            return self._hold(connection, analysis_id, asker, total, now, earlier)

        return await self._database.transact(work)

    async def settle(self, analysis_id: str) -> None:
        """The analysis has ended: what it did not spend is free. Repeating it changes nothing."""
        ended = delete(budget_reservations).where(budget_reservations.c.analysis_id == analysis_id)
        await self._database.transact(lambda connection: connection.execute(ended))

    async def drop_expired(self) -> None:
        """Forget the reservations of analyses that never ended; they count for nothing already."""
        over = delete(budget_reservations).where(budget_reservations.c.expires_at <= to_iso(self._clock()))
        async with self._database.write() as connection:
            await connection.execute(over)

    async def standing(self, user: str = "", channel: str = "") -> tuple[Budget, ...]:
        """The budgets that apply to an analysis of that user in that channel."""
        now = self._clock()
        return await self._read(lambda connection: self._standing(connection, (user, channel), now))

    async def everything(self) -> tuple[Budget, ...]:
        """Everybody's limits, then those of users and channels that have one of their own or have spent something."""
        now = self._clock()
        return await self._read(lambda connection: self._everything(connection, now))

    async def move(self, change: BudgetChange) -> LimitMove:
        """What the change did, whatever was changed since."""
        before, after = await self._read(lambda connection: changes_around(connection, change))
        return LimitMove(
            change,
            before=limit_of(change.place, before, self._defaults),
            after=limit_of(change.place, after, self._defaults),
        )

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

    def _limits(self, connection: Connection, asker: tuple[str, str]) -> dict[Place, Limit]:
        last = last_changes(connection, asker)
        return {place: limit_of(place, last, self._defaults) for place in places_of(*asker)}

    def _earlier(self, connection: Connection, asker: tuple[str, str], now: datetime) -> Mapping[Place, Sum]:
        """Of a month it is most of the work, it cannot change, and so it is done while nobody waits for the lock."""
        limits = self._limits(connection, asker)
        limited = [place for place, limit in limits.items() if limit.nano_usd is not None]
        return {place: spent_before(connection, place, now) for place in limited if place.scope.monthly}

    def _standing(
        self, connection: Connection, asker: tuple[str, str], now: datetime, *, without: str = ""
    ) -> tuple[Budget, ...]:
        limits = self._limits(connection, asker)
        spent = {place: spent_in(connection, place, now) for place in limits}
        return _budgets(limits, spent, open_reservations(connection, now, without=without))

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
        budgets = _budgets(limited, spent, open_reservations(connection, now, without=analysis_id))
        so_far = spent_on(connection, analysis_id)
        cost = max(total, so_far)
        refusal = refusal_of(budgets, cost_nano_usd=cost, spent_nano_usd=so_far)
        note_crossings(connection, self._database, budgets, now, refusal)
        if refusal is None:
            write_reservation(connection, analysis_id, asker, cost, now)
        return refusal

    def _everything(self, connection: Connection, now: datetime) -> tuple[Budget, ...]:
        last, running = last_changes(connection), open_reservations(connection, now)
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
    limits: Mapping[Place, Limit], spent: Mapping[Place, Sum], running: Sequence[OpenReservation]
) -> tuple[Budget, ...]:
    found = []
    for place, limit in limits.items():
        sums = spent.get(place, Sum())
        reserved = sum(each.nano_usd for each in running if each.counts_for(place))
        found.append(Budget(place, limit, sums.nano_usd, reserved, sums.unpriced_calls))
    return tuple(found)


def _left(budget: Budget, spent_on_it: int) -> int | None:
    """A document's own limit is for all of it, what is spent already included."""
    left = budget.left_nano_usd
    is_whole = budget.place.scope is BudgetScope.DOCUMENT
    return max(0, left - spent_on_it) if left is not None and is_whole else left


def _order(place: Place) -> tuple[int, str]:
    return tuple(BudgetScope).index(place.scope), place.id
