"""Questions in threads and their answers: begun once, answered once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import select, update

from smallprint.models.database import questions
from smallprint.models.domain import Answer, Exchange, Job
from smallprint.services.database.connection import Database, to_iso

KNOWN = 6
"""Earlier questions of a thread that the next one is asked with."""

_question = questions.c


class QuestionStore:
    """Rows of the table `questions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, job: Job, analysis_id: str) -> None:
        """Note what was asked, of the document with this analysis (the first of several); a second time changes nothing."""
        row = {
            "id": job.id,
            "analysis_id": analysis_id,
            "team": job.team,
            "channel": job.channel,
            "thread_ts": job.thread_ts,
            "user_id": job.user,
            "question": job.brief.question,
            "created_at": to_iso(datetime.now(UTC)),
        }
        async with self._database.write() as connection:
            await connection.execute(self._database.insert_or_keep(questions).values(row))

    async def begun(self, question_id: str) -> bool:
        async with self._database.read() as connection:
            found = await connection.execute(select(_question.id).where(_question.id == question_id))
            return found.first() is not None

    async def answer(self, question_id: str) -> Answer | None:
        """None while there is none, and once it was erased or cannot be read by this release."""
        query = select(_question.answer).where(_question.id == question_id)
        async with self._database.read() as connection:
            text = (await connection.execute(query)).scalar_one_or_none()
        return _answer(text)

    async def earlier(self, job: Job) -> tuple[Exchange, ...]:
        """What was asked and answered in the job's thread before it, oldest first: the last few."""
        own = select(_question.created_at).where(_question.id == job.id).scalar_subquery()
        query = (
            select(_question.question, _question.answer)
            .where(
                _question.channel == job.channel,
                _question.thread_ts == job.thread_ts,
                _question.team == job.team,
                _question.id != job.id,
                _question.created_at <= own,
                _question.answer.is_not(None),
            )
            .order_by(_question.created_at.desc(), _question.id)
            .limit(KNOWN)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        known = [(row.question, _answer(row.answer)) for row in reversed(rows)]
        return tuple(Exchange(asked, _told(answer)) for asked, answer in known if answer is not None)

    async def finish(self, question_id: str, answer: Answer) -> None:
        """Keep the answer; the first one stays."""
        row = {"answer": _answers().dump_json(answer).decode(), "finished_at": to_iso(datetime.now(UTC))}
        async with self._database.write() as connection:
            await connection.execute(
                update(questions)
                .where(_question.id == question_id, _question.finished_at.is_(None))
                .values(row)
            )


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _answer(text: str | None) -> Answer | None:
    try:
        return _answers().validate_json(text) if text else None
    except ValueError:
        return None


def _told(answer: Answer) -> str:
    return " ".join(point.statement for point in answer.points)
