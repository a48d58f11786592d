"""Settings and a data set → an evaluation of the product, joined as it is for everybody else.

The analyses of an evaluation have a database of their own that goes with it: nobody is ever shown the report of a
scripted model as an earlier analysis of a document, and evaluating twice asks the same questions twice. What it spends
stands in the installation's books, and the installation's budgets hold for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from smallprint import __version__
from smallprint.agents.budgeted import BudgetedModel
from smallprint.agents.budgets import Budgets
from smallprint.agents.language_model import LanguageModel
from smallprint.bootstrap.model import open_model
from smallprint.bootstrap.product import Product, assemble
from smallprint.bootstrap.spending import budget_books
from smallprint.config import Settings
from smallprint.evaluation.accounted import AccountedModel
from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.recordings import RecordedModel
from smallprint.evaluation.runner import Done, evaluate
from smallprint.evaluation.scripted import ScriptedReader
from smallprint.evaluation.stored import agents_of, dataset_sha256, metrics_json, results_of
from smallprint.evaluation.temperaments import PERFECT, Temperament
from smallprint.evaluation.values import DocumentRun, LabelledDocument
from smallprint.models.domain import Agent, Brief, Profile, Prompt
from smallprint.models.evaluation import EvaluationMode, EvaluationRun, RecordingMode
from smallprint.services.database.calls import CallStore
from smallprint.services.database.prompts import PromptStore
from smallprint.services.pricing import Pricing


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate, and who answers."""

    dataset: Path
    mode: EvaluationMode
    profile: Profile | None = None
    prompts: Mapping[str, int] = field(default_factory=dict)
    """Agent → version, where it must be another than the live one; "analyst" and "reviewer" will do."""
    repeats: int = 1
    recordings: Path = Path("recordings")
    """For replay and record."""
    analyst: Temperament = PERFECT
    """When scripted; as is the reviewer's."""
    reviewer: Temperament = PERFECT


async def run_evaluation(settings: Settings, plan: Plan, product: Product, progress: Done) -> EvaluationRun:
    """Analyse and score every document; `product` says which prompt versions are live. Nothing is kept.

    Raises:
        EvaluationError: the data set can't be used, or a recording is missing.
        PromptError: a prompt version that doesn't exist or can't be used.
        ConfigurationError: there is no key for a live model.
    """
    started_at = datetime.now(UTC)
    documents = await asyncio.to_thread(load_dataset, plan.dataset)
    prompts = await _prompts(product, plan)
    brief = Brief(
        profile=plan.profile,
        prompts={agent: prompt.version for agent, prompt in prompts.items()},
        cost_accepted=True,
        again=True,
    )
    async with _apart(settings, plan, documents, product) as evaluated:
        runs = await evaluate(
            documents,
            evaluated.reader,
            evaluated.orchestrator,
            repeats=plan.repeats,
            at_once=settings.max_concurrent_jobs,
            brief=brief,
            progress=progress,
        )
    return await asyncio.to_thread(_scored, plan, documents, prompts, runs, started_at)


def _scored(
    plan: Plan,
    documents: Sequence[LabelledDocument],
    prompts: Mapping[str, Prompt],
    runs: Sequence[DocumentRun],
    started_at: datetime,
) -> EvaluationRun:
    """With the prompt versions of those agents alone that took part: on the others it says nothing."""
    agents, results = agents_of(runs), results_of(documents, runs)
    took_part = {agent: prompt for agent, prompt in prompts.items() if agent in agents}
    return EvaluationRun(
        id=uuid4().hex[:12],
        dataset=str(plan.dataset.resolve()),
        dataset_sha256=dataset_sha256(documents),
        profile="" if plan.profile is None else plan.profile.value,
        prompts={agent: prompt.version for agent, prompt in took_part.items()},
        prompt_hashes={agent: prompt.sha256 for agent, prompt in took_part.items()},
        models={agent: made.model for agent, made in agents.items()},
        mode=plan.mode,
        repeats=plan.repeats,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        metrics=metrics_json(results),
        app_version=__version__,
        results=results,
    )


async def _prompts(product: Product, plan: Plan) -> Mapping[str, Prompt]:
    """Settled once: a version that goes live meanwhile must not mix with the others."""
    if plan.mode is EvaluationMode.OFFLINE:
        return {}
    asked = [await product.prompts.version(agent, version) for agent, version in plan.prompts.items()]
    live = [await product.prompts.live(agent) for agent in Agent]
    return {prompt.agent: prompt for prompt in (*live, *asked)}


@asynccontextmanager
async def _apart(
    settings: Settings, plan: Plan, documents: tuple[LabelledDocument, ...], product: Product
) -> AsyncIterator[Product]:
    """The product with a database of its own, all prompt versions in it, and whoever is to answer."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="smallprint-evaluation-"))
        settings = settings.model_copy(
            update={
                "database_url": f"sqlite+aiosqlite:///{folder}/evaluation.db",
                "enable_caching": False,
                "offline_fallback": False,  # rules that stand in must not be measured as if they were the AI
            }
        )
        model = await _model(settings, plan, documents, product, stack)
        evaluated = await stack.enter_async_context(
            assemble(settings, offline=model is None, model=model, tracing=product.tracing)
        )
        versions = await PromptStore(product.database).versions()
        await PromptStore(evaluated.database).add(versions)
        yield evaluated


async def _model(
    settings: Settings,
    plan: Plan,
    documents: tuple[LabelledDocument, ...],
    product: Product,
    stack: AsyncExitStack,
) -> LanguageModel | None:
    """None: the rules offline."""
    match plan.mode:
        case EvaluationMode.SCRIPTED:
            return ScriptedReader(documents, analyst=plan.analyst, reviewer=plan.reviewer)
        case EvaluationMode.REPLAY:
            sees = settings.model_sees_pictures
            sees = settings.endpoint == "claude" if sees is None else sees
            return RecordedModel(plan.recordings, RecordingMode.REPLAY, sees=sees)
        case EvaluationMode.RECORD:
            claude = await stack.enter_async_context(_claude(settings, product))
            return RecordedModel(plan.recordings, RecordingMode.RECORD, claude)
        case EvaluationMode.LIVE:
            return await stack.enter_async_context(_claude(settings, product))
        case EvaluationMode.OFFLINE:
            return None


@asynccontextmanager
async def _claude(settings: Settings, product: Product) -> AsyncIterator[LanguageModel]:
    """As everybody asks it, with `product`'s books and budgets; at the end nothing is held any more."""
    calls = CallStore(product.database)
    claude = open_model(settings, calls, product.tracing)
    budgets = Budgets(budget_books(settings, product.database), Pricing().cost, claude)
    accounted = AccountedModel(BudgetedModel(claude, budgets, calls), uuid4().hex[:12])
    try:
        yield accounted
    finally:
        await claude.close()
        for analysis in accounted.analyses:
            await budgets.settle(analysis)
