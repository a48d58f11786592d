"""Decisions about jobs in memory, with the same promises as services/database/admissions.py, and a scripted admission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from smallprint.models.domain import Against, Brief, Job
from smallprint.services.database.admissions import Decision
from smallprint.services.database.jobs import JobState
from tests.fakes.job_store import InMemoryJobStore


class InMemoryAdmissions:
    """Works on the rows of a fake job store. `told` holds those of whom nobody is to be told (any more)."""

    def __init__(self, store: InMemoryJobStore) -> None:
        self.store = store
        self.told: set[str] = set()

    async def undecided(self) -> list[Job]:
        return self._in(JobState.ACCEPTED)

    async def admitted(self) -> list[Job]:
        return self._in(JobState.ADMITTED)

    async def to_be_told(self) -> list[tuple[Job, str]]:
        return [
            (job, self.store.rows[job.id].outcome)
            for job in self._in(JobState.DECLINED)
            if job.id not in self.told
        ]

    async def settle(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            row = self.store.rows[decision.job.id]
            if row.state is not JobState.ACCEPTED:
                continue
            if not decision.code:
                row.job, row.state = decision.job, JobState.ADMITTED
                continue
            row.job, row.state, row.outcome = replace(row.job, of=1), JobState.DECLINED, decision.code
            (self.told.discard if decision.told else self.told.add)(row.job.id)

    async def tell_no_more(self, job_id: str) -> None:
        if self.store.rows[job_id].state is JobState.DECLINED:
            self.told.add(job_id)

    async def declined_with(self, job: Job, code: str) -> list[Job]:
        place = (job.team, job.channel, job.thread_ts, job.message_ts)
        alike = [other for other in self._in(JobState.DECLINED) if self.store.rows[other.id].outcome == code]
        same = [
            other
            for other in alike
            if (other.team, other.channel, other.thread_ts, other.message_ts) == place
            and (job.message_ts or other.id == job.id)
        ]
        return sorted(same, key=lambda other: other.ordinal)

    def _in(self, state: JobState) -> list[Job]:
        return [row.job for row in self.store.rows.values() if row.state is state]


class ScriptedAdmission:
    """Says of each file what it is told to (file id → code), and wishes the same brief for all others.

    `troubles` are raised first, one a call of either; `decided` and `told` hold the ids of jobs, as they came.
    """

    def __init__(
        self, codes: Mapping[str, str] | None = None, *troubles: Exception, brief: Brief | None = None
    ) -> None:
        self.codes = dict(codes or {})
        self.troubles = list(troubles)
        self.brief = brief
        self.decided: list[str] = []
        self.told: list[tuple[str, str]] = []

    async def decide(self, job: Job) -> Decision:
        self.decided.append(job.id)
        self._stumble()
        code = self.codes.get(job.file_id, "")
        if code:
            return Decision(job, code, told=code == Against.OFFERED)
        return Decision(replace(job, brief=self.brief) if self.brief else job)

    async def tell(self, job: Job, code: str) -> None:
        self._stumble()
        self.told.append((job.id, code))

    def _stumble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
