"""Texts go when their time is over, or when a person is to be forgotten; numbers stay. How it is done: erasing.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from smallprint.models.database import (
    analyses,
    answers,
    comparisons,
    feedback,
    finding_decisions,
    jobs,
    llm_calls,
    questions,
)
from smallprint.services.database.analyses import RUNNING
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.erasing import (
    BATCH,
    ROWS,
    Rows,
    drop_thumbs,
    erase_analyses,
    erase_answers,
    erase_comparisons,
    erase_each,
    erase_questions,
    erase_reasons,
    erase_wishes,
)
from smallprint.services.database.jobs import ENDED
from smallprint.services.database.opinions import superseded

GIVEN_UP = timedelta(days=1)
"""An analysis that has been running for so long never ends: its process died, and no job stands behind it."""
WISHES_AT_LEAST = timedelta(days=1)
"""The buttons under a result (go ahead, run again) repeat the job with its wishes."""

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
    said: int = 0
    """Questions, comparisons of documents, and reasons that people gave."""


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
            analyses=await self._each(_old_analyses(before, now), BATCH, erase_analyses),
            answers=await self._each(_old_answers(before, now), BATCH, erase_answers),
            jobs=await self._each(_old_jobs(wishes_before), ROWS, erase_wishes),
            said=await self._purge_what_was_said(before),
        )
        await self._database.forget_log()
        return purged

    async def forget(self, user: str) -> Forgotten:
        """Erase a user's id, and the texts of what that user asked for. Sums stay; the logs of changes name who made them."""
        now = self._clock()
        of_theirs = select(analyses.c.id).where(analyses.c.user_id == user, not_(_is_running(now)))
        texts = select(answers.c.key).where(
            or_(answers.c.analysis_id.in_(of_theirs), answers.c.analysis_id.in_(_asked_by(user)))
        )
        calls = select(llm_calls.c.id).where(
            llm_calls.c.user_id == user, not_(_is_open(llm_calls.c.analysis_id))
        )
        own = select(jobs.c.id, jobs.c.brief, jobs.c.file_id).where(jobs.c.user_id == user, not_(_open()))
        stopped = select(jobs.c.id).where(jobs.c.stopped_by == user, not_(_open()))
        await self._unname(user)
        await self._each(stopped, ROWS, _forget_who_stopped)
        await self._each(texts, BATCH, erase_answers)
        await self._forget_what_was_said(user)
        forgotten = Forgotten(
            calls=await self._each(calls, ROWS, _forget_caller),
            analyses=await self._each(of_theirs, BATCH, partial(erase_analyses, user_id=None)),
            jobs=await self._each(own, ROWS, partial(erase_wishes, user_id="")),
            running=await self._running(user),
        )
        await self._database.compact()
        return forgotten

    async def compact(self) -> None:
        """After a purge: what it erased is gone from the file's unused bytes too. Writers wait meanwhile."""
        await self._database.compact()

    async def _each(self, query: Select[Any], size: int, erase: Callable[[Rows, Connection], None]) -> int:
        return await erase_each(self._database, query, size, erase)

    async def _purge_what_was_said(self, before: str) -> int:
        old_questions = select(questions.c.id).where(
            questions.c.created_at < before,
            or_(questions.c.question != "", questions.c.answer.is_not(None)),
            not_(_is_open(questions.c.id)),
        )
        old_comparisons = select(comparisons.c.id).where(
            comparisons.c.created_at < before,
            comparisons.c.result.is_not(None),
            not_(_is_open(comparisons.c.id)),
        )
        said = await self._each(old_questions, BATCH, erase_questions)
        said += await self._each(old_comparisons, BATCH, erase_comparisons)
        for table in (feedback, finding_decisions):
            old = select(table.c.id).where(table.c.created_at < before, table.c.reason != "")
            said += await self._each(old, ROWS, partial(erase_reasons, table))
        return said

    async def _forget_what_was_said(self, user: str) -> None:
        asked = select(questions.c.id).where(questions.c.user_id == user, not_(_is_open(questions.c.id)))
        compared = select(comparisons.c.id).where(
            comparisons.c.user_id == user, not_(_is_open(comparisons.c.id))
        )
        await self._each(asked, BATCH, partial(erase_questions, user_id=None))
        await self._each(compared, BATCH, partial(erase_comparisons, user_id=None))
        # without a name nothing tells any more which of their thumbs was the last
        changed = select(feedback.c.id).where(feedback.c.user_id == user, superseded(feedback, "user_id"))
        await self._each(changed, ROWS, drop_thumbs)
        for table in (feedback, finding_decisions):
            theirs = select(table.c.id).where(table.c.user_id == user)
            await self._each(theirs, ROWS, partial(erase_reasons, table, user_id=None))

    async def _unname(self, user: str) -> None:
        """Reports of others that say that this user had asked first, or had stopped them."""
        named = analyses.c.report.contains(json.dumps(user), autoescape=True)
        shown_again = select(analyses.c.id).where(analyses.c.earlier_id != "", named)
        stopped = select(analyses.c.id).where(analyses.c.id == jobs.c.id, jobs.c.stopped_by == user, named)
        async with self._database.read() as connection:
            ids = [*(await connection.execute(shown_again)).scalars()]
            ids += (await connection.execute(stopped)).scalars()
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


def _asked_by(user: str) -> Select[Any]:
    """Ids of the user's questions and comparisons that are over."""
    return select(jobs.c.id).where(jobs.c.user_id == user, jobs.c.kind != "document", not_(_open()))


def _is_running(now: datetime) -> ColumnElement[bool]:
    running = and_(analyses.c.status == RUNNING, analyses.c.created_at > to_iso(now - GIVEN_UP))
    return or_(running, _is_open(analyses.c.id))


def _is_open(analysis_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(jobs.c.id == analysis_id, _open())


def _open() -> ColumnElement[bool]:
    """Not over, or over without the headline that its message is to get: both need the report."""
    return or_(jobs.c.state.not_in(sorted(ENDED)), and_(jobs.c.siblings > 1, jobs.c.summed_up_at.is_(None)))


# --- how it goes -------------------------------------------------------------------------------------------


def _forget_caller(rows: Rows, connection: Connection) -> None:
    ids = [row.id for row in rows]
    connection.execute(update(llm_calls).where(llm_calls.c.id.in_(ids)).values(user_id=None))


def _forget_who_stopped(rows: Rows, connection: Connection) -> None:
    ids = [row.id for row in rows]
    connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(stopped_by=""))


def _unname(analysis_id: str, user: str, connection: Connection) -> None:
    its = analyses.c.id == analysis_id
    report = connection.execute(select(analyses.c.report).where(its)).scalar_one()
    if report is not None:  # a purge may have been faster
        text = json.dumps(_without(json.loads(report), user), ensure_ascii=False)
        connection.execute(update(analyses).where(its).values(report=text))


def _without(report: dict[str, Any], user: str) -> dict[str, Any]:
    earlier, stopped_by = report.get("earlier") or {}, report.get("stopped_by")
    return {
        **report,
        **({"earlier": {**earlier, "user": ""}} if earlier.get("user") == user else {}),
        **({"stopped_by": ""} if stopped_by == user else {}),
    }
