"""Jobs that other jobs bring: they stand in the table, and the dispatcher finds them at its next look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from smallprint.models.domain import Job
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import Arrival, JobState, JobStore


def hand_over_of(database: Database) -> Callable[[Sequence[Job]], Awaitable[None]]:
    """Unlike `DocumentJobs.accept` it exists before the jobs do; a job that is there already stays as it is."""
    store = JobStore(database)

    async def hand_over(jobs: Sequence[Job]) -> None:
        now = datetime.now(UTC)
        await store.add([Arrival(job, JobState.ACCEPTED, now) for job in jobs])

    return hand_over
