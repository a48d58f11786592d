"""What a job tells of itself while it runs: the step, and what it knows of its document by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from smallprint.models.domain import Document, Expected, Job, Progress, Step


class ProgressDelivery(Protocol):
    """How progress shows itself (slack/delivery.py)."""

    async def progress(self, job: Job, progress: Progress) -> None:
        """Shown when there is time for it; never raises, and does not wait for Slack."""
        ...

    def leave(self, job: Job) -> None:
        """Nobody here works on the job any more, so nothing is shown of its progress."""
        ...


class Account:
    """One for each run of a job; lives in memory only."""

    def __init__(self, job: Job, delivery: ProgressDelivery) -> None:
        self._job = job
        self._delivery = delivery
        self._known = Progress(Step.WAITING)

    async def waits(self, ahead: int) -> None:
        await self._tell(replace(self._known, ahead=ahead))

    async def step(self, step: Step) -> None:
        since = self._known.since or datetime.now(UTC)
        await self._tell(replace(self._known, step=step, since=since))

    def read(self, document: Document) -> None:
        """Shown with the next step."""
        receipt = document.receipt
        self._known = replace(
            self._known,
            document_name=document.name,
            kind=document.kind,
            pages=receipt.pages,
            unit=receipt.unit,
        )

    async def expects(self, expected: Expected) -> None:
        """As `read`."""
        self._known = replace(self._known, expected=expected)

    async def _tell(self, known: Progress) -> None:
        self._known = known
        await self._delivery.progress(self._job, known)
