"""Settings → the agents, and the orchestrator that leads them."""

from __future__ import annotations

from datetime import timedelta

from smallprint.agents.adjudicator import FindingsAdjudicator
from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.budgets import Budgets
from smallprint.agents.clauses import ClauseAnalyst
from smallprint.agents.evidence_repair import EvidenceRepairer
from smallprint.agents.fallback import ModelWithFallbacks
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.orchestrator import Orchestrator, Rules
from smallprint.agents.profiles import Models, staffings
from smallprint.agents.reducer import FindingsReducer
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.agents.team import Team
from smallprint.agents.token_counter import TokenCounter
from smallprint.agents.traced import traced
from smallprint.agents.triage import DocumentTriage
from smallprint.config import Settings
from smallprint.models.domain import NANO_USD_PER_USD
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.pricing import Pricing
from smallprint.services.tracing import Tracing


def orchestrator_of(
    settings: Settings,
    model: LanguageModel | None,
    prompts: PromptVersions,
    analyses: AnalysisStore,
    tracing: Tracing,
    budgets: Budgets | None,
    counter: TokenCounter | None,
) -> Orchestrator:
    """`model` is None offline; `budgets` and `counter` are None where nobody pays."""
    models = Models(settings.default_model, settings.reviewer_model, settings.adjudicator_model)
    rules_only = traced(Team(ClauseAnalyst(), staffings(models)), tracing)
    asked = None if model is None else ModelWithFallbacks(model, settings.fallback_models)
    return Orchestrator(
        rules_only if asked is None else traced(_team(asked, models), tracing),
        prompts=prompts,
        log=analyses,
        price=Pricing().cost,
        rules=Rules(
            profile=settings.analysis_profile,
            long_document_tokens=settings.long_document_tokens,
            ask_above_nano_usd=round(settings.ask_above_cost_usd * NANO_USD_PER_USD) or None,
            earlier_reports_for=timedelta(days=settings.cache_days) if settings.enable_caching else None,
        ),
        budgets=budgets,
        counter=counter,
        stand_in=rules_only if settings.offline_fallback else None,
    )


def _team(model: LanguageModel, models: Models) -> Team:
    return Team(
        DocumentAnalyst(model),
        staffings(models),
        DocumentReviewer(model),
        DocumentTriage(model),
        EvidenceRepairer(model),
        FindingsReducer(model),
        FindingsAdjudicator(model),
    )
