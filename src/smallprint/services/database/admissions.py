"""Which jobs are to be done: what was decided is written down before anything of it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Select, select, update

from smallprint.models.database import jobs
from smallprint.models.domain import Job
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.job_rows import brief_json, job_of
from smallprint.services.database.jobs import BATCH, JobState

_Values = tuple[tuple[str, str | int | None], ...]
"""Columns and what they hold then."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a job is to be done."""

    job: Job
    """With the channel's wishes in its brief."""
    code: str = ""
    """Why it is not done; empty: it is."""
    told: bool = False
    """Somebody is to be told that it is not."""


class AdmissionStore:
    """Rows of the table `jobs` that came in and were not handed on yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def undecided(self) -> list[Job]:
        """Oldest first."""
        return await self._jobs(_unfinished(JobState.ACCEPTED))

    async def admitted(self) -> list[Job]:
        """Jobs to be handed to the engine, oldest first."""
        return await self._jobs(_unfinished(JobState.ADMITTED))

    async def to_be_told(self) -> list[tuple[Job, str]]:
        """Declined jobs of which nobody was told yet, with the reason's code."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_unfinished(JobState.DECLINED))).all()
        return [(job_of(row), row.outcome) for row in rows]

    async def settle(self, decisions: Sequence[Decision]) -> None:
        """Write them down in one transaction. A job on which was decided before stays as it is."""
        now = to_iso(datetime.now(UTC))
        alike: dict[_Values, list[str]] = {}
        for decision in decisions:
            alike.setdefault(_decided(decision, now), []).append(decision.job.id)

        def work(connection: Connection) -> None:
            for values, ids in alike.items():
                for start in range(0, len(ids), BATCH):
                    some = jobs.c.id.in_(ids[start : start + BATCH])
                    undecided = update(jobs).where(some, jobs.c.state == JobState.ACCEPTED)
                    connection.execute(undecided.values(dict(values)))

        await self._database.transact(work)

    async def tell_no_more(self, job_id: str) -> None:
        """Somebody was told, or cannot be."""
        declined = (jobs.c.id == job_id) & (jobs.c.state == JobState.DECLINED)
        ended = update(jobs).where(declined).values(finished_at=to_iso(datetime.now(UTC)))
        await self._database.transact(lambda connection: connection.execute(ended))

    async def declined_with(self, job: Job, code: str) -> list[Job]:
        """The jobs of the same message that are still declined for that reason, this one among them, in the message's order."""
        declined = select(jobs).where(jobs.c.state == JobState.DECLINED, jobs.c.outcome == code)
        if not job.message_ts:
            return await self._jobs(declined.where(jobs.c.id == job.id))
        query = declined.where(
            jobs.c.channel == job.channel,
            jobs.c.thread_ts == job.thread_ts,
            jobs.c.team == job.team,
            jobs.c.message_ts == job.message_ts,
        )
        return await self._jobs(query.order_by(jobs.c.ordinal, jobs.c.id))

    async def _jobs(self, query: Select[tuple[object, ...]]) -> list[Job]:
        async with self._database.read() as connection:
            return [job_of(row) for row in await connection.execute(query)]


def _unfinished(state: JobState) -> Select[tuple[object, ...]]:
    query = select(jobs).where(jobs.c.finished_at.is_(None), jobs.c.state == state)
    return query.order_by(jobs.c.created_at).limit(BATCH)


def _decided(decision: Decision, now: str) -> _Values:
    if not decision.code:
        return (("state", JobState.ADMITTED.value), ("brief", brief_json(decision.job.brief)))
    return (
        ("state", JobState.DECLINED.value),
        ("outcome", decision.code),
        ("siblings", 1),  # the headline over the message's files is about the others
        ("finished_at", None if decision.told else now),
    )
