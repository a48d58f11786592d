"""A delivery that remembers what a thread would show."""

from __future__ import annotations

from smallprint.models.domain import Job, Report, Step


class RecordingDelivery:
    """`troubles` are raised by deliver and fail, one a call, before they do anything."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.announced: list[str] = []
        self.steps: dict[str, list[Step]] = {}
        self.results: dict[str, list[Report]] = {}
        self.failures: dict[str, list[str]] = {}

    async def announce(self, job: Job) -> None:
        if job.id not in self.announced:
            self.announced.append(job.id)

    async def progress(self, job: Job, step: Step) -> None:
        self.steps.setdefault(job.id, []).append(step)

    async def deliver(self, job: Job, report: Report) -> None:
        self._stumble()
        self.results.setdefault(job.id, []).append(report)

    async def fail(self, job: Job, sentence: str) -> None:
        self._stumble()
        self.failures.setdefault(job.id, []).append(sentence)

    def _stumble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
