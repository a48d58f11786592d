"""Settings → what compares two documents, for the command line and for Slack."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smallprint.agents.budgets import Budgets
from smallprint.agents.changes import ChangesExplainer
from smallprint.agents.comparer import DocumentComparer
from smallprint.agents.fallback import ModelWithFallbacks
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.profiles import Models, staffings
from smallprint.config import Settings
from smallprint.jobs.changes import ChangesDelivery, ChangesWorkflow
from smallprint.jobs.steps import Steps
from smallprint.jobs.stops import Stops
from smallprint.jobs.workflow import FileSource
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.comparisons import ComparisonStore
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.versions import VersionStore
from smallprint.services.pricing import Pricing
from smallprint.services.tracing import Tracing

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product


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


def changes_workflow_of(
    settings: Settings,
    product: Product,
    files: FileSource,
    delivery: ChangesDelivery,
    stops: Stops | None = None,
) -> Callable[[Steps], ChangesWorkflow]:
    """What makes the workflow of the jobs that compare documents, once it is known how steps are taken."""

    def made(steps: Steps) -> ChangesWorkflow:
        return ChangesWorkflow(
            steps=steps,
            rows=JobStore(product.database),
            files=files,
            reader=product.reader,
            comparer=product.comparer,
            versions=VersionStore(product.database),
            reports=product.analyses,
            kept=ComparisonStore(product.database),
            delivery=delivery,
            concurrency=settings.max_concurrent_jobs,
            stops=stops,
        )

    return made
