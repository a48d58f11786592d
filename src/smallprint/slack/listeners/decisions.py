"""Accept and Dismiss on a finding, under a result and in “All findings”: written down first, then shown in place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import NotAllowed, ReportGone, SmallprintError
from smallprint.models.domain import Decision, FindingDecision, Report, ReportFinding
from smallprint.slack.blocks.all_findings import TITLE as LIST_TITLE
from smallprint.slack.blocks.decision import (
    CALLBACK,
    DECIDE_ACTION,
    MAX_REASON,
    REASON,
    TITLE,
    Choice,
    dismiss_modal,
)
from smallprint.slack.blocks.filled import FilledForm
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.text import plain, shorten
from smallprint.slack.listeners.press import Press
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.results import Results
from smallprint.slack.seen_result import NOT_OURS, SeenResult

log = structlog.get_logger()

NOT_FOR_GUESTS = (
    "Only full members of this workspace can accept or dismiss a finding. Please ask one of them."
)
DISMISSED = "Dismissed. The result shows it."


class DecisionLog(Protocol):
    """Where decisions are written down (services/database/feedback.py)."""

    async def decide(self, wanted: FindingDecision) -> FindingDecision | None: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who wants to decide what, and what they look at."""

    user: str
    choice: Choice
    seen: SeenResult
    request_id: str


class DecisionListener:
    """Full members decide; of several who decide at once the message shows what holds then."""

    def __init__(
        self, results: Results, decisions: DecisionLog, permissions: Permissions, modals: Modals
    ) -> None:
        self._results = results
        self._decisions = decisions
        self._permissions = permissions
        self._modals = modals

    def register(self, app: AsyncApp) -> None:
        app.action(re.compile(rf"{DECIDE_ACTION}(_\w+)?"))(self.decide)
        app.view(CALLBACK)(self.dismiss)

    async def decide(self, ack: AsyncAck, body: Mapping[str, Any], respond: AsyncRespond) -> None:
        """An entry of the menu beside a finding, or a button in the list."""
        await ack()
        press, view = Press.of(body), body.get("view")
        try:
            await self._decide(press, view)
        except SmallprintError as error:
            log.info("decision refused", user=press.user, error=error.code)
            await self._refuse(press, view, respond, error.user_message)

    async def dismiss(self, ack: AsyncAck, body: Mapping[str, Any], view: Mapping[str, Any]) -> None:
        """The modal that asks why."""
        reason = shorten(plain(FilledForm(view).typed(REASON)), MAX_REASON)
        work = self._dismissed(body["user"]["id"], view, reason)
        await self._modals.close(ack, view["id"], TITLE, work)

    async def _decide(self, press: Press, view: Mapping[str, Any] | None) -> None:
        choice = Choice.read(press.value)
        if choice is None:
            raise ReportGone(NOT_OURS)
        seen = _seen(press, choice, view)
        if choice.decision is Decision.DISMISSED:
            asking = self._asking(press.user, seen)
            await self._modals.open(press.trigger_id, TITLE, asking, above=view is not None)
            return
        await self._require_member(press.user)
        await self._make(_Asked(press.user, choice, seen, f"press/{press.trigger_id}"))

    async def _asking(self, user: str, seen: SeenResult) -> Modal:
        await self._require_member(user)
        report = await self._results.report(seen.analysis_id)
        number, finding = _numbered(report, seen.finding_id)
        return dismiss_modal(number, finding, str(seen))

    async def _dismissed(self, user: str, view: Mapping[str, Any], reason: str) -> Modal:
        await self._require_member(user)
        seen = SeenResult.read(view["private_metadata"])
        choice = Choice(Decision.DISMISSED, seen.finding_id, seen.analysis_id)
        await self._make(_Asked(user, choice, seen, f"view/{view['id']}"), reason)
        return said_modal(TITLE, answer_message(DISMISSED))

    async def _make(self, asked: _Asked, reason: str = "") -> None:
        choice, seen = asked.choice, asked.seen
        _numbered(await self._results.report(choice.analysis_id), choice.finding_id)
        wanted = FindingDecision(
            choice.analysis_id,
            choice.finding_id,
            choice.decision,
            asked.user,
            reason,
            asked.request_id,
            datetime.now(UTC),
        )
        await self._decisions.decide(wanted)
        log.info(
            "finding decided", analysis=seen.analysis_id, decision=choice.decision.value, user=asked.user
        )
        await self._results.show(seen)
        if seen.list_view:
            await self._modals.replace(seen.list_view, await self._results.list_modal(seen))

    async def _refuse(
        self, press: Press, view: Mapping[str, Any] | None, respond: AsyncRespond, sentence: str
    ) -> None:
        """A modal has no thread to answer in: there the sentence stands above the list."""
        if view is None:
            await press.answer(respond, answer_message(sentence))
            return
        try:
            seen = SeenResult.read(view["private_metadata"])
            modal = await self._results.list_modal(seen, notice=sentence)
        except SmallprintError:
            modal = said_modal(LIST_TITLE, answer_message(sentence))
        await self._modals.replace(view["id"], modal)

    async def _require_member(self, user: str) -> None:
        if not await self._permissions.is_full_member(user):
            raise NotAllowed(NOT_FOR_GUESTS)


def _seen(press: Press, choice: Choice, view: Mapping[str, Any] | None) -> SeenResult:
    if view is None:
        return SeenResult.of(press, choice.analysis_id, choice.finding_id)
    seen = SeenResult.read(view["private_metadata"])
    return replace(seen, finding_id=choice.finding_id, list_view=view["id"])


def _numbered(report: Report, finding_id: str) -> tuple[int, ReportFinding]:
    """The finding and its number in the report. Raises ReportGone."""
    for number, finding in enumerate(report.findings, 1):
        if finding.finding.id == finding_id:
            return number, finding
    raise ReportGone(NOT_OURS)
