"""Settings → what answers questions about documents, whoever asks."""

from __future__ import annotations

from smallprint.agents.answering import Answering
from smallprint.agents.budgets import Budgets
from smallprint.agents.fallback import ModelWithFallbacks
from smallprint.agents.follow_up import FollowUp
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.profiles import Models, staffings
from smallprint.config import Settings
from smallprint.prompts.versions import PromptVersions
from smallprint.services.pricing import Pricing
from smallprint.services.tracing import Tracing


def answering_of(
    settings: Settings,
    model: LanguageModel | None,
    prompts: PromptVersions,
    budgets: Budgets | None,
    tracing: Tracing,
) -> Answering:
    """`model` is None offline; `budgets` is None where nobody pays."""
    models = Models(settings.default_model, settings.reviewer_model, settings.adjudicator_model)
    asked = None if model is None else ModelWithFallbacks(model, settings.fallback_models)
    return Answering(
        None if asked is None else FollowUp(asked),
        prompts=prompts,
        staffings=staffings(models),
        price=Pricing().cost,
        budgets=budgets,
        long_document_tokens=settings.long_document_tokens,
        offline_fallback=settings.offline_fallback,
        tracing=tracing,
    )
