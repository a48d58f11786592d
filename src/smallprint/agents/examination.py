"""One document examined: analyst (triage beside it), quotations looked up, repair, review, merge, adjudication."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from smallprint.agents import reading
from smallprint.agents.adjudication import apply_rulings, disputed
from smallprint.agents.grounding import DocumentQuotes
from smallprint.agents.merge import ADDRESSES_AI, Located, Merged, Quotes, grounded, locate, merge
from smallprint.agents.profiles import ModelChoice, Staffing
from smallprint.agents.requests import Assignment
from smallprint.agents.screen import screen
from smallprint.agents.team import Team
from smallprint.errors import ModelError, PromptError
from smallprint.models.domain import (
    Agent,
    AgentRun,
    Analysis,
    AnalysisRequest,
    Document,
    DocumentType,
    Finding,
    KeyFact,
    Prompt,
    ReportFact,
    Review,
    RiskLevel,
    Step,
    Triage,
)

log = structlog.get_logger()

TRIAGE_PATIENCE_S = 10.0
"""After the analyst has answered."""

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
    "budget_reached": "a spending limit is reached",
    "stopped": "somebody stopped the analysis before the review",
    "model_request_rejected": "the AI service didn't accept the request for a review",
    "model_overloaded": "the AI service was overloaded",
    "model_unreachable": "I couldn't reach the AI service for the review",
}
OTHER_REASON = "the reviewing AI gave no usable answer"

# Not `ADDRESSES_AI`: what a cheap model suspects is for the reviewer to judge, and must not disarm it.
_SUSPICION = Finding(
    "A2",
    "document.may_address_ai",
    "Part of the text may be meant for an AI",
    "On a quick look, these words seem to be addressed to an AI system that reads the document, not to people.",
    "If they are, somebody may be trying to steer automated reviews, this one included.",
    "Read the quoted place yourself, and ask whoever sent the document why it is there.",
    RiskLevel.MEDIUM,
)

Progress = Callable[[Step], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Task:
    """A document and everything that was settled before its examination begins."""

    document: Document
    parts: tuple[Document, ...]
    request: AnalysisRequest
    prompts: Mapping[str, Prompt]
    document_types: tuple[DocumentType, ...]
    """What kind of document it may be, at a guess."""
    staffing: Staffing
    progress: Progress
    last_try: bool

    def assignment(self, choice: ModelChoice) -> Assignment:
        return Assignment(
            self.request.analysis_id,
            choice,
            self.request.brief,
            document_types=self.document_types,
            read_again=self.request.read_again,
        )


@dataclass(frozen=True, slots=True)
class Examined:
    """What a Report needs of the examination."""

    analysis: Analysis
    merged: Merged
    facts: tuple[ReportFact, ...]
    ungrounded: int
    repaired: int
    runs: tuple[AgentRun, ...]
    reviewed: bool
    review_note: str
    unread: int = 0
    """Parts that nobody had read when somebody stopped the analysis."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """The analyst's findings that stand in the document, and what it took to find that out."""

    findings: tuple[Located, ...]
    ungrounded: int
    repaired: int = 0
    runs: tuple[AgentRun, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reviewed:
    review: Review | None = None
    runs: tuple[AgentRun, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Triaged:
    triage: Triage | None = None
    runs: tuple[AgentRun, ...] = field(default_factory=tuple)


class Examiner:
    """Runs a team over a document; knows neither who asked nor where the result goes."""

    def __init__(
        self,
        team: Team,
        *,
        quotes: Callable[[Document], Quotes] = DocumentQuotes,
        screen: Callable[[Document], Sequence[Finding]] = screen,
    ) -> None:
        self._team = team
        self._quotes = quotes
        self._screen = screen

    async def examine(self, task: Task) -> Examined:
        """Raises what the analyst raises, and, unless it is the last try, passing faults of the reviewer."""
        await task.progress(Step.ANALYSING)
        triaging = asyncio.ensure_future(self._triage(task))
        try:
            read = await self._read(task)
            quotes = await asyncio.to_thread(self._quotes, task.document)
            standing = await self._standing(task, read.analysis, quotes)
            triaged = await _without_waiting_long(triaging)
        finally:
            triaging.cancel()
        return await self._concluded(task, read, standing, triaged, quotes)

    async def _read(self, task: Task) -> reading.Reading:
        prompts = reading.Prompts(task.prompts.get(Agent.ANALYST), task.prompts.get(Agent.REDUCER))
        choice = task.staffing.analyst
        return await reading.read(
            self._team, task.parts, prompts, task.assignment(choice), task.assignment(choice)
        )

    async def _concluded(
        self, task: Task, read: reading.Reading, standing: _Standing, triaged: _Triaged, quotes: Quotes
    ) -> Examined:
        rules = await _located(await asyncio.to_thread(self._screen, task.document), quotes)
        stated = standing.findings
        if not _addressed((*rules, *stated)):
            stated = (*stated, *grounded(await _located(_suspicions(triaged.triage), quotes)))
        reviewed = await self._review(task, stated)
        missed = await _located(reviewed.review.missed if reviewed.review else (), quotes)
        added = grounded(missed)
        merged = merge(
            rules=rules, analyst=stated, missed=added, review=reviewed.review, same_matter=read.same_matter
        )
        merged, ruled = await self._adjudicate(task, merged)
        return Examined(
            analysis=_completed(read.analysis, triaged.triage),
            merged=merged,
            facts=await asyncio.to_thread(_facts, read.analysis.facts, quotes),
            ungrounded=standing.ungrounded + len(missed) - len(added),
            repaired=standing.repaired,
            runs=(*read.runs, *standing.runs, *reviewed.runs, *ruled, *triaged.runs),
            reviewed=reviewed.review is not None,
            review_note=reviewed.note,
            unread=read.unread,
        )

    # --- what may fail without harm ------------------------------------------------------------------------

    async def _triage(self, task: Task) -> _Triaged:
        """It only ever adds, so an analysis does without it when it fails."""
        prompt = task.prompts.get(Agent.TRIAGE)
        if self._team.triager is None or prompt is None or not task.document.passages:
            return _Triaged()
        assignment = task.assignment(task.staffing.triage)
        try:
            triage, run = await self._team.triager.triage(task.document, prompt, assignment)
        except (ModelError, PromptError) as error:
            log.info("not triaged", analysis=assignment.analysis_id, code=error.code)
            return _Triaged()
        return _Triaged(triage, (run,))

    async def _standing(self, task: Task, analysis: Analysis, quotes: Quotes) -> _Standing:
        """What of the analysis stands in the document, after one chance to name better words."""
        stated = await _located(analysis.findings, quotes)
        standing = grounded(stated, absence_counts=self._team.analyst.offline)
        fallen = [each.finding for each in stated if each not in standing]
        prompt = task.prompts.get(Agent.REPAIR)
        if not fallen or self._team.repairer is None or prompt is None or not task.document.passages:
            return _Standing(standing, len(fallen))
        assignment = task.assignment(task.staffing.analyst)
        try:
            mended, run = await self._team.repairer.repair(task.document, fallen, prompt, assignment)
        except (ModelError, PromptError) as error:
            log.info("quotations not repaired", analysis=assignment.analysis_id, code=error.code)
            return _Standing(standing, len(fallen))
        found = grounded(await _located(mended, quotes))
        return _Standing((*standing, *found), len(fallen) - len(found), len(found), (run,))

    async def _review(self, task: Task, standing: Sequence[Located]) -> _Reviewed:
        """Without a review the findings still stand in the document, so there is a report all the same."""
        if self._team.reviewer is None or self._team.analyst.offline:
            return _Reviewed(note=OFFLINE_NOTE if self._team.analyst.offline else NO_REVIEWER_NOTE)
        await task.progress(Step.REVIEWING)
        assignment = task.assignment(task.staffing.reviewer)
        try:
            review, run = await reading.review(
                self._team.reviewer, task.parts, standing, task.prompts[Agent.REVIEWER], assignment
            )
        except (ModelError, PromptError) as error:
            if error.retryable and not task.last_try:
                raise
            log.warning("not reviewed", analysis=assignment.analysis_id, code=error.code)
            return _Reviewed(note=UNREVIEWED_NOTE.format(reason=REASONS.get(error.code, OTHER_REASON)))
        return _Reviewed(review, (run,))

    async def _adjudicate(self, task: Task, merged: Merged) -> tuple[Merged, tuple[AgentRun, ...]]:
        """When the adjudicator fails, what analyst and reviewer said holds."""
        choice, prompt = task.staffing.adjudicator, task.prompts.get(Agent.ADJUDICATOR)
        asked = disputed(merged)
        if self._team.adjudicator is None or choice is None or prompt is None or not asked:
            return merged, ()
        assignment = task.assignment(choice)
        try:
            rulings, run = await self._team.adjudicator.adjudicate(task.document, asked, prompt, assignment)
        except (ModelError, PromptError) as error:
            log.warning("not adjudicated", analysis=assignment.analysis_id, code=error.code)
            return merged, ()
        return apply_rulings(merged, rulings), (run,)


async def _without_waiting_long(triaging: asyncio.Future[_Triaged]) -> _Triaged:
    """A triage that hangs must not hold up what the analyst has finished."""
    done, _ = await asyncio.wait({triaging}, timeout=TRIAGE_PATIENCE_S)
    return triaging.result() if done else _Triaged()


async def _located(findings: Sequence[Finding], quotes: Quotes) -> tuple[Located, ...]:
    # Fuzzy matching takes tens of milliseconds a quotation: not in the event loop.
    return await asyncio.to_thread(locate, findings, quotes)


def _suspicions(triage: Triage | None) -> tuple[Finding, ...]:
    if triage is None or not triage.addressing_ai:
        return ()
    return (replace(_SUSPICION, quotations=triage.addressing_ai),)


def _addressed(findings: Sequence[Located]) -> bool:
    return any(each.finding.category == ADDRESSES_AI for each in findings)


def _facts(facts: Sequence[KeyFact], quotes: Quotes) -> tuple[ReportFact, ...]:
    """Those whose words stand in the document; a fact nobody can look up helps nobody."""
    found = (ReportFact(fact, tuple(map(quotes.locate, fact.quotations))) for fact in facts)
    shown = (replace(each, evidence=tuple(e for e in each.evidence if e.match.shown)) for each in found)
    return tuple(each for each in shown if each.evidence)


def _completed(analysis: Analysis, triage: Triage | None) -> Analysis:
    """What older forms of the analyst's answer leave open is taken from the triage."""
    if triage is None or analysis.language:
        return analysis
    return replace(analysis, language=triage.language, document_type=triage.document_type)
