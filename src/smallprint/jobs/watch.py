"""Who looks on while jobs run: metrics and traces (bootstrap/watching.py), or nobody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from smallprint.models.domain import Job


class JobWatch(Protocol):
    """Told what happens; must not fail and must not take time."""

    def running(self, job: Job) -> AbstractContextManager[Callable[[str], None]]:
        """Around a whole job; what it gives is told the outcome."""
        ...

    def step_ended(self, step: str, seconds: float) -> None:
        """Well or not; retries and their waits included."""
        ...

    def job_ended(self, state: str, outcome: str) -> None: ...


class Unwatched:
    """Nobody looks on."""

    def running(self, job: Job) -> AbstractContextManager[Callable[[str], None]]:
        return nullcontext(_ignore)

    def step_ended(self, step: str, seconds: float) -> None:
        """Told to nobody."""

    def job_ended(self, state: str, outcome: str) -> None:
        """Told to nobody."""


def _ignore(_: str) -> None:
    pass
