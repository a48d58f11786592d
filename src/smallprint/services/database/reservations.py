"""What running analyses hold: the rows of `budget_reservations`, read and written in the books' transactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from smallprint.models.database import analyses, budget_reservations, llm_calls
from smallprint.models.domain import BudgetScope, Place
from smallprint.services.database.budget_sums import SPENT
from smallprint.services.database.connection import to_iso

EXPIRES_AFTER = timedelta(days=1)
"""A reservation whose analysis never ended, because its process died and nobody went on with it."""

_held = budget_reservations.c


@dataclass(frozen=True, slots=True)
class OpenReservation:
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


def reservation_of(connection: Connection, analysis_id: str) -> Row[Any] | None:
    query = select(budget_reservations).where(_held.analysis_id == analysis_id)
    return connection.execute(query).first()


def write_reservation(
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


def renew_reservation(connection: Connection, analysis_id: str, now: datetime) -> None:
    later = update(budget_reservations).where(_held.analysis_id == analysis_id)
    connection.execute(later.values(expires_at=to_iso(now + EXPIRES_AFTER)))


def asker_of(connection: Connection, analysis_id: str) -> tuple[str, str]:
    """User and channel, as they were when something was reserved; else those of the analysis."""
    row: Any = reservation_of(connection, analysis_id)
    if row is None:
        query = select(analyses.c.user_id, analyses.c.channel).where(analyses.c.id == analysis_id)
        row = connection.execute(query).first()
    return (row.user_id or "", row.channel) if row is not None else ("", "")


def open_reservations(connection: Connection, now: datetime, *, without: str = "") -> list[OpenReservation]:
    spent = select(SPENT).where(llm_calls.c.analysis_id == _held.analysis_id).scalar_subquery()
    left = (_held.amount_nano_usd - spent).label("nano_usd")
    query = select(_held.user_id, _held.channel, left).where(
        _held.expires_at > to_iso(now), _held.analysis_id != without
    )
    rows = connection.execute(query)
    return [OpenReservation(row.user_id, row.channel, max(0, int(row.nano_usd))) for row in rows]
