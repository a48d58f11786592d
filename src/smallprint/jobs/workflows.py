"""Which workflow a job takes: the engine knows one entrance, and the job's row says what kind it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import structlog

from smallprint.jobs.steps import StepRunner
from smallprint.jobs.watch import JobWatch, Unwatched
from smallprint.models.domain import Job, JobKind
from smallprint.services.database.jobs import JobState

log = structlog.get_logger()

UNKNOWN = "unknown"
"""Outcome of a job whose row is gone, or whose kind this release does not know."""


class JobRows(Protocol):
    """services/database/jobs.py."""

    async def get(self, job_id: str) -> Job | None: ...


class Workflow(Protocol):
    """One kind's steps. Their names and order are part of the data of running jobs."""

    async def run(self, job: Job, step: StepRunner) -> str:
        """The whole job; returns its outcome."""
        ...

    async def show(self, job: Job, outcome: str) -> tuple[JobState, str]:
        """Show once more how the job ended, and say how that was: the result if there is one, else why there is none.

        Whatever stands in Slack already stays as it is.

        Raises:
            SmallprintError: it could not be shown.
        """
        ...


class Workflows:
    """The entrance. `document_job_v1` and whatever comes after it runs through here."""

    def __init__(
        self, rows: JobRows, by_kind: Mapping[JobKind, Workflow], watch: JobWatch | None = None
    ) -> None:
        self._rows = rows
        self._by_kind = by_kind
        self._watch = watch or Unwatched()

    async def run(self, job_id: str, step: StepRunner) -> str:
        """The whole job; returns its outcome: the risk level of a document, or an error's code."""
        job = await self._rows.get(job_id)
        workflow = self._by_kind.get(job.kind) if job else None
        if job is None or workflow is None:
            log.warning("job without a row or a workflow", job=job_id, kind=job.kind.value if job else "")
            return UNKNOWN
        with self._watch.running(job) as ended_with:
            outcome = await workflow.run(job, step)
            ended_with(outcome)
            return outcome

    async def show(self, job: Job, outcome: str) -> tuple[JobState, str]:
        """As the job's workflow does; raises what that raises."""
        workflow = self._by_kind.get(job.kind)
        return (JobState.FAILED, outcome) if workflow is None else await workflow.show(job, outcome)
