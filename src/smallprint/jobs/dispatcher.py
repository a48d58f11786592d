"""From the list of jobs to the engine, off the ack path: who is let in, placeholders, then the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.admission import Gate
from smallprint.jobs.intake import job_id
from smallprint.jobs.messages import message_id
from smallprint.jobs.workflow import FileSource
from smallprint.models.domain import Job
from smallprint.services.database.jobs import Arrival, JobState

QUIET_S = 0.025
"""Events often come in bursts, and their acks come first: dispatching waits until none came for this long …"""
AT_MOST_S = 0.15
"""… but no longer than this."""
ANNOUNCING = 16
"""Placeholders posted at once."""
HEAD_START_S = 0.4
"""Placeholders go out before work begins, which wants the same processor; at most for so long (Slack may be slow)."""
LOOK_S = 2.0
"""How often the list is looked at without a sign: jobs of other processes that died, and errors."""
ASK_AGAIN = timedelta(seconds=5)
GIVE_UP = timedelta(minutes=5)

log = structlog.get_logger()


class JobList(Protocol):
    """What the dispatcher needs of services/database/jobs.py."""

    async def add(self, arrivals: Sequence[Arrival]) -> None: ...

    async def accepted(self) -> list[Job]: ...

    async def waiting(self) -> list[tuple[Job, datetime, datetime]]: ...

    async def shared_elsewhere(self, job: Job) -> bool: ...

    async def mark_queued(self, job_ids: Sequence[str]) -> None: ...

    async def postpone(self, job_id: str, due_at: datetime) -> None: ...

    async def finish(self, job_id: str, state: JobState, outcome: str) -> None: ...


class Dispatcher:
    """Runs as one task between `start` and `stop`; everything it does may be done twice without harm."""

    def __init__(
        self,
        jobs: JobList,
        files: FileSource,
        *,
        announce: Callable[[Job], Awaitable[None]],
        enqueue: Callable[[Sequence[Job]], Awaitable[None]],
        gate: Gate | None = None,
    ) -> None:
        """`gate`: decides which jobs are done; without it all are."""
        self._jobs = jobs
        self._gate = gate
        self._files = files
        self._announce_job = announce
        self._enqueue = enqueue
        self._slots = asyncio.Semaphore(ANNOUNCING)
        self._arrived = asyncio.Event()
        self._last_arrival = 0.0
        self._announcing: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._arrived.set()  # what an earlier process accepted and did not dispatch
        self._task = asyncio.create_task(self._run())

    def notice(self) -> None:
        """Jobs arrived. Called on the ack path."""
        self._last_arrival = asyncio.get_running_loop().time()
        self._arrived.set()

    async def stop(self) -> None:
        tasks = [*self._announcing, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None
        if self._gate is not None:
            await self._gate.stop()

    async def _run(self) -> None:
        wait_s = 0.0
        while True:
            try:
                async with asyncio.timeout(wait_s):
                    await self._arrived.wait()
            except TimeoutError:
                pass
            await self._quiet()
            self._arrived.clear()
            try:
                await self._dispatch()
                await self._tell()
                wait_s = await self._look_at_waiting()
            except SmallprintError as error:
                log.warning("jobs not dispatched", code=error.code)
                wait_s = LOOK_S
            except Exception:  # the dispatcher must outlive everything
                log.exception("jobs not dispatched")
                wait_s = LOOK_S

    async def _quiet(self) -> None:
        """Return once no job has arrived for a moment."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + AT_MOST_S
        while (quiet_at := min(self._last_arrival + QUIET_S, deadline)) > loop.time():  # noqa: ASYNC110 - a lull is no event
            await asyncio.sleep(quiet_at - loop.time())

    async def _dispatch(self) -> None:
        while jobs := await self._admitted():
            tasks = [asyncio.create_task(self._announce(message)) for message in _by_message(jobs)]
            for task in tasks:
                self._announcing.add(task)
                task.add_done_callback(self._announcing.discard)
            await asyncio.wait(tasks, timeout=HEAD_START_S)
            ids = [job.id for job in jobs]
            await self._enqueue(jobs)
            await self._jobs.mark_queued(ids)
            log.info("jobs queued", jobs=len(ids))

    async def _admitted(self) -> list[Job]:
        return await self._jobs.accepted() if self._gate is None else await self._gate.admitted()

    async def _tell(self) -> None:
        if self._gate is not None:
            await self._gate.tell()

    async def _announce(self, message: Sequence[Job]) -> None:
        """The placeholders of one message, one after the other."""
        async with self._slots:
            for job in message:
                try:
                    await self._announce_job(job)
                except Exception as error:  # noqa: BLE001 - the job's first step tries again
                    log.warning("not announced yet", job=job.id, error=type(error).__name__)

    async def _look_at_waiting(self) -> float:
        """See to the jobs whose message did not come; returns the seconds until the next one is due."""
        for job, due_at, since in await self._jobs.waiting():
            now = datetime.now(UTC)
            if due_at > now:
                return min((due_at - now).total_seconds(), LOOK_S)
            await self._find_thread(job, now, now - since > GIVE_UP)
        return LOOK_S

    async def _find_thread(self, job: Job, now: datetime, last_try: bool) -> None:  # noqa: FBT001
        if await self._jobs.shared_elsewhere(job):
            await self._jobs.finish(job.id, JobState.SUPERSEDED, "")
            return
        try:
            thread = await self._files.thread_of(job)
        except Exception as error:  # noqa: BLE001 - one strange file must not hold up the others
            await self._ask_again(job, error, now, last_try)
            return
        if thread is None:
            log.warning("shared file without a thread", job=job.id)
            await self._jobs.finish(job.id, JobState.SUPERSEDED, "no_thread")
            return
        found = replace(job, id=job_id(job.team, job.channel, thread, job.file_id), thread_ts=thread)
        await self._jobs.add([Arrival(found, JobState.ACCEPTED, now)])
        await self._jobs.finish(job.id, JobState.SUPERSEDED, "")
        self._arrived.set()

    async def _ask_again(self, job: Job, error: Exception, now: datetime, last_try: bool) -> None:  # noqa: FBT001
        known = error if isinstance(error, SmallprintError) else None
        log.warning("thread not found yet", job=job.id, error=type(error).__name__)
        if last_try or (known and not known.retryable):
            await self._jobs.finish(job.id, JobState.FAILED, known.code if known else SmallprintError.code)
        else:
            await self._jobs.postpone(job.id, now + ASK_AGAIN)


def _by_message(jobs: Sequence[Job]) -> list[list[Job]]:
    """Files that were shared together, in their order; jobs that stand alone are each a list of one."""
    messages: dict[str, list[Job]] = {}
    for job in sorted(jobs, key=lambda job: job.ordinal):
        messages.setdefault(message_id(job) if job.of > 1 else job.id, []).append(job)
    return list(messages.values())
