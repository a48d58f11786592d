"""An orchestrator with everything round it in memory, and a scripted model behind each agent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from smallprint.agents.adjudicator import FindingsAdjudicator
from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.evidence_repair import EvidenceRepairer
from smallprint.agents.orchestrator import Orchestrator, Rules
from smallprint.agents.profiles import Models, staffings
from smallprint.agents.reducer import FindingsReducer
from smallprint.agents.requests import Assignment
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.agents.team import Analyst, Team
from smallprint.agents.triage import DocumentTriage
from smallprint.models.domain import (
    AgentRun,
    Analysis,
    AnalysisRequest,
    Document,
    Finding,
    Prompt,
    Report,
    Step,
    Usage,
)
from smallprint.services.pricing import Pricing
from tests.fakes.analysis_log import InMemoryAnalysisLog
from tests.fakes.language_model import Answer, ScriptedModel
from tests.fakes.prompts import PromptShelf

MODELS = Models("analyst-model", "reviewer-model", "adjudicator-model")


class OfflineRules:
    """States what it was told to, as the offline analyst would."""

    offline = True
    sees = False

    def __init__(self, *findings: Finding) -> None:
        self._findings = findings
        self.prompts: list[object] = []

    async def analyse(
        self, document: Document, prompt: Prompt | None, assignment: Assignment
    ) -> tuple[Analysis, AgentRun]:
        self.prompts.append(prompt)
        run = AgentRun("document_analysis", "offline-rules", None, Usage(), 0, 0.1)
        return Analysis("By rules.", self._findings), run


class Desk:
    """Each agent gives the answers it is handed, one after the other; one without answers is not there (but the analyst)."""

    def __init__(
        self,
        *,
        analyst: Sequence[Answer] = (),
        reviewer: Sequence[Answer] | None = (),
        triage: Sequence[Answer] | None = None,
        repair: Sequence[Answer] | None = None,
        reducer: Sequence[Answer] | None = None,
        adjudicator: Sequence[Answer] | None = None,
        offline: Analyst | None = None,
        stand_in: Analyst | None = None,
        models: Models = MODELS,
        **rules: Any,
    ) -> None:
        self.analyst_model = ScriptedModel(*analyst)
        self.reviewer_model = ScriptedModel(*(reviewer or ()))
        self.triage_model = ScriptedModel(*(triage or ()))
        self.repair_model = ScriptedModel(*(repair or ()))
        self.reducer_model = ScriptedModel(*(reducer or ()))
        self.adjudicator_model = ScriptedModel(*(adjudicator or ()))
        self.log = InMemoryAnalysisLog()
        self.prompts = PromptShelf()
        self.steps: list[Step] = []
        team = Team(
            analyst=offline or DocumentAnalyst(self.analyst_model),
            staffings=staffings(models),
            reviewer=None if reviewer is None else DocumentReviewer(self.reviewer_model),
            triager=None if triage is None else DocumentTriage(self.triage_model),
            repairer=None if repair is None else EvidenceRepairer(self.repair_model),
            reducer=None if reducer is None else FindingsReducer(self.reducer_model),
            adjudicator=None if adjudicator is None else FindingsAdjudicator(self.adjudicator_model),
        )
        self.orchestrator = Orchestrator(
            team,
            prompts=self.prompts,
            log=self.log,
            price=Pricing().cost,
            rules=Rules(**rules),
            stand_in=None if stand_in is None else Team(stand_in, staffings(models)),
        )

    async def run(
        self, document: Document, request: AnalysisRequest | None = None, *, last_try: bool = True
    ) -> Report:
        asked = request or AnalysisRequest("an1")
        return await self.orchestrator.run(document, asked, self._progress, last_try=last_try)

    async def _progress(self, step: Step) -> None:
        self.steps.append(step)
