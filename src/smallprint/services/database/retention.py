"""Texts go, numbers stay: reports, paid answers, names of documents, titles of findings and typed wishes.

In small transactions, so that nobody waits for the purge; whatever a crash leaves undone is found by the next one. No
row is deleted that a sum counts or a foreign key names.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from smallprint.models.database import analyses, answers, findings, jobs, llm_calls
from smallprint.services.database.analyses import RUNNING
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.jobs import ENDED

BATCH = 25
"""Reports or answers in one transaction: a few milliseconds even where each has 100 kB."""
AT_ONCE = 1000
"""Rows that are looked up together."""
ROWS = 100
"""Rows without texts in one transaction."""
PAUSE_S = 0.005
"""Between two transactions: other processes get their turn too."""
GIVEN_UP = timedelta(days=1)
"""An analysis that has been running for so long never ends: its process died, and no job stands behind it."""
WISHES_AT_LEAST = timedelta(days=1)
"""The buttons under a result (go ahead, run again) repeat the job with its wishes."""

Rows = Sequence[Row[Any]]

# The same words as in the partial index, or SQLite does not use it.
_HAS_TEXTS = or_(analyses.c.report.is_not(None), analyses.c.document_name != literal_column("''"))
_NO_WORDS = '"side":"","focus":"","language":""'
_QUESTION, _NO_QUESTION = '%"question":"%', '%"question":""%'
_LINKS = "http%"


@dataclass(frozen=True, slots=True)
class Purged:
    """What lost its texts."""

    analyses: int = 0
    answers: int = 0
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Rows that named a user and do no more."""

    analyses: int
    calls: int
    jobs: int
    running: int
    """Jobs of that user that are not over: they are left as they are."""


class Retention:
    """Erases. On SQLite what is erased is overwritten (secure_delete), and emptied out of the write-ahead log; copies that
    stand in the file since its pages were split go with `compact`.
    """

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    async def purge(self, keep: timedelta) -> Purged:
        """Erase the texts of what ended longer ago than `keep`; of what has not ended nothing."""
        now = self._clock()
        before, wishes_before = to_iso(now - keep), to_iso(now - max(keep, WISHES_AT_LEAST))
        purged = Purged(
            analyses=await self._each(_old_analyses(before, now), BATCH, _erase_analyses),
            answers=await self._each(_old_answers(before, now), BATCH, _erase_answers),
            jobs=await self._each(_old_jobs(wishes_before), ROWS, _erase_wishes),
        )
        await self._database.forget_log()
        return purged

    async def forget(self, user: str) -> Forgotten:
        """Erase a user's id, and the texts of what that user asked for. Sums stay; the logs of changes name who made them."""
        now = self._clock()
        of_theirs = select(analyses.c.id).where(analyses.c.user_id == user, not_(_is_running(now)))
        texts = select(answers.c.key).where(answers.c.analysis_id.in_(of_theirs))
        calls = select(llm_calls.c.id).where(
            llm_calls.c.user_id == user, not_(_is_open(llm_calls.c.analysis_id))
        )
        own = select(jobs.c.id, jobs.c.brief, jobs.c.file_id).where(jobs.c.user_id == user, not_(_open()))
        await self._unname(user)
        await self._each(texts, BATCH, _erase_answers)
        forgotten = Forgotten(
            calls=await self._each(calls, ROWS, _forget_caller),
            analyses=await self._each(of_theirs, BATCH, partial(_erase_analyses, user_id=None)),
            jobs=await self._each(own, ROWS, partial(_erase_wishes, user_id="")),
            running=await self._running(user),
        )
        await self._database.compact()
        return forgotten

    async def compact(self) -> None:
        """After a purge: what it erased is gone from the file's unused bytes too. Writers wait meanwhile."""
        await self._database.compact()

    async def _each(self, query: Select[Any], size: int, erase: Callable[[Rows, Connection], None]) -> int:
        """Find what is to go without holding the write lock, erase it a few rows at a time, until nothing is found."""
        erased = 0
        while True:
            async with self._database.read() as connection:
                rows = (await connection.execute(query.limit(AT_ONCE))).all()
            for start in range(0, len(rows), size):
                await self._database.transact(partial(erase, rows[start : start + size]))
                await asyncio.sleep(PAUSE_S)
            erased += len(rows)
            if len(rows) < AT_ONCE:
                return erased

    async def _unname(self, user: str) -> None:
        """Reports of others that were shown again and say that this user had asked first."""
        named = analyses.c.report.contains(json.dumps(user), autoescape=True)
        query = select(analyses.c.id).where(analyses.c.earlier_id != "", named)
        async with self._database.read() as connection:
            ids = (await connection.execute(query)).scalars().all()
        for analysis_id in ids:
            await self._database.transact(partial(_unname, analysis_id, user))

    async def _running(self, user: str) -> int:
        query = select(func.count()).select_from(jobs).where(jobs.c.user_id == user, _open())
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())


