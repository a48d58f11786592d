"""A delivery that remembers what a thread would show."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.jobs.messages import message_id
from smallprint.models.domain import Ending, Job, Progress, Report, Step


class RecordingDelivery:
    """`troubles` are raised by deliver, compare, fail and sum_up, one a call, before they do anything."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.announced: list[str] = []
        self.steps: dict[str, list[Step]] = {}
        self.told: list[Progress] = []
        """Everything that progress said, of all jobs."""
        self.left: list[str] = []
        self.results: dict[str, list[Report]] = {}
        self.comparisons: dict[str, list[tuple[Report | None, Report]]] = {}
        self.failures: dict[str, list[str]] = {}
        self.codes: list[str] = []
        """Of the failures, as they came."""
        self.headlines: list[list[Ending]] = []
        """One list of endings for each time that a message was summed up."""

    async def announce(self, job: Job) -> None:
        if job.id not in self.announced:
            self.announced.append(job.id)

    async def progress(self, job: Job, progress: Progress) -> None:
        self.steps.setdefault(job.id, []).append(progress.step)
        self.told.append(progress)

    def leave(self, job: Job) -> None:
        self.left.append(job.id)

    async def deliver(self, job: Job, report: Report) -> None:
        self._stumble()
        self.results.setdefault(job.id, []).append(report)

    async def compare(self, job: Job, before: Report | None, after: Report) -> None:
        self._stumble()
        self.comparisons.setdefault(job.id, []).append((before, after))

    async def fail(self, job: Job, code: str, sentence: str) -> None:
        self._stumble()
        self.codes.append(code)
        self.failures.setdefault(job.id, []).append(sentence)

    async def sum_up(self, endings: Sequence[Ending]) -> None:
        """Once for a message, as the real one, however often it is called."""
        self._stumble()
        if message_id(endings[0].job) not in map(_message_of, self.headlines):
            self.headlines.append(list(endings))

    def _stumble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


def _message_of(headline: Sequence[Ending]) -> str:
    return message_id(headline[0].job)
