"""Two versions of a document → what changed: computed first, then the risk laid beside it, then explained by a model.

What was computed stands, whatever becomes of the explanation. It never knows who asked, as the orchestrator.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from smallprint.agents.budgets import Budgets, estimated_usage
from smallprint.agents.changes import ChangesExplainer, Explained, worth_explaining
from smallprint.agents.estimate import Price
from smallprint.agents.ports import PromptSource
from smallprint.agents.profiles import Staffing
from smallprint.agents.requests import Assignment
from smallprint.documents.changes import changes_between
from smallprint.errors import BudgetReached, ModelError, PromptError, SmallprintError
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import (
    Agent,
    AgentRun,
    AnalysisRequest,
    Document,
    DocumentChanges,
    PassageChanges,
    Profile,
    Report,
    RiskMove,
    VersionName,
)
from smallprint.reports.risk_move import risk_move
from smallprint.services.tracing import NoTracing, Tracing

log = structlog.get_logger()

NOT_EXPLAINED = "The changes were computed, but not explained: {reason}"
TOO_DIFFERENT = "The two have so little text in common that there is nothing to explain change by change."
PARTLY = "The {count} changes that matter most went to the AI; the others are listed without an explanation."

TRACKED = (
    "{which} carries tracked changes that nobody has accepted or rejected;"
    " I compared it as if all of them were accepted."
)
NEW, OLD, BOTH = "The new version", "The old version", "Each of the two versions"
LEAST_SIMILARITY = 0.2
"""Below it everything is new, and an explanation of each part would only cost."""


@dataclass(frozen=True, slots=True)
class Version:
    """One of the two documents, and the report on it if there is one."""

    document: Document
    report: Report | None = None


class DocumentComparer:
    """Finds what changed between two documents, and has it explained where there is an AI."""

    def __init__(
        self,
        *,
        prompts: PromptSource,
        staffings: Mapping[Profile, Staffing],
        profile: Profile,
        price: Price,
        explainer: ChangesExplainer | None = None,
        budgets: Budgets | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        """`explainer`: None explains nothing (offline). `profile`: where the asker names none."""
        self._prompts = prompts
        self._staffings = staffings
        self._profile = profile
        self._price = price
        self._explainer = explainer
        self._budgets = budgets
        self._tracing = tracing or NoTracing()
        self._looking = asyncio.Semaphore(1)

    @property
    def offline(self) -> bool:
        return self._explainer is None

    async def found(self, before: Document, after: Document) -> PassageChanges:
        """What a program sees; nothing is spent. In a thread of its own, for two long documents take a second.

        One pair at a time: with giant ones it is half a minute, and whoever sends many must not take all threads.
        """
        async with self._looking:
            return await asyncio.to_thread(changes_between, before, after)

    async def compare(
        self,
        before: Version,
        after: Version,
        request: AnalysisRequest,
        *,
        found: PassageChanges | None = None,
        last_try: bool = True,
    ) -> DocumentChanges:
        """The changes, explained where that is possible; `found` if it is known already.

        `request.analysis_id` names the comparison: an answer that was paid for under it is not paid again.
        `last_try`: a passing fault of the model leaves the changes unexplained. Otherwise it is raised for the
        caller to try again.

        Raises:
            ModelError: a passing one, when it is not the last try.
        """
        started = time.monotonic()
        found = found or await self.found(before.document, after.document)
        explained, runs, note = await self._explained(
            before.document, after.document, found, request, last_try=last_try
        )
        log.info("documents compared", comparison=request.analysis_id, changes=len(found.changes))
        return DocumentChanges(
            id=request.analysis_id,
            before=_name(before.document),
            after=_name(after.document),
            found=found,
            created_at=datetime.now(UTC),
            seconds=time.monotonic() - started,
            risk=_risk(before, after, found),
            summary=explained.summary,
            explanations=explained.explanations,
            side=request.brief.side or explained.side,
            agents=runs,
            offline=self.offline,
            note=" ".join(part for part in (note, _tracked(before.document, after.document)) if part),
        )

    async def _explained(
        self,
        before: Document,
        after: Document,
        found: PassageChanges,
        request: AnalysisRequest,
        *,
        last_try: bool,
    ) -> tuple[Explained, tuple[AgentRun, ...], str]:
        """The model's words, what they took, and a sentence where something stays unexplained."""
        shown = worth_explaining(found)
        if self._explainer is None or not shown:
            return _NOTHING, (), ""
        if found.similarity < LEAST_SIMILARITY:
            return _NOTHING, (), TOO_DIFFERENT
        try:
            explained, run = await self._asked(self._explainer, before, after, found, request)
        except (ModelError, PromptError) as error:
            if error.retryable and not last_try:
                raise
            log.warning("changes not explained", comparison=request.analysis_id, code=error.code)
            return _NOTHING, (), NOT_EXPLAINED.format(reason=_lower(error))
        left = len(found.changes) - len(shown)
        return explained, (run,), PARTLY.format(count=len(shown)) if left and len(shown) > 1 else ""

    async def _asked(
        self,
        explainer: ChangesExplainer,
        before: Document,
        after: Document,
        found: PassageChanges,
        request: AnalysisRequest,
    ) -> tuple[Explained, AgentRun]:
        prompt = await self._prompts.resolve(
            Agent.CHANGES.value, channel=request.channel, document_sha256=after.sha256
        )
        choice = self._staffings[request.brief.profile or self._profile].analyst
        assignment = Assignment(request.analysis_id, choice, request.brief)
        with self._tracing.agent(Agent.CHANGES.value, request.analysis_id, prompt) as took:
            async with self._held(explainer.build_prompt(before, after, found, prompt, assignment), request):
                explained, run = await explainer.explain(before, after, found, prompt, assignment)
            took(run)
        return explained, run

    @asynccontextmanager
    async def _held(self, asked: CompletionRequest, request: AnalysisRequest) -> AsyncIterator[None]:
        """Round a call: hold what it will cost. Raises BudgetReached."""
        if self._budgets is None:
            yield
            return
        cost, _ = self._price(asked.model, estimated_usage(asked), datetime.now(UTC))
        await self._budgets.reserve(request, cost)
        try:
            yield
        finally:
            await self._budgets.settle(request.analysis_id)


_NOTHING = Explained("", ())


def _risk(before: Version, after: Version, found: PassageChanges) -> RiskMove | None:
    if before.report is None or after.report is None:
        return None
    return risk_move(before.report, after.report, found.spans)


def _name(document: Document) -> VersionName:
    return VersionName(document.name, document.kind, document.sha256)


def _tracked(before: Document, after: Document) -> str:
    """A caution where one of the two is not settled; empty when both are clean."""
    old, new = (each.receipt.insertions + each.receipt.deletions > 0 for each in (before, after))
    which = BOTH if old and new else OLD if old else NEW if new else ""
    return TRACKED.format(which=which) if which else ""


def _lower(error: SmallprintError) -> str:
    """A sentence that goes on after a colon."""
    said = error.user_message
    return said if isinstance(error, BudgetReached) or said[:2] == "I " else said[:1].lower() + said[1:]
