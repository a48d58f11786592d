"""The durable job engine: DBOS, with the holes closed that killing it 92 times has shown.

What DBOS 3.4 does not do by itself, and this module does: take over the jobs of a dead process (`reap`), keep
two processes from sharing a name, survive an upgrade (a pinned version), refuse pickles and store no text of
exceptions (serialization.py), commit quickly on SQLite (write-ahead log, two connections), and leave jobs for
the next start instead of failing them when the process stops.

House rule: the steps of a released workflow never change. An incompatible change gets a new workflow name,
and the old one stays registered for a release.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig
from dbos._core import prepare_enqueued_workflow

from smallprint.jobs.engine_logs import quiet_engine_logs
from smallprint.jobs.liveness import FileLiveness, Liveness, PostgresLiveness
from smallprint.jobs.serialization import SafeJson, refuse_pickle
from smallprint.jobs.steps import StepRunner
from smallprint.models.domain import Job, JobKind

WORKFLOW = "document_job_v1"
QUEUE = "documents"
TALK = "questions"
"""A queue of its own: a short question does not wait behind a hundred documents."""
TALKING = 8
"""Questions at once in each process: they wait for an answer of the model, hardly for the processor."""
APPLICATION_VERSION = "jobs-1"
"""For ever: by default it is a hash of the code, and after an upgrade DBOS leaves the old hash's jobs lying."""

MAX_RECOVERIES = 20
POLL_S = 0.25
"""How often the queue is looked at; 0.25 s costs 1 % of a core."""
LOOK_AHEAD = 2
"""Jobs taken from the queue for each one that may run: the next is at hand when one ends, not a poll later."""
MAX_THREADS = 32

log = structlog.get_logger()
T = TypeVar("T")


Run = Callable[[str, StepRunner], Awaitable[str]]


class Standing(Enum):
    """What the engine knows of a job."""

    UNKNOWN = "unknown"
    ACTIVE = "active"
    """Queued or running."""
    ENDED = "ended"
    BROKEN = "broken"
    """Given up without a word: it crashed the process too often, or its record could not be read."""


_STANDINGS = {
    "ENQUEUED": Standing.ACTIVE,
    "PENDING": Standing.ACTIVE,
    "DELAYED": Standing.ACTIVE,
    "SUCCESS": Standing.ENDED,
    "ERROR": Standing.BROKEN,
    "CANCELLED": Standing.BROKEN,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": Standing.BROKEN,
}


