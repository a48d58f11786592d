"""“Compare with…” under a result: another document of the conversation, and what changed between the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from rapidfuzz import fuzz
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import NotAllowed, ReportGone, SmallprintError
from smallprint.jobs.intake import IntakeStopped
from smallprint.jobs.versions import asked_comparison
from smallprint.models.domain import Job, Report
from smallprint.services.database.versions import AnalysedDocument
from smallprint.slack.blocks.compare_modal import (
    CALLBACK,
    TITLE,
    WITH,
    CarriedComparison,
    compare_modal,
)
from smallprint.slack.blocks.filled import FilledForm
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.inbox import Accept
from smallprint.slack.listeners.actions import ReportSource
from smallprint.slack.listeners.press import Press
from smallprint.slack.listeners.repeat import STOPPING, UNKNOWN_JOB, JobRecord, may_see
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions

log = structlog.get_logger()

LATELY = timedelta(days=90)

NOT_FOR_GUESTS = "Only full members of this workspace can start a comparison that costs. Please ask one of them to choose it."
NOTHING_ELSE = (
    "I have analysed no other document in this conversation lately."
    " Share the other version here, and I compare the two."
)
ON_IT = "On it. What changed comes in the thread of this document."
ASKED_BEFORE = "Somebody asked for exactly this before: look in the thread of this document."


class ChannelDocuments(Protocol):
    """services/database/versions.py."""

    async def of_channel(self, team: str, channel: str, since: datetime) -> list[AnalysedDocument]: ...

    async def of_file(self, job: Job) -> AnalysedDocument | None: ...


class CompareWithListener:
    """Writes the new job down before it says that it will."""

    def __init__(
        self,
        documents: ChannelDocuments,
        reports: ReportSource,
        record: JobRecord,
        permissions: Permissions,
        modals: Modals,
        accept: Accept,
    ) -> None:
        self._documents = documents
        self._reports = reports
        self._record = record
        self._permissions = permissions
        self._modals = modals
        self._accept = accept

    def register(self, app: AsyncApp) -> None:
        app.view(CALLBACK)(self.compare)

    async def chosen(self, press: Press, analysis_id: str, respond: AsyncRespond) -> None:
        """The entry of a result's menu. Raises NotAllowed, ReportGone and other errors of ours."""
        await self._modals.open(press.trigger_id, TITLE, self._choices(press, analysis_id))

    async def compare(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """One new job for each pair, however often it is asked for."""
        await self._modals.answer(ack, view["id"], TITLE, self._started(body["user"]["id"], view))

    async def _choices(self, press: Press, analysis_id: str) -> Modal:
        job = await self._source(press.user, analysis_id)
        if not may_see(press, job):
            raise NotAllowed(UNKNOWN_JOB)
        report = await self._reports.report(analysis_id)
        if report is None:
            raise ReportGone
        others = await self._others(press.user, job, report)
        if not others:
            raise SmallprintError(NOTHING_ELSE)
        carried = CarriedComparison(job.id, press.thread_ts or press.message_ts)
        return compare_modal(report, others, carried)

    async def _started(self, user: str, view: Mapping[str, Any]) -> Modal:
        carried = CarriedComparison.read(view["private_metadata"])
        job = await self._source(user, carried.job)
        new = await self._comparison(job, FilledForm(view).chosen(WITH), user, carried.thread_ts)
        if await self._record.get(new.id) is not None:
            return said_modal(TITLE, answer_message(ASKED_BEFORE))
        try:
            await self._accept([new])
        except IntakeStopped:
            return said_modal(TITLE, answer_message(STOPPING))
        log.info("comparison asked for", job=new.id, user=user)
        return said_modal(TITLE, answer_message(ON_IT))

    async def _comparison(self, job: Job, other_id: str, user: str, thread_ts: str) -> Job:
        """Only what this conversation's list offers can be chosen, whatever Slack hands us."""
        listed = await self._listed(user, job)
        other = next((each for each in listed if each.job_id == other_id), None)
        mine = await self._documents.of_file(job)
        if other is None or mine is None:
            raise ReportGone
        older, newer = sorted((mine, other), key=lambda each: each.order)
        return asked_comparison(job, older, newer, user=user, thread_ts=thread_ts)

    async def _others(self, user: str, job: Job, report: Report) -> Sequence[AnalysedDocument]:
        """Other documents of the conversation: those with a name like this one's first, then the newest."""
        others = [each for each in await self._listed(user, job) if each.sha256 != report.document_sha256]
        name = report.document_name
        return sorted(others, key=lambda each: -round(fuzz.token_sort_ratio(each.name, name) / 20))

    async def _listed(self, user: str, job: Job) -> Sequence[AnalysedDocument]:
        """None for who looks at a private result and has left the conversation where they asked for it."""
        if job.brief.private and not await self._permissions.is_member_of_any(user, [job.channel]):
            return ()
        return await self._documents.of_channel(job.team, job.channel, _since())

    async def _source(self, user: str, job_id: str) -> Job:
        if not await self._permissions.is_full_member(user):
            raise NotAllowed(NOT_FOR_GUESTS)
        job = await self._record.get(job_id)
        if job is None:
            raise NotAllowed(UNKNOWN_JOB)
        return job


def _since() -> datetime:
    return datetime.now(UTC) - LATELY
