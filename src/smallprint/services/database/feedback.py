"""Thumbs on reports, and decisions on findings: two logs that are added to, and of which the last entry counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, select

from smallprint.models.database import analyses, feedback, finding_decisions
from smallprint.models.domain import Decision, Decisions, Feedback, FindingDecision, holding
from smallprint.services.database.connection import Database, from_iso, to_iso

_entry = finding_decisions.c
_LOCK = 0x46656564  # "Feed"


class FeedbackStore:
    """Rows of the tables `feedback` and `finding_decisions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def decide(self, wanted: FindingDecision) -> FindingDecision | None:
        """Write it down unless it holds already; what holds of that finding then, None when that is nothing.

        Of two who decide the same the first one stays, whoever presses and however often. A known request changes nothing.
        """

        def work(connection: Connection) -> FindingDecision | None:
            self._database.exclude_others(connection, _LOCK)
            known = connection.execute(_requested(wanted.request_id)).first() is not None
            before = _last(connection, wanted)
            if known or _says_the_same(before, wanted):
                return _in_force(before)
            connection.execute(insert(finding_decisions).values(_decision_row(wanted)))
            return _in_force(wanted)

        return await self._database.transact(work)

    async def decisions(self, analysis_id: str) -> Decisions:
        """What holds of each finding of an analysis."""
        query = select(finding_decisions).where(_entry.analysis_id == analysis_id).order_by(_entry.id)
        async with self._database.read() as connection:
            return holding(_decision(row) for row in await connection.execute(query))

    async def decided(self, since: datetime | None = None) -> tuple[str, ...]:
        """Ids of analyses with a decision that was made since then, in the order of their first ones; None: since ever."""
        query = select(_entry.analysis_id, _entry.id).order_by(_entry.id)
        if since is not None:
            query = query.where(_entry.created_at >= to_iso(since))
        async with self._database.read() as connection:
            rows: Iterable[Row[Any]] = await connection.execute(query)
            return tuple(dict.fromkeys(row.analysis_id for row in rows))

    async def rate(self, thumb: Feedback) -> None:
        """Write it down; a request that is known already changes nothing.

        Without its reason where the report was forgotten since the form was opened: it may quote it.
        """

        def work(connection: Connection) -> None:
            forgotten = connection.execute(_without_report(thumb.analysis_id)).first() is not None
            row = _thumb_row(replace(thumb, reason="") if forgotten else thumb)
            connection.execute(self._database.insert_or_keep(feedback).values(row))

        await self._database.transact(work)


def _without_report(analysis_id: str) -> Select[Any]:
    ended = and_(analyses.c.id == analysis_id, analyses.c.finished_at.is_not(None))
    return select(analyses.c.id).where(ended, analyses.c.report.is_(None))


def _requested(request_id: str) -> Select[Any]:
    return select(_entry.id).where(_entry.request_id == request_id)


def _last(connection: Connection, wanted: FindingDecision) -> FindingDecision | None:
    query = (
        select(finding_decisions)
        .where(_entry.analysis_id == wanted.analysis_id, _entry.finding_id == wanted.finding_id)
        .order_by(_entry.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else _decision(row)


def _says_the_same(before: FindingDecision | None, wanted: FindingDecision) -> bool:
    """A reason that was not given before is something new."""
    if before is None:
        return wanted.decision is Decision.UNDONE
    return before.decision is wanted.decision and wanted.reason in {"", before.reason}


def _in_force(entry: FindingDecision | None) -> FindingDecision | None:
    return None if entry is None or entry.decision is Decision.UNDONE else entry


def _decision_row(entry: FindingDecision) -> dict[str, Any]:
    return {
        "analysis_id": entry.analysis_id,
        "finding_id": entry.finding_id,
        "decision": entry.decision.value,
        "reason": entry.reason,
        "user_id": entry.user,
        "request_id": entry.request_id,
        "created_at": to_iso(entry.at),
    }


def _decision(row: Row[Any]) -> FindingDecision:
    return FindingDecision(
        analysis_id=row.analysis_id,
        finding_id=row.finding_id,
        decision=Decision(row.decision),
        user=row.user_id or "",
        reason=row.reason,
        request_id=row.request_id,
        at=from_iso(row.created_at),
    )


def _thumb_row(thumb: Feedback) -> dict[str, Any]:
    return {
        "analysis_id": thumb.analysis_id,
        "user_id": thumb.user,
        "thumb": thumb.thumb.value,
        "reason": thumb.reason,
        "request_id": thumb.request_id,
        "created_at": to_iso(thumb.at),
    }
