"""Wishes to forget, and forgetting what they name: texts go, numbers stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    or_,
    select,
    update,
)

from smallprint.models.database import (
    analyses,
    answers,
    comparisons,
    erasures,
    feedback,
    finding_decisions,
    jobs,
    posts,
    questions,
)
from smallprint.models.domain import Erasure, ErasureKind, Job
from smallprint.services.database.analyses import PRIVATE
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.erasing import (
    BATCH,
    ROWS,
    erase_analyses,
    erase_answers,
    erase_comparisons,
    erase_each,
    erase_questions,
    erase_reasons,
    erase_wishes,
)
from smallprint.services.database.erasure_reach import reached_by
from smallprint.services.database.job_rows import job_of
from smallprint.services.database.jobs import JobState


class ErasureStore:
    """Rows of the table `erasures`, and what they are about."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, wishes: Sequence[Erasure]) -> None:
        """Write them down; those that are there already stay as they are."""
        now = to_iso(datetime.now(UTC))
        rows = [_row(wish, now) for wish in wishes]
        statement = self._database.insert_or_keep(erasures)
        await self._database.transact(lambda connection: connection.execute(statement, rows))

    async def open(self) -> list[Erasure]:
        """Those that are not done, oldest first."""
        query = select(erasures).where(erasures.c.done_at.is_(None)).order_by(erasures.c.id)
        async with self._database.read() as connection:
            return [_erasure(row) for row in (await connection.execute(query)).all()]

    async def done(self, wish: Erasure) -> None:
        """Who asked is not kept for longer than it took."""
        ours = erasures.c.request_id == wish.request_id
        statement = update(erasures).where(ours).values(done_at=to_iso(datetime.now(UTC)), actor="")
        await self._database.transact(lambda connection: connection.execute(statement))

    async def drop(self, wish: Erasure) -> None:
        """Nothing of ours was named."""
        statement = delete(erasures).where(erasures.c.request_id == wish.request_id)
        await self._database.transact(lambda connection: connection.execute(statement))

    async def jobs_of(self, wish: Erasure) -> list[tuple[Job, JobState]]:
        """Every job that holds, or will hold, something of what is to be forgotten, oldest first."""
        async with self._database.read() as connection:
            return [(job_of(row), JobState(row.state)) for row in await reached_by(connection, wish)]

    async def about_file(self, file_id: str) -> list[Job]:
        """Jobs of a file, wherever it was shared."""
        return await self._jobs(jobs.c.file_id == file_id)

    async def about_message(self, channel: str, ts: str) -> list[Job]:
        """Jobs whose file the message shared, whose thread it roots, or whose answer it is."""
        tagged = select(posts.c.tag).where(posts.c.ts == ts, posts.c.state == "sent")
        async with self._database.read() as connection:
            tags = (await connection.execute(tagged)).scalars().all()
        answered = [tag.partition("/")[0] for tag in tags]
        here = jobs.c.channel == channel
        alone = jobs.c.brief.like(PRIVATE)  # answered in direct messages, wherever it was asked
        place = and_(here, or_(jobs.c.message_ts == ts, jobs.c.thread_ts == ts))
        return await self._jobs(or_(place, and_(jobs.c.id.in_(answered), or_(here, alone))))

    async def posts_of(self, job_id: str) -> list[tuple[str, str]]:
        """What was posted for a job: the tag's last part, and the ts of a message or the id of a file."""
        prefix = f"{job_id}/"
        ours = and_(posts.c.tag.startswith(prefix, autoescape=True), posts.c.state == "sent")
        async with self._database.read() as connection:
            rows = await connection.execute(select(posts.c.tag, posts.c.ts).where(ours))
            return [(row.tag.removeprefix(prefix), row.ts) for row in rows.all()]

    async def erase(self, job_ids: Sequence[str]) -> None:
        """Texts of these jobs that are over: reports, answers, names, what was asked, compared, and said of them."""
        for start in range(0, len(job_ids), ROWS):
            await self._erase(list(job_ids[start : start + ROWS]))
        await self._database.forget_log()

    async def compact(self) -> None:
        """What was erased is gone from the file's unused bytes too. Writers wait meanwhile."""
        await self._database.compact()

    async def _jobs(self, which: ColumnElement[bool]) -> list[Job]:
        query = select(jobs).where(which).order_by(jobs.c.created_at)
        async with self._database.read() as connection:
            return [job_of(row) for row in (await connection.execute(query)).all()]

    async def _erase(self, ids: list[str]) -> None:
        each = partial(erase_each, self._database)
        texts = or_(analyses.c.report.is_not(None), analyses.c.document_name != "")
        await each(select(analyses.c.id).where(analyses.c.id.in_(ids), texts), BATCH, erase_analyses)
        await each(select(answers.c.key).where(answers.c.analysis_id.in_(ids)), BATCH, erase_answers)
        asked = or_(questions.c.question != "", questions.c.answer.is_not(None))
        await each(select(questions.c.id).where(questions.c.id.in_(ids), asked), BATCH, erase_questions)
        compared = comparisons.c.result.is_not(None)
        await each(
            select(comparisons.c.id).where(comparisons.c.id.in_(ids), compared), BATCH, erase_comparisons
        )
        for said in (feedback, finding_decisions):
            reasons = select(said.c.id).where(said.c.analysis_id.in_(ids), said.c.reason != "")
            await each(reasons, ROWS, partial(erase_reasons, said))
        await self._database.transact(partial(_erase_wishes, ids))


def _erase_wishes(ids: list[str], connection: Connection) -> None:
    query: Select[Any] = select(jobs.c.id, jobs.c.brief, jobs.c.file_id).where(jobs.c.id.in_(ids))
    rows = connection.execute(query).all()
    if rows:
        erase_wishes(rows, connection)


def _row(wish: Erasure, now: str) -> dict[str, Any]:
    return {
        "request_id": wish.request_id,
        "team": wish.team,
        "kind": wish.kind.value,
        "channel": wish.channel,
        "reference": wish.reference,
        "actor": wish.actor,
        "created_at": now,
    }


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(
        request_id=row.request_id,
        kind=ErasureKind(row.kind),
        team=row.team,
        channel=row.channel,
        reference=row.reference,
        actor=row.actor,
    )
