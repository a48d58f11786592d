"""What newer versions of documents change: kept once for each comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from smallprint.errors import DatabaseError
from smallprint.models.database import comparisons
from smallprint.models.domain import DocumentChanges, Job
from smallprint.services.database.connection import Database, to_iso

UNREADABLE = (
    "I can't read this comparison any more: another release of Smallprint wrote it. Please compare again."
)


class ComparisonStore:
    """Rows of the table `comparisons`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def changes(self, job_id: str) -> DocumentChanges | None:
        """What was found; None while there is nothing, and after retention took it. Raises DatabaseError."""
        query = select(comparisons.c.result).where(comparisons.c.id == job_id)
        async with self._database.read() as connection:
            text = (await connection.execute(query)).scalar_one_or_none()
        return _parse(text) if text else None

    async def keep(self, job: Job, changes: DocumentChanges) -> None:
        """The first that is kept of a job stays."""
        kept = replace(
            changes, found=replace(changes.found, spans={})
        )  # only the comparison itself needs them
        row = {
            "id": job.id,
            "before_id": job.brief.compare_with,
            "before_sha256": changes.before.sha256,
            "after_sha256": changes.after.sha256,
            "channel": job.channel,
            "user_id": job.user,
            "result": _adapter().dump_json(kept).decode(),
            "created_at": to_iso(changes.created_at),
            "finished_at": to_iso(datetime.now(UTC)),
        }
        async with self._database.write() as connection:
            await connection.execute(self._database.insert_or_keep(comparisons).values(row))


@cache
def _adapter() -> TypeAdapter[DocumentChanges]:
    return TypeAdapter(DocumentChanges)


def _parse(text: str) -> DocumentChanges:
    try:
        return _adapter().validate_json(text)
    except ValidationError:
        raise DatabaseError(UNREADABLE) from None  # pydantic's message repeats the documents' words
