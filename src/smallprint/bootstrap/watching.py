"""The jobs' onlookers joined: what metrics count and what traces show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal

from smallprint.jobs.queue import JobHealth
from smallprint.models.domain import NANO_USD_PER_USD, Budget, BudgetScope, Job
from smallprint.services.metrics import Metrics, Standing
from smallprint.services.tracing import EndedWith, Tracing

BudgetLeft = Callable[[], Awaitable[Decimal | None]]
"""USD the workspace may still spend this month; None without a limit."""
Budgets = Callable[[], Awaitable[Sequence[Budget]]]
"""How the budgets stand that hold for everybody."""


class Watching:
    """A JobWatch."""

    def __init__(self, metrics: Metrics, tracing: Tracing) -> None:
        self._metrics = metrics
        self._tracing = tracing

    def running(self, job: Job) -> AbstractContextManager[EndedWith]:
        return self._tracing.job(job)

    def step_ended(self, step: str, seconds: float) -> None:
        self._metrics.step_ended(step, seconds)

    def job_ended(self, state: str, outcome: str) -> None:
        self._metrics.job_ended(state, outcome)


async def how_things_stand(
    counts: Callable[[], Awaitable[JobHealth]], budget_left: BudgetLeft | None = None
) -> Standing:
    """What `GET /metrics` shows beside its counters. Raises DatabaseError."""
    health = await counts()
    left = await budget_left() if budget_left else None
    return Standing(
        jobs={
            "waiting": health.waiting,
            "queued": health.queued,
            "running": health.running,
            "done": health.done,
            "failed": health.failed,
            "undelivered": health.undelivered,
        },
        oldest_seconds=health.oldest_age_s,
        budget_left_usd=None if left is None else float(left),
    )


def left_this_month(budgets: Budgets) -> BudgetLeft:
    """Out of the budgets that of the workspace's month, what running analyses may still spend taken off."""

    async def left() -> Decimal | None:
        for budget in await budgets():
            if budget.place.scope is BudgetScope.WORKSPACE_MONTH and budget.left_nano_usd is not None:
                return Decimal(budget.left_nano_usd) / NANO_USD_PER_USD
        return None

    return left
