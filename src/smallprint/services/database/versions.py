"""Documents that may be versions of each other: those of a thread, and those that a channel had analysed lately."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from smallprint.models.database import analyses, jobs
from smallprint.models.domain import Job, JobKind
from smallprint.services.database.connection import Database, from_iso, to_iso

_MOST_IN_THREAD = 200
_MOST_IN_CHANNEL = 300


@dataclass(frozen=True, slots=True)
class AnalysedDocument:
    """A document that has a report, by the job that made it."""

    job_id: str
    file_id: str
    name: str
    sha256: str
    risk_level: str
    shared_at: datetime
    """When its job came in."""
    ordinal: int
    message_ts: str
    """The message that carried it; empty when it is not known."""

    @property
    def order(self) -> tuple[datetime, int]:
        """Older ones sort first; of one message in its order."""
        return self.shared_at, self.ordinal


class VersionStore:
    """Read-only. What somebody had analysed for themselves alone is never among it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_thread(self, job: Job) -> list[AnalysedDocument]:
        """Documents of the job's thread that have a report, oldest first; a file that ran again counts once, as its last run."""
        query = _analysed().where(
            jobs.c.team == job.team, jobs.c.channel == job.channel, jobs.c.thread_ts == job.thread_ts
        )
        found = await self._read(query.order_by(jobs.c.created_at, jobs.c.ordinal).limit(_MOST_IN_THREAD))
        first = {each.file_id: each for each in reversed(found)}
        last = {each.file_id: each for each in found}
        return [_placed(last[file_id], first[file_id]) for file_id in dict.fromkeys(e.file_id for e in found)]

    async def of_channel(self, team: str, channel: str, since: datetime) -> list[AnalysedDocument]:
        """Those of a channel, newest first; the same bytes once."""
        query = _analysed().where(
            jobs.c.team == team, jobs.c.channel == channel, jobs.c.created_at >= to_iso(since)
        )
        found = await self._read(query.order_by(jobs.c.created_at.desc()).limit(_MOST_IN_CHANNEL))
        newest: dict[str, AnalysedDocument] = {}
        for each in found:
            newest.setdefault(each.sha256, each)
        return list(newest.values())

    async def of_file(self, job: Job) -> AnalysedDocument | None:
        """The last report on the job's file in its channel, with the time of the first."""
        query = _analysed().where(
            jobs.c.team == job.team, jobs.c.channel == job.channel, jobs.c.file_id == job.file_id
        )
        found = await self._read(
            query.order_by(jobs.c.created_at.desc()).limit(_MOST_IN_THREAD),
            reader=job.user if job.brief.private else "",
        )
        return _placed(found[0], found[-1]) if found else None

    async def _read(self, query: Select[Any], *, reader: str = "") -> list[AnalysedDocument]:
        """`reader`: whose private documents may be among them."""
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [
            _document(row) for row in rows if not _private(row.brief) or (reader and row.user_id == reader)
        ]


def _analysed() -> Select[Any]:
    return (
        select(
            jobs.c.id,
            jobs.c.file_id,
            jobs.c.created_at,
            jobs.c.ordinal,
            jobs.c.message_ts,
            jobs.c.brief,
            jobs.c.user_id,
            analyses.c.document_name,
            analyses.c.document_sha256,
            analyses.c.risk_level,
        )
        .join_from(jobs, analyses, analyses.c.id == jobs.c.id)
        .where(jobs.c.kind == JobKind.DOCUMENT, analyses.c.report.is_not(None))
    )


def _document(row: Row[Any]) -> AnalysedDocument:
    return AnalysedDocument(
        job_id=row.id,
        file_id=row.file_id,
        name=row.document_name,
        sha256=row.document_sha256,
        risk_level=row.risk_level or "",
        shared_at=from_iso(row.created_at),
        ordinal=row.ordinal,
        message_ts=row.message_ts,
    )


def _placed(last: AnalysedDocument, first: AnalysedDocument) -> AnalysedDocument:
    """The last run, in the place of the first: to analyse an old version again makes it no newer."""
    return AnalysedDocument(
        last.job_id,
        last.file_id,
        last.name,
        last.sha256,
        last.risk_level,
        first.shared_at,
        first.ordinal,
        first.message_ts,
    )


def _private(brief: str) -> bool:
    return bool(brief) and bool(json.loads(brief).get("private"))
