"""How texts are erased, whatever the reason: reports, paid answers, names of documents, words that people typed.

In small transactions, so that nobody waits; whatever a crash leaves undone is found by the next look. No row is deleted
that a sum counts or a foreign key names.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, update

from smallprint.models.database import analyses, answers, comparisons, feedback, findings, jobs, questions
from smallprint.services.database.connection import Database

BATCH = 25
"""Reports or answers in one transaction: a few milliseconds even where each has 100 kB."""
AT_ONCE = 1000
"""Rows that are looked up together."""
ROWS = 100
"""Rows without long texts in one transaction."""
PAUSE_S = 0.005
"""Between two transactions: other processes get their turn too."""

Rows = Sequence[Row[Any]]
Erase = Callable[[Rows, Connection], None]


async def erase_each(database: Database, query: Select[Any], size: int, erase: Erase) -> int:
    """Find what is to go without holding the write lock, erase it `size` rows at a time, until nothing is found.

    `erase` must make its rows fall out of `query`. Returns how many there were.
    """
    erased = 0
    while True:
        async with database.read() as connection:
            rows = (await connection.execute(query.limit(AT_ONCE))).all()
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            await database.transact(lambda connection, some=some: erase(some, connection))  # type: ignore[misc]
            await asyncio.sleep(PAUSE_S)
        erased += len(rows)
        if len(rows) < AT_ONCE:
            return erased


def erase_analyses(rows: Rows, connection: Connection, **further: Any) -> None:
    """Rows with `id`: reports, names of documents and titles of findings."""
    ids = [row.id for row in rows]
    connection.execute(update(findings).where(findings.c.analysis_id.in_(ids)).values(title=""))
    erased = update(analyses).where(analyses.c.id.in_(ids))
    connection.execute(erased.values(report=None, document_name="", **further))


def erase_answers(rows: Rows, connection: Connection) -> None:
    """Rows with `key`. The whole row goes: an empty answer would be taken for one that was paid for."""
    connection.execute(delete(answers).where(answers.c.key.in_([row.key for row in rows])))


def erase_wishes(rows: Rows, connection: Connection, **further: Any) -> None:
    """Rows with `id`, `brief` and `file_id`: what was typed goes, what was chosen stays; links go too."""
    changed = {"brief": bindparam("words"), "file_id": bindparam("file"), **further}
    statement = update(jobs).where(jobs.c.id == bindparam("its")).values(changed)
    connection.execute(statement, [_without_wishes(row) for row in rows])


def erase_questions(rows: Rows, connection: Connection, **further: Any) -> None:
    """Rows with `id`: what was asked, and what was answered."""
    ids = [row.id for row in rows]
    connection.execute(
        update(questions).where(questions.c.id.in_(ids)).values(question="", answer=None, **further)
    )


def erase_comparisons(rows: Rows, connection: Connection, **further: Any) -> None:
    """Rows with `id`: what one version of a document changed in another."""
    ids = [row.id for row in rows]
    connection.execute(update(comparisons).where(comparisons.c.id.in_(ids)).values(result=None, **further))


def erase_reasons(table: Table, rows: Rows, connection: Connection, **further: Any) -> None:
    """Rows with `id` of `feedback` or `finding_decisions`: why somebody thought so."""
    ids = [row.id for row in rows]
    connection.execute(update(table).where(table.c.id.in_(ids)).values(reason="", **further))


def drop_thumbs(rows: Rows, connection: Connection) -> None:
    """Rows with `id` of `feedback`: thumbs that count no more, because their person said something else later."""
    connection.execute(delete(feedback).where(feedback.c.id.in_([row.id for row in rows])))


def _without_wishes(row: Row[Any]) -> dict[str, str]:
    file = "" if row.file_id.startswith("http") else row.file_id
    return {"its": row.id, "words": _without_words(row.brief), "file": file}


def _without_words(brief: str) -> str:
    words = {"side": "", "focus": "", "language": "", "question": ""}
    return json.dumps({**json.loads(brief), **words}, separators=(",", ":")) if brief else ""
