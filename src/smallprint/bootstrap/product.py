"""Settings → the product that reads and analyses a document, whoever asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smallprint.agents.answering import Answering
from smallprint.agents.answers import SUPPORTED_CONTRACTS
from smallprint.agents.comparer import DocumentComparer
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.orchestrator import Orchestrator
from smallprint.bootstrap.asking import answering_of
from smallprint.bootstrap.claude import Asked, ask_claude
from smallprint.bootstrap.comparing import comparer_of
from smallprint.bootstrap.model import require_model
from smallprint.bootstrap.team import orchestrator_of
from smallprint.config import Settings
from smallprint.documents.reader import DocumentReader, ReadingLimits
from smallprint.models.sizes import MEGABYTE
from smallprint.prompts.gate import EvaluationGate
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.evaluations import EvaluationStore
from smallprint.services.database.prompts import PromptStore
from smallprint.services.metrics import Metrics
from smallprint.services.tracing import Tracing, open_tracing

if TYPE_CHECKING:
    from smallprint.services.ai_client import AIClient


@dataclass(frozen=True, slots=True)
class Product:
    """What reads and analyses a document, whoever asks."""

    reader: DocumentReader
    orchestrator: Orchestrator
    prompts: PromptVersions
    analyses: AnalysisStore
    database: Database
    model: AIClient | None
    """None offline, and where an evaluation brings a model of its own."""
    tracing: Tracing
    comparer: DocumentComparer
    answering: Answering
    finisher: Orchestrator | None
    """Makes the report of an analysis that was stopped, of what was paid for; None offline."""


@asynccontextmanager
async def assemble(
    settings: Settings,
    *,
    offline: bool = False,
    model: LanguageModel | None = None,
    metrics: Metrics | None = None,
    tracing: Tracing | None = None,
) -> AsyncIterator[Product]:
    """Open what the product needs, and close it.

    `model` takes the place of Claude: recordings and scripted readers of evaluations. `metrics` count its calls;
    `tracing` takes the place of what the settings say, and stays open.

    Raises:
        ConfigurationError: no key, and not offline.
        DatabaseError: the database cannot be opened or is newer than this release.
    """
    needs_claude = not offline and model is None
    if needs_claude:
        require_model(settings)
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        prompts = _prompts(settings, database)
        await prompts.import_templates()
        if tracing is None:
            tracing = open_tracing(settings.otel_exporter_otlp_endpoint)
            stack.push_async_callback(tracing.close)
        asked = Asked(model)
        if needs_claude:
            asked = await stack.enter_async_context(ask_claude(settings, database, tracing, metrics))
        yield _product(settings, database, prompts, tracing, asked)


def _product(
    settings: Settings, database: Database, prompts: PromptVersions, tracing: Tracing, asked: Asked
) -> Product:
    analyses, budgets = AnalysisStore(database), asked.budgets

    def orchestrator(model: LanguageModel | None) -> Orchestrator:
        """All with the same budgets: what a stopped analysis held is free again for who finishes it."""
        return orchestrator_of(settings, model, prompts, analyses, tracing, budgets, asked.claude)

    return Product(
        reader=DocumentReader(_reading_limits(settings)),
        orchestrator=orchestrator(asked.model),
        prompts=prompts,
        analyses=analyses,
        database=database,
        model=asked.claude,
        tracing=tracing,
        comparer=comparer_of(settings, asked.model, prompts, budgets, tracing),
        answering=answering_of(settings, asked.model, prompts, budgets, tracing),
        finisher=orchestrator(asked.paid_answers) if asked.paid_answers else None,
    )


def _prompts(settings: Settings, database: Database) -> PromptVersions:
    gate = EvaluationGate(settings.gate, EvaluationStore(database))
    return PromptVersions(PromptTemplates(), PromptStore(database), contracts=SUPPORTED_CONTRACTS, gate=gate)


def _reading_limits(settings: Settings) -> ReadingLimits:
    return ReadingLimits(
        max_bytes=settings.max_file_mb * MEGABYTE,
        max_pages=settings.max_pages,
        wall_s=settings.read_timeout_seconds,
    )
