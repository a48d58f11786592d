"""One document's way through the agents: analyst, grounding, reviewer, merge, report.

It never knows who asked: Slack, the command line and the evaluations call the same `run`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import structlog

from smallprint.agents.document_text import require_room
from smallprint.agents.grounding import DocumentQuotes
from smallprint.agents.merge import Located, Merged, Quotes, grounded, locate, merge, with_documents_words
from smallprint.agents.pictures import as_seen
from smallprint.agents.screen import screen
from smallprint.errors import ModelError, PromptError, SmallprintError
from smallprint.models.domain import (
    Agent,
    AgentRun,
    Analysis,
    AnalysisRequest,
    Document,
    Finding,
    Prompt,
    Report,
    Review,
    Step,
)

log = structlog.get_logger()

OFFLINE_NOTE = "Offline rules: no AI reviewer."
NO_REVIEWER_NOTE = "No reviewer is set up, so these findings weren't double-checked."
UNREVIEWED_NOTE = "These findings weren't double-checked because {reason}."
REASONS = {
    "model_refused": "the reviewing AI declined to look at this document",
    "answer_truncated": "the reviewing AI's answer was too long and got cut off",
    "context_exceeded": "the document is too long for the reviewing AI",
    "invalid_answer": "the reviewing AI's answer wasn't in a form I can check",
    "model_authentication": "I'm not set up correctly to reach the reviewing AI",
    "spend_limit": "the AI account's spending limit is reached",
    "model_request_rejected": "the AI service didn't accept the request for a review",
    "model_overloaded": "the AI service was overloaded",
    "model_unreachable": "I couldn't reach the AI service for the review",
}
OTHER_REASON = "the reviewing AI gave no usable answer"

Progress = Callable[[Step], Awaitable[None]]


class Analyst(Protocol):
    """Reads a document and states findings, unverified."""

    @property
    def offline(self) -> bool:
        """True: rules, no AI; needs no prompt and gets no reviewer."""
        ...

    @property
    def sees(self) -> bool:
        """True if it can look at pictures."""
        ...

    async def analyse(
        self, document: Document, prompt: Prompt | None, analysis_id: str
    ) -> tuple[Analysis, AgentRun]: ...


class Reviewer(Protocol):
    """Judges findings against the document."""

    async def review(
        self, document: Document, findings: Sequence[Finding], prompt: Prompt, analysis_id: str
    ) -> tuple[Review, AgentRun]: ...


class PromptSource(Protocol):
    """`prompts/versions.py`."""

    async def live(self, agent: str) -> Prompt: ...

    async def version(self, agent: str, version: int) -> Prompt: ...


class AnalysisLog(Protocol):
    """`services/database/analyses.py`."""

    async def begin(
        self,
        request: AnalysisRequest,
        document: Document,
        prompts: Mapping[str, Prompt],
        *,
        offline: bool,
    ) -> Mapping[str, int]:
        """Agent to the version that holds for this analysis: on a retry those of the first time."""
        ...

    async def report(self, analysis_id: str) -> Report | None: ...

    async def finish(self, report: Report) -> None: ...

    async def fail(self, analysis_id: str, code: str) -> None: ...


class Orchestrator:
    """Turns a document into a report, once per analysis id."""

    def __init__(
        self,
        *,
        analyst: Analyst,
        reviewer: Reviewer | None,
        prompts: PromptSource,
        log: AnalysisLog,
        quotes: Callable[[Document], Quotes] = DocumentQuotes,
        screen: Callable[[Document], Sequence[Finding]] = screen,
    ) -> None:
        self._analyst = analyst
        self._reviewer = None if analyst.offline else reviewer
        self._prompts = prompts
        self._log = log
        self._quotes = quotes
        self._screen = screen

    async def run(
        self, document: Document, request: AnalysisRequest, progress: Progress, *, last_try: bool = True
    ) -> Report:
        """The report; one that exists already for this analysis id is returned as it is.

        `last_try`: nobody will call again with this id, so a passing fault of the reviewer gives a report
        without review, and one of the analyst is logged as the end. Otherwise passing faults are raised for
        the caller to try again; answers that were paid for are not paid again.

        Raises:
            SmallprintError: there can be no report; its sentence says why.
        """
        finished = await self._log.report(request.analysis_id)
        if finished is not None:
            return finished
        prompts = await self._resolve_prompts(request, document)
        try:
            seen = as_seen(document, sees=self._analyst.sees)
            report = await self._make_report(_Task(seen, request, prompts, progress, last_try=last_try))
        except SmallprintError as error:
            if last_try or not error.retryable:
                await self._log.fail(request.analysis_id, error.code)
            raise
        await self._log.finish(report)
        return report

    async def _resolve_prompts(self, request: AnalysisRequest, document: Document) -> Mapping[str, Prompt]:
        """What is live now, unless an earlier try of this analysis already settled on other versions."""
        live = {agent: await self._prompts.live(agent) for agent in self._agents()}
        versions = await self._log.begin(request, document, live, offline=self._analyst.offline)
        return {
            agent: prompt
            if versions.get(agent, prompt.version) == prompt.version
            else await self._prompts.version(agent, versions[agent])
            for agent, prompt in live.items()
        }

    def _agents(self) -> list[str]:
        agents = [] if self._analyst.offline else [Agent.ANALYST.value]
        return agents if self._reviewer is None else [*agents, Agent.REVIEWER.value]

    async def _make_report(self, task: _Task) -> Report:
        started = time.monotonic()
        document = task.document
        analysis, analyst_run = await self._analyse(task)
        checked = await self._check(task, analysis)
        report = Report(
            analysis_id=task.request.analysis_id,
            document_name=document.name,
            document_kind=document.kind,
            document_sha256=document.sha256,
            receipt=document.receipt,
            summary=analysis.summary,
            risk_level=checked.merged.level,
            findings=checked.merged.kept,
            rejected=checked.merged.rejected,
            ungrounded=checked.ungrounded,
            looked_for_not_found=analysis.looked_for_not_found,
            agents=(analyst_run, *checked.reviewed.runs),
            reviewed=checked.reviewed.review is not None,
            review_note=checked.reviewed.note,
            offline=self._analyst.offline,
            seconds=time.monotonic() - started,
            created_at=datetime.now(UTC),
        )
        _log_made(report)
        return report

    async def _analyse(self, task: _Task) -> tuple[Analysis, AgentRun]:
        if not self._analyst.offline:
            require_room(task.document)
        await task.progress(Step.ANALYSING)
        prompt = task.prompts.get(Agent.ANALYST)
        return await self._analyst.analyse(task.document, prompt, task.request.analysis_id)

    async def _check(self, task: _Task, analysis: Analysis) -> _Checked:
        """What of the analysis stands in the document, and what the reviewer makes of it."""
        quotes = await asyncio.to_thread(self._quotes, task.document)
        rules = await _located(await asyncio.to_thread(self._screen, task.document), quotes)
        stated = await _located(analysis.findings, quotes)
        standing = grounded(stated, absence_counts=self._analyst.offline)
        reviewed = await self._review(task, standing)
        missed = await _located(reviewed.review.missed if reviewed.review else (), quotes)
        added = grounded(missed)
        return _Checked(
            merged=merge(rules=rules, analyst=standing, missed=added, review=reviewed.review),
            ungrounded=len(stated) - len(standing) + len(missed) - len(added),
            reviewed=reviewed,
        )

    async def _review(self, task: _Task, standing: Sequence[Located]) -> _Reviewed:
        """Without a review the findings still stand in the document, so there is a report all the same."""
        if self._reviewer is None:
            return _Reviewed(note=OFFLINE_NOTE if self._analyst.offline else NO_REVIEWER_NOTE)
        await task.progress(Step.REVIEWING)
        findings = [with_documents_words(each) for each in standing]
        analysis_id, prompt = task.request.analysis_id, task.prompts[Agent.REVIEWER]
        try:
            review, run = await self._reviewer.review(task.document, findings, prompt, analysis_id)
        except (ModelError, PromptError) as error:
            if error.retryable and not task.last_try:
                raise
            log.warning("not reviewed", analysis=analysis_id, code=error.code)
            return _Reviewed(note=UNREVIEWED_NOTE.format(reason=REASONS.get(error.code, OTHER_REASON)))
        return _Reviewed(review, (run,))


@dataclass(frozen=True, slots=True)
class _Task:
    document: Document
    request: AnalysisRequest
    prompts: Mapping[str, Prompt]
    progress: Progress
    last_try: bool


@dataclass(frozen=True, slots=True)
class _Reviewed:
    review: Review | None = None
    runs: tuple[AgentRun, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Checked:
    merged: Merged
    ungrounded: int
    reviewed: _Reviewed


async def _located(findings: Sequence[Finding], quotes: Quotes) -> tuple[Located, ...]:
    # Fuzzy matching takes tens of milliseconds a quotation: not in the event loop.
    return await asyncio.to_thread(locate, findings, quotes)


def _log_made(report: Report) -> None:
    log.info(
        "report made",
        analysis=report.analysis_id,
        seconds=round(report.seconds, 3),
        level=report.risk_level.value,
        findings=len(report.findings),
        rejected=len(report.rejected),
        ungrounded=report.ungrounded,
        reviewed=report.reviewed,
    )
