"""An orchestrator with budgets, as the product assembles it: the real agents, client and database, and a loopback Claude."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from smallprint.agents.adjudicator import FindingsAdjudicator
from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.answers import SUPPORTED_CONTRACTS
from smallprint.agents.budget_limits import BudgetLimits
from smallprint.agents.budgeted import BudgetedModel
from smallprint.agents.budgets import Budgets
from smallprint.agents.document_text import estimated_tokens
from smallprint.agents.estimate import estimated_cost
from smallprint.agents.evidence_repair import EvidenceRepairer
from smallprint.agents.fallback import ModelWithFallbacks
from smallprint.agents.orchestrator import Orchestrator, Rules
from smallprint.agents.profiles import Models, staffings
from smallprint.agents.reducer import FindingsReducer
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.agents.team import Team
from smallprint.agents.triage import DocumentTriage
from smallprint.models.domain import AnalysisRequest, Defaults, Document, Profile, Report, Step
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from smallprint.services.ai_client import AIClient, connect
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.budget_changes import BudgetChangeStore
from smallprint.services.database.budgets import BudgetBooks
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore
from smallprint.services.pricing import Pricing

MODELS = Models("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5")


def estimate_of(document: Document) -> int:
    """Nano-USD of one analysis in the profile "balanced"."""
    cost = estimated_cost([estimated_tokens(document)], staffings(MODELS)[Profile.BALANCED], Pricing().cost)
    assert cost is not None
    return cost


@dataclass(frozen=True, slots=True)
class BudgetedDesk:
    orchestrator: Orchestrator
    books: BudgetBooks
    limits: BudgetLimits
    database: Database

    async def run(
        self,
        document: Document,
        analysis_id: str = "an1",
        *,
        user: str = "",
        channel: str = "",
        last_try: bool = True,
    ) -> Report:
        async def quiet(_step: Step) -> None: ...

        request = AnalysisRequest(analysis_id, team="T1", channel=channel, user=user)
        return await self.orchestrator.run(document, request, quiet, last_try=last_try)


@asynccontextmanager
async def budgeted_desk(
    database: Database, claude_url: str, defaults: Defaults | None = None
) -> AsyncIterator[BudgetedDesk]:
    """`defaults`: the limits of the settings."""
    price, calls = Pricing().cost, CallStore(database)
    prompts = PromptVersions(PromptTemplates(), PromptStore(database), contracts=SUPPORTED_CONTRACTS)
    await prompts.import_templates()
    books = BudgetBooks(database, defaults or {})
    client = AIClient(connect("sk-ant-test", claude_url, max_retries=0), calls, Pricing())
    budgets = Budgets(books, price, client)
    model = ModelWithFallbacks(BudgetedModel(client, budgets, calls), ())
    team = Team(
        DocumentAnalyst(model),
        staffings(MODELS),
        DocumentReviewer(model),
        DocumentTriage(model),
        EvidenceRepairer(model),
        FindingsReducer(model),
        FindingsAdjudicator(model),
    )
    orchestrator = Orchestrator(
        team,
        prompts=prompts,
        log=AnalysisStore(database),
        price=price,
        rules=Rules(),
        budgets=budgets,
        counter=client,
    )
    try:
        yield BudgetedDesk(orchestrator, books, BudgetLimits(books, BudgetChangeStore(database)), database)
    finally:
        await client.close()
