"""The column `stopped_by` in memory, with the same promises as services/database/stops.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import StopAnswer


class InMemoryStops:
    """`ended`: jobs that it is too late for. Survives what a test calls a crash. `away`: the database is."""

    def __init__(self) -> None:
        self.by: dict[str, str] = {}
        self.ended: set[str] = set()
        self.away = False
        self.looks = 0
        """How often it was asked who stopped what."""

    async def stop(self, job_id: str, user: str) -> StopAnswer:
        if self.away:
            raise DatabaseUnavailable
        if job_id in self.ended:
            return StopAnswer.TOO_LATE
        if job_id in self.by:
            return StopAnswer.ALREADY
        self.by[job_id] = user
        return StopAnswer.STOPPED

    async def stopped_by(self, job_ids: Sequence[str]) -> Mapping[str, str]:
        self.looks += 1
        if self.away:
            raise DatabaseUnavailable
        return {job_id: self.by[job_id] for job_id in job_ids if job_id in self.by}
