"""Showing a job's result: the report, under it the comparison that was asked for, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import structlog

from smallprint.errors import SmallprintError
from smallprint.jobs.messages import ReportSource
from smallprint.models.domain import Job, Report

log = structlog.get_logger()


class ResultDelivery(Protocol):
    """How a result shows itself (slack/delivery.py). Everything may be called again without harm."""

    async def deliver(self, job: Job, report: Report) -> None: ...

    async def compare(self, job: Job, before: Report | None, after: Report) -> None:
        """One further message; None: the earlier report is not kept any more."""
        ...


class Sequel(Protocol):
    """Something that follows a shown result: people told of a high risk, a look for an earlier version."""

    async def after(self, job: Job, report: Report) -> None:
        """May be called again without harm; what it raises does not touch the result."""
        ...


async def show_result(
    job: Job,
    report: Report,
    *,
    delivery: ResultDelivery,
    reports: ReportSource,
    sequels: Sequence[Sequel] = (),
) -> None:
    """Deliver the report, compare it with the earlier one that the brief names, and do what follows.

    Raises what `deliver` raises, and passing faults of the rest: calling again shows only what is missing.
    """
    await delivery.deliver(job, report)
    await _compare(job, report, delivery, reports)
    for sequel in sequels:
        await _follow(sequel, job, report)


async def _compare(job: Job, report: Report, delivery: ResultDelivery, reports: ReportSource) -> None:
    if job.brief.compare_with:
        try:
            await delivery.compare(job, await _earlier(job, reports), report)
        except Exception as error:  # the result stands, whatever becomes of its comparison
            if isinstance(error, SmallprintError) and error.retryable:
                raise
            log.warning("comparison not shown", job=job.id, error=type(error).__name__)


async def _follow(sequel: Sequel, job: Job, report: Report) -> None:
    try:
        await sequel.after(job, report)
    except Exception as error:  # the result stands, whatever becomes of what follows it
        if isinstance(error, SmallprintError) and error.retryable:
            raise
        log.warning("sequel failed", job=job.id, sequel=type(sequel).__name__, error=type(error).__name__)


async def _earlier(job: Job, reports: ReportSource) -> Report | None:
    """None also for a report that this release cannot read any more."""
    try:
        return await reports.report(job.brief.compare_with)
    except SmallprintError as error:
        if error.retryable:
            raise
        return None