class JobEngine:
    """One at a time per process (DBOS is a singleton), but it may be started again after `stop`."""

    def __init__(self, url: str, *, concurrency: int, run: Run) -> None:
        """`url`: sqlite:///file, or postgresql://… when several machines share the work."""
        self._url = url
        self._taken = concurrency * LOOK_AHEAD
        self._run = run
        self.executor_id = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._liveness = _liveness(url)
        self._database: sa.Engine | None = None
        self._dbos: DBOS | None = None
        self._workflow: Callable[[str], Any] | None = None
        self._running: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        """Open the engine's database, take over what dead processes left, begin to run jobs."""
        quiet_engine_logs()
        refuse_pickle()
        await asyncio.to_thread(self._liveness.hold, self.executor_id)
        try:
            self._launch()
        except BaseException:
            if self._dbos is not None:
                DBOS.destroy(destroy_registry=True)
            self._close()
            raise
        for queue, taken in ((QUEUE, self._taken), (TALK, TALKING)):
            await DBOS.register_queue_async(
                queue,
                worker_concurrency=taken,
                polling_interval_sec=POLL_S,
                on_conflict="always_update",  # else the row of an older version wins
            )
        await self.reap()

    async def enqueue(self, jobs: Sequence[Job]) -> None:
        """Queue the jobs in one transaction; those the engine knows already are left alone."""
        await asyncio.to_thread(self._enqueue, jobs)

    async def reap(self) -> None:
        """Take over the running jobs of processes that died."""
        if not await asyncio.to_thread(self._liveness.keep):
            log.warning("this process's lock was lost, and taken again")
            return  # who lives takes its own again, as we did, before the next look
        pending = await DBOS.list_workflows_async(
            name=WORKFLOW, status="PENDING", load_input=False, load_output=False
        )
        owners = {row.executor_id for row in pending if row.executor_id} - {self.executor_id}
        for owner in owners:
            if await asyncio.to_thread(self._liveness.is_dead, owner):
                jobs = sum(row.executor_id == owner for row in pending)
                log.info("jobs of a dead process taken over", process=owner, jobs=jobs)
                await asyncio.to_thread(DBOS._recover_pending_workflows, [owner])  # noqa: SLF001 - no public way

    async def standings(self, job_ids: Sequence[str]) -> Mapping[str, Standing]:
        """What the engine knows of each job."""
        found = await DBOS.list_workflows_async(
            workflow_ids=list(job_ids), load_input=False, load_output=False
        )
        known = {row.workflow_id: _STANDINGS[row.status] for row in found}
        return {job_id: known.get(job_id, Standing.UNKNOWN) for job_id in job_ids}

    async def is_waiting(self, job_id: str) -> bool:
        """True while no process has taken the job from the queue."""
        found = await DBOS.list_workflows_async(
            workflow_ids=[job_id], status="ENQUEUED", load_input=False, load_output=False
        )
        return bool(found)

    @property
    def running(self) -> int:
        """Jobs taken from the queue by this process and not ended."""
        return len(self._running)

    def stop_taking(self) -> None:
        """Take no further job from the queue; the running ones go on."""
        if self._dbos is not None:
            for event in self._dbos.background_thread_stop_events:
                event.set()

    async def stop(self) -> None:
        """Leave the running jobs where they are, for the next start to go on with."""
        if self._dbos is None:
            return
        self.stop_taking()
        # Cancelled, not failed: DBOS records nothing for a cancelled task, so the job stays "pending" and is
        # taken over once our lock is free.
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        # DBOS made its own pool of threads, which it is about to close, the loop's default one.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        self._dbos = None
        await asyncio.to_thread(self._close)

    def _launch(self) -> None:
        self._database = _sqlite_database(self._url) if self._url.startswith("sqlite") else None
        engine = DBOS(config=self._config())
        if DBOS.executor_id != self.executor_id:  # then it is not ours: DBOS is a singleton
            raise RuntimeError("Another job engine is running in this process.")
        self._dbos = engine
        self._workflow = self._register()
        DBOS.launch()  # on the event loop's own thread: that is how DBOS learns where to run the jobs

    def _close(self) -> None:
        if self._database is not None:
            self._database.dispose()
        self._liveness.release()

    def _register(self) -> Callable[[str], Any]:
        async def document_job(job_id: str) -> str:
            task = asyncio.current_task()
            if task is not None:
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            return await self._run(job_id, _step)

        return DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MAX_RECOVERIES)(document_job)

    def _enqueue(self, jobs: Sequence[Job]) -> None:
        # What DBOS's own Kafka consumer uses; the public way is a transaction, with its fsync, for each job.
        assert self._dbos is not None and self._workflow is not None  # noqa: S101, PT018 - not before start
        rows = [
            prepare_enqueued_workflow(
                self._dbos,
                self._workflow,
                (job.id,),
                {},
                queue_name=TALK if job.kind is JobKind.QUESTION else QUEUE,
                workflow_id=job.id,
            )
            for job in jobs
        ]
        self._dbos._sys_db.init_workflows(rows)  # noqa: SLF001

    def _config(self) -> DBOSConfig:
        return {
            "name": "smallprint",
            "system_database_url": self._url,
            "system_database_engine": self._database,
            "application_version": APPLICATION_VERSION,
            "executor_id": self.executor_id,  # the default, "local", lets two processes run the same job
            "serializer": SafeJson(),
            "log_level": "WARNING",
            "max_executor_threads": MAX_THREADS,
            "notification_listener_polling_interval_sec": 0.2,  # unused, but stopping waits for its sleep
        }


async def _step(name: str, action: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        return await action()

    return await DBOS.run_step_async({"name": name}, run)


def _liveness(url: str) -> Liveness:
    if not url.startswith("sqlite"):
        return PostgresLiveness(url)
    database = Path(sa.make_url(url).database or "jobs.db")
    return FileLiveness(database.with_name(f"{database.name}.locks"))


def _sqlite_database(url: str) -> sa.Engine:
    """DBOS's own engine uses a rollback journal and 20 connections: a fifth of the throughput, and finished
    steps wait so long for the lock that a kill repeats them."""
    database = sa.create_engine(url, pool_size=2, max_overflow=0, pool_timeout=30, hide_parameters=True)

    @sa.event.listens_for(database, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = "IMMEDIATE"  # as DBOS's own engine does
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=30000",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return database
