"""The files of one message: announced in their order, and summed up in one headline when all have ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.models.domain import Ending, Job, JobKind, Report
from smallprint.services.database.jobs import ENDED, JobState

log = structlog.get_logger()


class MessageLog(Protocol):
    """What is needed of services/database/jobs.py."""

    async def of_message(self, job: Job) -> list[tuple[Job, JobState, str]]: ...

    async def not_summed_up(self) -> list[Job]: ...

    async def mark_summed_up(self, job: Job) -> None: ...


class ReportSource(Protocol):
    """Finished reports (services/database/analyses.py)."""

    async def report(self, analysis_id: str) -> Report | None: ...


class MessageDelivery(Protocol):
    """What is needed of slack/delivery.py; both may be called again without harm."""

    async def announce(self, job: Job) -> None:
        """The placeholder, exactly once, whoever calls and however often."""
        ...

    async def sum_up(self, endings: Sequence[Ending]) -> None:
        """The headline over several files, exactly once, whoever calls and however often."""
        ...


def message_id(job: Job) -> str:
    """Names the message that carries the job's file: the same for each of its files."""
    parts = json.dumps([job.team, job.channel, job.thread_ts, job.message_ts])
    return "msg-" + hashlib.sha256(parts.encode()).hexdigest()[:32]


class Messages:
    """Everything may be called by several processes at once: the delivery posts each thing once."""

    def __init__(self, jobs: MessageLog, delivery: MessageDelivery, reports: ReportSource) -> None:
        self._jobs = jobs
        self._delivery = delivery
        self._reports = reports

    async def announce(self, job: Job) -> None:
        """Post the job's placeholder, and before it those of the files that stand before it in the message.

        Jobs are announced by whoever comes first (the dispatcher, or the job itself in any process), so order
        is nobody's but everybody's task. Jobs of other kinds announce themselves. Raises what the delivery raises.
        """
        if job.kind is not JobKind.DOCUMENT:
            return
        if job.of > 1 and job.ordinal:
            for earlier, state, _ in await self._jobs.of_message(job):
                if earlier.ordinal < job.ordinal and state not in ENDED:
                    await self._delivery.announce(earlier)
        await self._delivery.announce(job)

    async def ended(self, job: Job) -> None:
        """Post the headline if the job was the last of its message; what fails is left to the next `sweep`."""
        if job.of <= 1:
            return
        try:
            await self._sum_up(job)
        except Exception as error:  # noqa: BLE001 - the job itself has ended well
            log.warning("message not summed up", job=job.id, error=type(error).__name__)
            if isinstance(error, SmallprintError) and not error.retryable:
                await self._jobs.mark_summed_up(job)  # Slack refuses it for good: the thread is gone

    async def sweep(self) -> None:
        """Post the headlines that a crash or an outage of Slack has prevented."""
        for job in await self._jobs.not_summed_up():
            await self.ended(job)

    async def _sum_up(self, job: Job) -> None:
        found = await self._jobs.of_message(job)
        if any(state not in ENDED for _, state, _ in found):
            return
        # One row: its siblings were shared in this thread before, and were summed up there.
        if len(found) > 1:
            endings = [await self._ending(*row) for row in found]
            await self._delivery.sum_up(endings)
            log.info("message summed up", message=message_id(job), files=len(endings))
        await self._jobs.mark_summed_up(job)

    async def _ending(self, job: Job, state: JobState, outcome: str) -> Ending:
        report = await self._reports.report(job.id) if state is JobState.DONE else None
        return Ending(job, outcome, report)
