"""Results as they stand in Slack: made again from what is stored, whenever somebody decided something about a finding."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from smallprint.errors import ReportGone, SlackError, SlackRefused
from smallprint.jobs.repeats import anew
from smallprint.models.domain import Decisions, Job, Report
from smallprint.slack.blocks.all_findings import all_findings_modal
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.modal import Modal
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.share import shared_by
from smallprint.slack.client import SlackClients
from smallprint.slack.messages import TOO_MUCH, update
from smallprint.slack.seen_result import SeenResult

log = structlog.get_logger()

_ROUNDS = 5
"""A message that is still behind after so many updates is brought up to date by the next press."""


class Reports(Protocol):
    """Finished reports (services/database/analyses.py)."""

    async def report(self, analysis_id: str) -> Report | None: ...


class DecisionSource(Protocol):
    """What people decided (services/database/feedback.py)."""

    async def decisions(self, analysis_id: str) -> Decisions: ...


class Jobs(Protocol):
    """What was asked for (services/database/jobs.py)."""

    async def get(self, job_id: str) -> Job | None: ...


class Results:
    """One per process. Several presses at once, also in several processes, end in a message that shows them all."""

    def __init__(
        self, clients: SlackClients, reports: Reports, decisions: DecisionSource, jobs: Jobs
    ) -> None:
        self._clients = clients
        self._reports = reports
        self._decisions = decisions
        self._jobs = jobs
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def report(self, analysis_id: str) -> Report:
        """Raises ReportGone, DatabaseError."""
        report = await self._reports.report(analysis_id)
        if report is None:
            raise ReportGone
        return report

    async def list_modal(self, seen: SeenResult, *, notice: str = "") -> Modal:
        """A page of “All findings”. Raises ReportGone, DatabaseError."""
        report = await self.report(seen.analysis_id)
        decisions = await self._decisions.decisions(seen.analysis_id)
        return all_findings_modal(report, decisions, seen.page, str(seen), notice=notice)

    async def show(self, seen: SeenResult) -> None:
        """Bring the message up to date. Best effort: what was decided is written down, and the next press shows it.

        Raises:
            ReportGone, DatabaseError.
        """
        report = await self.report(seen.analysis_id)
        lock = self._locks.setdefault((seen.channel, seen.message_ts), asyncio.Lock())
        async with lock:
            try:
                await self._converge(seen, report)
            except SlackError as error:
                log.warning("result not updated", analysis=seen.analysis_id, error=error.code)

    async def _converge(self, seen: SeenResult, report: Report) -> None:
        """Whoever updates looks again afterwards: whatever came between is shown by the last to look."""
        shown: Decisions | None = None
        for _ in range(_ROUNDS):
            held = await self._decisions.decisions(seen.analysis_id)
            if held == shown:
                return
            shown = held
            await self._update(seen, await self._message(seen, report, held))

    async def _message(self, seen: SeenResult, report: Report, held: Decisions) -> Message:
        job = await self._jobs.get(seen.analysis_id)
        if job is None:
            return report_message(report, held)
        again = await self._jobs.get(anew(job, user="", thread_ts="").id)
        shared = job.brief.private and seen.channel == job.channel
        private = job.brief.private and not shared
        message = report_message(report, held, private=private, again_by=again.user if again else "")
        return _with_sharer(message, job.user) if shared else message

    async def _update(self, seen: SeenResult, message: Message) -> None:
        """Never text alone: what stands there has buttons."""
        try:
            await update(self._clients, seen.channel, seen.message_ts, message)
        except SlackRefused as refusal:
            if message.instead is None or refusal.slack_code not in TOO_MUCH:
                raise
            await update(self._clients, seen.channel, seen.message_ts, message.instead)


def _with_sharer(message: Message, user: str) -> Message:
    """As it was shared: who shared it stands above it."""
    instead = None if message.instead is None else _with_sharer(message.instead, user)
    return replace(message, blocks=[shared_by(user), *message.blocks], instead=instead)
