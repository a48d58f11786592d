"""The jobs as the rest of the product sees them: hand them in, and they come to a visible end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from smallprint.errors import Stopped
from smallprint.jobs.admission import Gate
from smallprint.jobs.dispatcher import Dispatcher
from smallprint.jobs.engine import JobEngine
from smallprint.jobs.intake import Intake
from smallprint.jobs.messages import Messages
from smallprint.jobs.steps import Steps
from smallprint.jobs.sweeper import Sweeper
from smallprint.jobs.watch import JobWatch
from smallprint.jobs.workflow import DocumentTools, DocumentWorkflow
from smallprint.jobs.workflows import Workflow, Workflows
from smallprint.models.domain import Job, JobKind
from smallprint.services.database.jobs import JobStore

SETTLE_S = 1.0
"""What a delivery that is under way may still take when the process stops."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class JobHealth:
    """How the jobs stand, for health checks and metrics."""

    waiting: int
    """For the message that carries their file."""
    queued: int
    running: int
    """In this process."""
    failed: int
    undelivered: int
    """Their end could not be shown in Slack yet."""
    done: int
    oldest: datetime | None
    """When the oldest unfinished job came in."""

    @property
    def oldest_age_s(self) -> float:
        """Seconds since then; 0 when none is unfinished."""
        return max(0.0, (datetime.now(UTC) - self.oldest).total_seconds()) if self.oldest else 0.0


OtherWorkflows = Callable[[Steps], Mapping[JobKind, Workflow]]
"""Makes the workflows of the other kinds, which take their steps in the same way."""


class DocumentJobs:
    """Durable jobs: once `accept` returned, a job survives crashes, restarts and upgrades."""

    def __init__(
        self,
        *,
        engine_url: str,
        store: JobStore,
        documents: DocumentTools,
        retry_interval_s: float,
        wait_for_message_s: float = 8.0,
        watch: JobWatch | None = None,
        others: OtherWorkflows | None = None,
        gate: Gate | None = None,
    ) -> None:
        """`engine_url`: the engine's own database, sqlite:///… or postgresql://…

        `others`: kinds of jobs beside documents; `gate`: decides which documents are analysed, without it all are.
        """
        self._store = store
        messages = self._messages = Messages(store, documents.delivery, documents.reports)
        steps = self._steps = Steps(store, retry_interval_s=retry_interval_s, watch=watch)
        by_kind = {
            JobKind.DOCUMENT: DocumentWorkflow(documents, steps, messages),
            **(others(steps) if others else {}),
        }
        self._workflows = Workflows(store, by_kind, watch)
        self._engine = JobEngine(engine_url, concurrency=documents.concurrency, run=self._workflows.run)
        self._dispatcher = Dispatcher(
            store, documents.files, announce=messages.announce, enqueue=self._engine.enqueue, gate=gate
        )
        self._intake = Intake(store, wait_for_message_s=wait_for_message_s, committed=self._dispatcher.notice)
        self._sweeper = Sweeper(store, self._engine, self._workflows, messages)

    async def start(self) -> None:
        """Start the engine, and go on with what earlier processes left."""
        await self._engine.start()
        self._dispatcher.start()
        self._sweeper.start()
        log.info("jobs started", process=self._engine.executor_id)

    async def accept(self, jobs: Sequence[Job]) -> None:
        """Return when the jobs are on disk; a job that exists already does nothing.

        Raises:
            IntakeStopped, DatabaseUnavailable: not accepted; whoever sent the event should send it again.
        """
        await self._intake.accept(jobs)

    async def end_stopped(self, job: Job) -> None:
        """End a job that was stopped before anybody began it: whoever takes it later finds it stopped and says the same.

        Raises:
            SmallprintError: it ends when its turn comes.
        """
        if await self._engine.is_waiting(job.id):
            await self._store.finish(job.id, *await self._workflows.show(job, Stopped.code))
            await self._messages.ended(job)

    async def counts(self) -> JobHealth:
        counts = await self._store.counts()
        running = min(self._engine.running, counts.queued)
        return JobHealth(
            waiting=counts.waiting,
            queued=counts.queued - running,
            running=running,
            failed=counts.failed,
            undelivered=counts.undelivered,
            done=counts.done,
            oldest=counts.oldest,
        )

    async def stop_intake(self) -> None:
        """Accept and begin nothing more. What runs may go on, so that paid calls get their answers kept."""
        await self._intake.stop()
        self._steps.begin_stopping()
        self._engine.stop_taking()
        await self._sweeper.stop()
        await self._dispatcher.stop()

    async def stop(self, timeout_s: float) -> None:
        """Stop; unfinished jobs go on at the next start. Takes about a second, `timeout_s` at most for deliveries."""
        await self.stop_intake()
        left = self._engine.running
        await self._steps.settled(min(timeout_s, SETTLE_S))
        async with asyncio.timeout(max(timeout_s, SETTLE_S) + 10):
            await self._engine.stop()
        log.info("jobs stopped", left_for_next_start=left)
