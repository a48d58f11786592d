"""Settings → what compares two documents, for the command line and for Slack."""

from __future__ import annotations

from smallprint.agents.budgets import Budgets
from smallprint.agents.changes import ChangesExplainer
from smallprint.agents.comparer import DocumentComparer
from smallprint.agents.fallback import ModelWithFallbacks
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.profiles import Models, staffings
from smallprint.config import Settings
from smallprint.prompts.versions import PromptVersions
from smallprint.services.pricing import Pricing
from smallprint.services.tracing import Tracing


def comparer_of(
    settings: Settings,
    model: LanguageModel | None,
    prompts: PromptVersions,
    budgets: Budgets | None,
    tracing: Tracing | None = None,
) -> DocumentComparer:
    """`model` is None offline; `budgets` is None where nobody pays."""
    models = Models(settings.default_model, settings.reviewer_model, settings.adjudicator_model)
    explainer = (
        None if model is None else ChangesExplainer(ModelWithFallbacks(model, settings.fallback_models))
    )
    return DocumentComparer(
        prompts=prompts,
        staffings=staffings(models),
        profile=settings.analysis_profile,
        price=Pricing().cost,
        explainer=explainer,
        budgets=budgets,
        tracing=tracing,
    )
