"""Whether a document is analysed, or a question answered, at all: decided once, written down, and only then seen.

A file that somebody shares without a word may be one that nobody wants read: the channel's settings say so, or people of
other organisations are there. A crash at any moment leaves one outcome, because a decision that stands in the job's row
is not made again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.messages import message_id
from smallprint.jobs.repeats import AGAIN, CONSENT, WITH
from smallprint.models.domain import Job, JobKind
from smallprint.services.database.admissions import Decision

PATIENCE_S = 3.0
"""For one decision. What takes longer is tried again at the next look, and holds up nobody else."""
TELLING = 4
"""Offers and sentences posted at once."""
TELL_AGAIN_S = 5.0

_DECIDED_ON = frozenset({JobKind.DOCUMENT, JobKind.QUESTION})
"""What a document changes follows from one that was let in."""
_REPEATS = frozenset({CONSENT, AGAIN, WITH})
"""Whoever pressed the button was asked for their rights there, and the first job was decided on."""

log = structlog.get_logger()


class Admission(Protocol):
    """Knows channels and people (slack/admission.py)."""

    async def decide(self, job: Job) -> Decision:
        """For a document that was shared or asked for, or a question. Raises SmallprintError when that cannot be said now."""
        ...

    async def tell(self, job: Job, code: str) -> None:
        """Show that the job is not done: an offer to do it, or a sentence. Once, whoever calls and however often."""
        ...


class DecisionLog(Protocol):
    """services/database/admissions.py."""

    async def undecided(self) -> list[Job]: ...

    async def admitted(self) -> list[Job]: ...

    async def to_be_told(self) -> list[tuple[Job, str]]: ...

    async def settle(self, decisions: Sequence[Decision]) -> None: ...

    async def tell_no_more(self, job_id: str) -> None: ...


class Gate:
    """Stands before the queue. Everything it does may be done twice, or by several processes, without harm."""

    def __init__(
        self,
        rows: DecisionLog,
        admission: Admission,
        *,
        patience_s: float = PATIENCE_S,
        tell_again_s: float = TELL_AGAIN_S,
    ) -> None:
        self._rows = rows
        self._admission = admission
        self._patience_s = patience_s
        self._tell_again_s = tell_again_s
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(TELLING)

    async def admitted(self) -> list[Job]:
        """Decide on what came in; the jobs that are to be done and were not handed on yet.

        Raises:
            DatabaseUnavailable: nothing was decided that is not written down.
        """
        while jobs := await self._rows.undecided():
            made = await self._decide(jobs)
            if made:
                await self._rows.settle(made)
            if len(made) < len(jobs):
                break
        return await self._rows.admitted()

    async def tell(self) -> None:
        """Begin to tell of what was declined, as far as anybody is to be told. Returns at once."""
        for job, code in await self._rows.to_be_told():
            if job.id not in self._telling:
                self._telling[job.id] = asyncio.create_task(self._tell(job, code))

    async def stop(self) -> None:
        """What was not told yet is told by the next process."""
        tasks = list(self._telling.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _decide(self, jobs: Sequence[Job]) -> list[Decision]:
        """For a message's files together: whoever announces one announces those that stand before it."""
        decisions = await asyncio.gather(*(self._decided(job) for job in jobs))
        open_messages = {_message(job) for job, made in zip(jobs, decisions, strict=True) if made is None}
        return [made for made in decisions if made is not None and _message(made.job) not in open_messages]

    async def _decided(self, job: Job) -> Decision | None:
        """None when it cannot be said now."""
        if job.kind not in _DECIDED_ON or job.trigger in _REPEATS:
            return Decision(job)
        try:
            async with asyncio.timeout(self._patience_s):
                decision = await self._admission.decide(job)
        except Exception as error:  # noqa: BLE001 - one strange channel must not hold up the others
            log.warning("not decided yet", job=job.id, error=type(error).__name__)
            return None
        if decision.code:
            log.info("not analysed", job=job.id, channel=job.channel, code=decision.code, told=decision.told)
        return decision

    async def _tell(self, job: Job, code: str) -> None:
        try:
            async with self._slots:
                await self._told(job, code)
        except Exception as error:  # noqa: BLE001 - the next look tries again
            log.warning("not told yet", job=job.id, code=code, error=type(error).__name__)
            await asyncio.sleep(self._tell_again_s)
        finally:
            del self._telling[job.id]

    async def _told(self, job: Job, code: str) -> None:
        try:
            await self._admission.tell(job, code)
        except SmallprintError as error:
            if error.retryable:
                raise
            # Slack refuses it for good: the thread or the channel is gone.
            log.warning("cannot be told", job=job.id, code=code, error=error.code)
        await self._rows.tell_no_more(job.id)


def _message(job: Job) -> str:
    """Names what is decided on together."""
    return message_id(job) if job.of > 1 else job.id
