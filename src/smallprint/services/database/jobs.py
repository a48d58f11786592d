"""The jobs: what Slack asked for, written down before Slack gets its ack, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Update,
    and_,
    exists,
    func,
    select,
    update,
)

from smallprint.models.database import jobs
from smallprint.models.domain import ASKING, Job
from smallprint.services.database.connection import Database, from_iso, to_iso
from smallprint.services.database.job_rows import brief_json, job_of

BATCH = 500
"""Rows handled at once: well below the bind-parameter limits of both databases."""


class JobState(StrEnum):
    """Where a job stands; the last four are final, but `UNDELIVERED` is tried again at every start."""

    WAITING = "waiting"
    """A file_shared event without a thread: the message that carries the file usually follows."""
    ACCEPTED = "accepted"
    """Nobody has decided yet whether it is to be done (services/database/admissions.py)."""
    ADMITTED = "admitted"
    """It is, with the wishes that stand in its row."""
    DECLINED = "declined"
    """It is not, unless somebody asks for it: the outcome says why. Not finished while somebody is to be told."""
    QUEUED = "queued"
    """Handed to the engine; also while it runs."""
    SUPERSEDED = "superseded"
    DONE = "done"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    """Its end could not be shown in Slack."""


_TO_DO = (JobState.ACCEPTED, JobState.ADMITTED, JobState.QUEUED)
ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.SUPERSEDED, JobState.DECLINED})
"""An undelivered job has not ended: nobody has seen what became of it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A job as it comes in: dispatched, or looked at again, not before `due_at`."""

    job: Job
    state: JobState
    due_at: datetime


@dataclass(frozen=True, slots=True)
class JobCounts:
    """How many jobs stand where."""

    waiting: int = 0
    queued: int = 0
    """Accepted or handed to the engine, running ones included."""
    failed: int = 0
    undelivered: int = 0
    done: int = 0
    oldest: datetime | None = None
    """When the oldest job that is not finished came in."""


class JobStore:
    """Rows of the table `jobs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, arrivals: Sequence[Arrival]) -> None:
        """Write the jobs down in one transaction; those that exist already stay as they are.

        But for a job that was declined and is asked for now: it comes in anew, for who asks.
        """
        now = to_iso(datetime.now(UTC))
        rows = [_row(arrival, now) for arrival in arrivals]
        statement = self._database.insert_or_keep(jobs)

        def work(connection: Connection) -> None:
            connection.execute(statement, rows)
            for row in rows:
                if row["trigger"] in ASKING:
                    connection.execute(_reopened(row))

        await self._database.transact(work)

    async def get(self, job_id: str) -> Job | None:
        found = await self._jobs(select(jobs).where(jobs.c.id == job_id))
        return found[0] if found else None

    async def standing(self, job_id: str) -> tuple[JobState, str] | None:
        """The job's state and outcome; None without such a job."""
        query = select(jobs.c.state, jobs.c.outcome).where(jobs.c.id == job_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else (JobState(row.state), row.outcome)

    async def accepted(self) -> list[Job]:
        """Jobs to be handed to the engine, oldest first."""
        query = _unfinished().where(jobs.c.state == JobState.ACCEPTED).order_by(jobs.c.created_at)
        return await self._jobs(query.limit(BATCH))

    async def queued(self) -> list[Job]:
        """Jobs that the engine was given and that have not ended, oldest first."""
        query = _unfinished().where(jobs.c.state == JobState.QUEUED).order_by(jobs.c.created_at)
        return await self._jobs(query)

    async def waiting(self) -> list[tuple[Job, datetime, datetime]]:
        """Jobs that wait for their message, with when they are due and since when they wait; soonest first."""
        query = _unfinished().where(jobs.c.state == JobState.WAITING).order_by(jobs.c.due_at)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.limit(BATCH))).all()
        return [(job_of(row), from_iso(row.due_at), from_iso(row.created_at)) for row in rows]

    async def undelivered(self) -> list[tuple[Job, str]]:
        """Jobs whose end nobody saw, with their outcome."""
        query = select(jobs).where(jobs.c.state == JobState.UNDELIVERED).order_by(jobs.c.created_at)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.limit(BATCH))).all()
        return [(job_of(row), row.outcome) for row in rows]

    async def shared_elsewhere(self, job: Job) -> bool:
        """True if another job exists for the same file in the same channel."""
        query = select(func.count()).where(
            jobs.c.team == job.team,
            jobs.c.channel == job.channel,
            jobs.c.file_id == job.file_id,
            jobs.c.id != job.id,
        )
        async with self._database.read() as connection:
            return bool((await connection.execute(query)).scalar_one())

    async def mark_queued(self, job_ids: Sequence[str]) -> None:
        async with self._database.write() as connection:
            for start in range(0, len(job_ids), BATCH):
                some = list(job_ids[start : start + BATCH])
                await connection.execute(
                    update(jobs)
                    .where(jobs.c.id.in_(some), jobs.c.state.in_((JobState.ACCEPTED, JobState.ADMITTED)))
                    .values(state=JobState.QUEUED)
                )

    async def postpone(self, job_id: str, due_at: datetime) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(due_at=to_iso(due_at)))

    async def finish(self, job_id: str, state: JobState, outcome: str) -> None:
        """Write down the end: `outcome` is the risk level, or the code of an error."""
        # An undelivered job is over for the engine, but not for the sweep.
        async with self._database.write() as connection:
            await connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id)
                .values(state=state, outcome=outcome, finished_at=to_iso(datetime.now(UTC)))
            )

    async def of_message(self, job: Job) -> list[tuple[Job, JobState, str]]:
        """The jobs of all files of the job's message, in their order, with state and outcome."""
        query = select(jobs).where(_same_message(jobs, job)).order_by(jobs.c.ordinal, jobs.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [(job_of(row), JobState(row.state), row.outcome) for row in rows]

    async def not_summed_up(self) -> list[Job]:
        """One job of each message whose files have all ended and that has no headline yet; oldest first."""
        other = jobs.alias()
        running = exists().where(_same_message(other, jobs), other.c.state.not_in(ENDED))
        query = (
            select(jobs)
            .where(jobs.c.siblings > 1, jobs.c.summed_up_at.is_(None), ~running)
            .order_by(jobs.c.created_at, jobs.c.ordinal)
        )
        found = await self._jobs(query.limit(BATCH))
        return list({(job.team, job.channel, job.thread_ts, job.message_ts): job for job in found}.values())

    async def mark_summed_up(self, job: Job) -> None:
        """The headline over the files of the job's message stands in the thread."""
        statement = (
            update(jobs).where(_same_message(jobs, job)).values(summed_up_at=to_iso(datetime.now(UTC)))
        )
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def counts(self) -> JobCounts:
        by_state = select(jobs.c.state, func.count().label("jobs")).group_by(jobs.c.state)
        oldest = select(func.min(jobs.c.created_at)).where(jobs.c.finished_at.is_(None))
        async with self._database.read() as connection:
            counted = {row.state: row.jobs for row in await connection.execute(by_state)}
            since = (await connection.execute(oldest)).scalar_one()
        return JobCounts(
            waiting=counted.get(JobState.WAITING, 0),
            queued=sum(counted.get(state, 0) for state in _TO_DO),
            failed=counted.get(JobState.FAILED, 0),
            undelivered=counted.get(JobState.UNDELIVERED, 0),
            done=counted.get(JobState.DONE, 0),
            oldest=from_iso(since) if since else None,
        )

    async def _jobs(self, query: Select[tuple[object, ...]]) -> list[Job]:
        async with self._database.read() as connection:
            return [job_of(row) for row in await connection.execute(query)]


def _reopened(row: Mapping[str, str | int]) -> Update:
    """As it comes in now, where it was declined."""
    declined = (jobs.c.id == row["id"]) & (jobs.c.state == JobState.DECLINED)
    kept = {name: value for name, value in row.items() if name not in {"id", "created_at"}}
    return update(jobs).where(declined).values(**kept, finished_at=None)


def _unfinished() -> Select[tuple[object, ...]]:
    return select(jobs).where(jobs.c.finished_at.is_(None))


def _same_message(table: FromClause, as_in: Job | FromClause) -> ColumnElement[bool]:
    """The rows of `table` whose files came in the same message."""
    if isinstance(as_in, Job):
        place: tuple[Any, ...] = (as_in.team, as_in.channel, as_in.thread_ts, as_in.message_ts)
    else:
        place = (as_in.c.team, as_in.c.channel, as_in.c.thread_ts, as_in.c.message_ts)
    team, channel, thread_ts, message_ts = place
    return and_(
        table.c.team == team,
        table.c.channel == channel,
        table.c.thread_ts == thread_ts,
        table.c.message_ts == message_ts,
        table.c.siblings > 1,
    )


def _row(arrival: Arrival, now: str) -> dict[str, str | int]:
    job = arrival.job
    return {
        "id": job.id,
        "team": job.team,
        "channel": job.channel,
        "thread_ts": job.thread_ts,
        "file_id": job.file_id,
        "user_id": job.user,
        "trigger": job.trigger,
        "state": arrival.state.value,
        "outcome": "",
        "due_at": to_iso(arrival.due_at),
        "created_at": now,
        "message_ts": job.message_ts,
        "ordinal": job.ordinal,
        "siblings": job.of,
        "brief": brief_json(job.brief),
        "kind": job.kind.value,
    }
