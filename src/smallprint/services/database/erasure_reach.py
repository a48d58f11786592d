"""Which jobs hold, or will hold, something of what is to be forgotten. Each question goes along an index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from smallprint.models.database import jobs, questions
from smallprint.models.domain import Erasure, ErasureKind, JobKind

_Found = dict[str, Row[Any]]
_job = jobs.c


async def reached_by(connection: AsyncConnection, wish: Erasure) -> list[Row[Any]]:
    """Rows of `jobs`, oldest first: what is named, its repeats, what compares it, and the answers that may quote it."""
    found = await _rows(connection, _named_by(wish))
    if wish.kind in {ErasureKind.CHANNEL, ErasureKind.WORKSPACE}:
        # What was asked for there, and answered to its asker alone, is asked about elsewhere.
        here = jobs.alias("here")
        asked = select(questions.c.id).join_from(questions, here, here.c.id == questions.c.analysis_id)
        found |= await _rows(connection, _job.id.in_(asked.where(_is_of(here.c, wish))))
    else:
        for named in tuple(found.values()):
            found |= await _rows(connection, _repeats(named))
        for document in [row for row in found.values() if row.kind == JobKind.DOCUMENT]:
            for about in (*_comparisons(document), *_questions(document)):
                found |= await _rows(connection, about)
    return sorted(found.values(), key=lambda row: row.created_at)


async def _rows(connection: AsyncConnection, which: ColumnElement[bool]) -> _Found:
    return {row.id: row for row in (await connection.execute(select(jobs).where(which))).all()}


def _named_by(wish: Erasure) -> ColumnElement[bool]:
    match wish.kind:
        case ErasureKind.FILE:
            return _job.file_id == wish.reference
        case ErasureKind.MESSAGE:
            return and_(_job.channel == wish.channel, _job.message_ts == wish.reference)
        case ErasureKind.JOB:
            return _job.id == wish.reference
        case _:
            return _is_of(_job, wish)


def _is_of(column: Any, wish: Erasure) -> ColumnElement[bool]:
    """Of the channel, or of the workspace, that is to be forgotten."""
    where: ColumnElement[bool] = (
        column.channel == wish.channel if wish.kind is ErasureKind.CHANNEL else column.team == wish.team
    )
    return where


def _repeats(row: Row[Any]) -> ColumnElement[bool]:
    """Their ids begin with its id, and they stand in its conversation."""
    return and_(_job.channel == row.channel, _job.id.startswith(f"{row.id}-", autoescape=True))


def _comparisons(document: Row[Any]) -> Iterator[ColumnElement[bool]]:
    """Those that have it on either side."""
    here = and_(_job.channel == document.channel, _job.kind == JobKind.CHANGES)
    yield and_(here, _job.brief.contains(f'"compare_with":"{document.id}"', autoescape=True))
    if document.file_id:
        yield and_(here, _job.file_id == document.file_id)


def _questions(document: Row[Any]) -> Iterator[ColumnElement[bool]]:
    """What was asked since it is there, in its thread or of what was shared with it.

    An answer is about several documents at once, and knows what was answered before it in the thread.
    """
    since = _job.created_at >= document.created_at
    beside = jobs.alias("beside")
    asked = select(questions.c.id).join_from(questions, beside, beside.c.id == questions.c.analysis_id)
    together = and_(beside.c.channel == document.channel, beside.c.thread_ts == document.thread_ts)
    if document.thread_ts:
        its_thread = and_(_job.channel == document.channel, _job.thread_ts == document.thread_ts)
        yield and_(its_thread, _job.kind == JobKind.QUESTION, since)
    elif document.message_ts:  # a command's, whose files share it
        together = and_(together, beside.c.message_ts == document.message_ts)
    else:
        together = beside.c.id == document.id
    yield and_(_job.id.in_(asked.where(together)), since)
