"""The table of jobs in memory, with the same promises as services/database/jobs.py."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from smallprint.models.domain import ASKING, Job
from smallprint.services.database.jobs import ENDED, Arrival, JobState


@dataclass
class JobRow:
    job: Job
    state: JobState
    due_at: datetime
    created_at: datetime
    outcome: str = ""
    summed_up: bool = False


class InMemoryJobStore:
    """`commits` holds the size of each transaction; `troubles` are raised by `add`, one a call."""

    def __init__(self, *troubles: Exception, commit_s: float = 0.0) -> None:
        self.rows: dict[str, JobRow] = {}
        self.commits: list[int] = []
        self.troubles = list(troubles)
        self._commit_s = commit_s

    async def add(self, arrivals: Sequence[Arrival]) -> None:
        await asyncio.sleep(self._commit_s)
        if self.troubles:
            raise self.troubles.pop(0)
        self.commits.append(len(arrivals))
        for arrival in arrivals:
            row = JobRow(arrival.job, arrival.state, arrival.due_at, datetime.now(UTC))
            known = self.rows.setdefault(arrival.job.id, row)
            if known.state is JobState.DECLINED and arrival.job.trigger in ASKING:
                self.rows[arrival.job.id] = row

    async def get(self, job_id: str) -> Job | None:
        row = self.rows.get(job_id)
        return row.job if row else None

    async def accepted(self) -> list[Job]:
        return self._jobs(JobState.ACCEPTED)

    async def queued(self) -> list[Job]:
        return self._jobs(JobState.QUEUED)

    async def waiting(self) -> list[tuple[Job, datetime, datetime]]:
        rows = [row for row in self.rows.values() if row.state is JobState.WAITING]
        return [(row.job, row.due_at, row.created_at) for row in sorted(rows, key=lambda row: row.due_at)]

    async def undelivered(self) -> list[tuple[Job, str]]:
        return [(row.job, row.outcome) for row in self.rows.values() if row.state is JobState.UNDELIVERED]

    async def shared_elsewhere(self, job: Job) -> bool:
        key = (job.team, job.channel, job.file_id)
        others = [row.job for row in self.rows.values() if row.job.id != job.id]
        return any((other.team, other.channel, other.file_id) == key for other in others)

    async def mark_queued(self, job_ids: Sequence[str]) -> None:
        for job_id in job_ids:
            if self.rows[job_id].state in {JobState.ACCEPTED, JobState.ADMITTED}:
                self.rows[job_id].state = JobState.QUEUED

    async def postpone(self, job_id: str, due_at: datetime) -> None:
        self.rows[job_id].due_at = due_at

    async def finish(self, job_id: str, state: JobState, outcome: str) -> None:
        self.rows[job_id].state = state
        self.rows[job_id].outcome = outcome

    async def of_message(self, job: Job) -> list[tuple[Job, JobState, str]]:
        rows = [row for row in self.rows.values() if row.job.of > 1 and _message(row.job) == _message(job)]
        return [(row.job, row.state, row.outcome) for row in sorted(rows, key=lambda row: row.job.ordinal)]

    async def not_summed_up(self) -> list[Job]:
        rows = [row for row in self.rows.values() if row.job.of > 1 and not row.summed_up]
        running = {_message(row.job) for row in rows if row.state not in ENDED}
        ended = [row.job for row in rows if _message(row.job) not in running]
        return list({_message(job): job for job in ended}.values())

    async def mark_summed_up(self, job: Job) -> None:
        for row in self.rows.values():
            row.summed_up = row.summed_up or _message(row.job) == _message(job)

    def _jobs(self, state: JobState) -> list[Job]:
        return [row.job for row in self.rows.values() if row.state is state]


NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def _message(job: Job) -> tuple[str, ...]:
    return job.team, job.channel, job.thread_ts, job.message_ts


def jobs_of_message(count: int, *, message_ts: str = "1700000000.000500") -> list[Job]:
    """The jobs of several files that were shared in one message."""
    return [
        replace(a_job(number + 1, thread=message_ts), message_ts=message_ts, ordinal=number, of=count)
        for number in range(count)
    ]


def a_job(number: int = 1, *, thread: str | None = None, trigger: str = "message") -> Job:
    """A job for a file of its own."""
    return Job(
        id=f"doc-{number:032x}",
        team="T1",
        channel="C1",
        thread_ts=f"170000000{number}.000100" if thread is None else thread,
        file_id=f"F{number}",
        user="U1",
        trigger=trigger,
    )