# --- what is to go -----------------------------------------------------------------------------------------


def _old_analyses(before: str, now: datetime) -> Select[Any]:
    ended = func.coalesce(analyses.c.finished_at, analyses.c.created_at)
    return select(analyses.c.id).where(
        _HAS_TEXTS, analyses.c.created_at < before, ended < before, not_(_is_running(now))
    )


def _old_answers(before: str, now: datetime) -> Select[Any]:
    running = exists().where(analyses.c.id == answers.c.analysis_id, _is_running(now))
    return select(answers.c.key).where(
        answers.c.created_at < before, not_(running), not_(_is_open(answers.c.analysis_id))
    )


def _old_jobs(before: str) -> Select[Any]:
    asked = and_(jobs.c.brief.like(_QUESTION), jobs.c.brief.not_like(_NO_QUESTION))
    words = and_(jobs.c.brief != "", or_(jobs.c.brief.not_like(f"%{_NO_WORDS}%"), asked))
    return select(jobs.c.id, jobs.c.brief, jobs.c.file_id).where(
        jobs.c.finished_at < before, or_(words, jobs.c.file_id.like(_LINKS)), not_(_open())
    )


def _is_running(now: datetime) -> ColumnElement[bool]:
    running = and_(analyses.c.status == RUNNING, analyses.c.created_at > to_iso(now - GIVEN_UP))
    return or_(running, _is_open(analyses.c.id))


def _is_open(analysis_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(jobs.c.id == analysis_id, _open())


def _open() -> ColumnElement[bool]:
    """Not over, or over without the headline that its message is to get: both need the report."""
    return or_(jobs.c.state.not_in(sorted(ENDED)), and_(jobs.c.siblings > 1, jobs.c.summed_up_at.is_(None)))


# --- how it goes -------------------------------------------------------------------------------------------


def _erase_analyses(rows: Rows, connection: Connection, **further: Any) -> None:
    ids = [row.id for row in rows]
    connection.execute(update(findings).where(findings.c.analysis_id.in_(ids)).values(title=""))
    erased = update(analyses).where(analyses.c.id.in_(ids))
    connection.execute(erased.values(report=None, document_name="", **further))


def _erase_answers(rows: Rows, connection: Connection) -> None:
    """The whole row: an empty answer would be taken for one that was paid for."""
    connection.execute(delete(answers).where(answers.c.key.in_([row.key for row in rows])))


def _erase_wishes(rows: Rows, connection: Connection, **further: Any) -> None:
    changed = {"brief": bindparam("words"), "file_id": bindparam("file"), **further}
    statement = update(jobs).where(jobs.c.id == bindparam("its")).values(changed)
    connection.execute(statement, [_without_wishes(row) for row in rows])


def _without_wishes(row: Row[Any]) -> dict[str, str]:
    file = "" if row.file_id.startswith("http") else row.file_id
    return {"its": row.id, "words": _without_words(row.brief), "file": file}


def _without_words(brief: str) -> str:
    """What was chosen stays, what was typed goes."""
    words = {"side": "", "focus": "", "language": "", "question": ""}
    return json.dumps({**json.loads(brief), **words}, separators=(",", ":")) if brief else ""


def _forget_caller(rows: Rows, connection: Connection) -> None:
    ids = [row.id for row in rows]
    connection.execute(update(llm_calls).where(llm_calls.c.id.in_(ids)).values(user_id=None))


def _unname(analysis_id: str, user: str, connection: Connection) -> None:
    its = analyses.c.id == analysis_id
    report = json.loads(connection.execute(select(analyses.c.report).where(its)).scalar_one() or "{}")
    earlier = report.get("earlier") or {}
    if earlier.get("user") == user:
        text = json.dumps({**report, "earlier": {**earlier, "user": ""}}, ensure_ascii=False)
        connection.execute(update(analyses).where(its).values(report=text))
