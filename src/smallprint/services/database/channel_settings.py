"""What channels want of us: a log that is added to, and of which a channel's last entry holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, insert, select

from smallprint.models.database import channel_settings
from smallprint.models.domain import ChannelChange, ChannelSettings
from smallprint.services.database.connection import Database, from_iso, to_iso

_entry = channel_settings.c
_NOTHING = ChannelSettings()
_LOCK = 0x4368616E  # "Chan"
_HOLDS = """
SELECT settings FROM channel_settings WHERE team = :team AND channel = :channel ORDER BY id DESC LIMIT 1
"""


class ChannelSettingsStore:
    """Rows of the table `channel_settings`."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    async def of(self, team: str, channel: str) -> ChannelSettings:
        """What holds now; the settings that nobody made, where nobody made any. Asked for every shared file."""
        rows = await self._database.glance(_HOLDS, {"team": team, "channel": channel})
        return _settings(rows[0][0]) if rows else _NOTHING

    async def change(
        self, team: str, channel: str, settings: ChannelSettings, *, actor: str, request_id: str
    ) -> ChannelChange | None:
        """Write it down, and what it changed; None when it holds already. A known request is not written twice."""
        now = to_iso(self._clock())
        row = {
            "team": team,
            "channel": channel,
            "settings": _adapter().dump_json(settings).decode(),
            "actor": actor,
            "request_id": request_id,
            "created_at": now,
        }

        def work(connection: Connection) -> ChannelChange | None:
            self._database.exclude_others(connection, _LOCK)
            known = connection.execute(
                select(channel_settings).where(_entry.request_id == request_id)
            ).first()
            if known is None:
                if _before(connection, team, channel) == settings:
                    return None
                known = connection.execute(
                    insert(channel_settings).values(row).returning(channel_settings)
                ).one()
            return _change(known, _before(connection, team, channel, _entry.id < known.id))

        return await self._database.transact(work)

    async def history(self, team: str, channel: str, limit: int = 20) -> tuple[ChannelChange, ...]:
        """Newest first."""
        query = (
            select(channel_settings)
            .where(_entry.team == team, _entry.channel == channel)
            .order_by(_entry.id.desc())
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        befores = [*(_settings(row.settings) for row in rows[1:]), _NOTHING]
        return tuple(_change(row, before) for row, before in zip(rows, befores, strict=False))[:limit]


def _before(
    connection: Connection, team: str, channel: str, *conditions: ColumnElement[bool]
) -> ChannelSettings:
    """What held before the entries that the conditions leave out."""
    query = select(_entry.settings).where(_entry.team == team, _entry.channel == channel, *conditions)
    last = connection.execute(query.order_by(_entry.id.desc()).limit(1)).scalar_one_or_none()
    return _NOTHING if last is None else _settings(last)


@cache
def _adapter() -> TypeAdapter[ChannelSettings]:
    return TypeAdapter(ChannelSettings)


def _settings(text: str) -> ChannelSettings:
    return _adapter().validate_json(text)


def _change(row: Row[Any], before: ChannelSettings) -> ChannelChange:
    return ChannelChange(
        id=row.id,
        team=row.team,
        channel=row.channel,
        settings=_settings(row.settings),
        before=before,
        actor=row.actor,
        at=from_iso(row.created_at),
    )
