"""Settings → the product that reads and analyses a document, whoever asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.answers import SUPPORTED_CONTRACTS
from smallprint.agents.clauses import ClauseAnalyst
from smallprint.agents.orchestrator import Orchestrator
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.config import Settings
from smallprint.documents.reader import DocumentReader, ReadingLimits
from smallprint.errors import ConfigurationError
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore
from smallprint.services.pricing import Pricing

if TYPE_CHECKING:
    from smallprint.services.ai_client import AIClient

NO_KEY = (
    "ANTHROPIC_API_KEY is not set, so there is no AI to ask."
    " Set it (in the environment or in .env), or add --offline to use the rules that need no key."
)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Product:
    """What reads and analyses a document, whoever asks."""

    reader: DocumentReader
    orchestrator: Orchestrator
    prompts: PromptVersions
    analyses: AnalysisStore
    database: Database
    model: AIClient | None
    """None offline."""


@asynccontextmanager
async def assemble(settings: Settings, *, offline: bool = False) -> AsyncIterator[Product]:
    """Open what the product needs, and close it.

    Raises:
        ConfigurationError: no key, and not offline.
        DatabaseError: the database cannot be opened or is newer than this release.
    """
    if not offline and settings.anthropic_api_key is None:
        raise ConfigurationError(NO_KEY)
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url)
        stack.push_async_callback(database.close)
        prompts = PromptVersions(PromptTemplates(), PromptStore(database), contracts=SUPPORTED_CONTRACTS)
        await prompts.import_templates()
        model = None if offline else _claude(settings, database)
        if model is not None:
            stack.push_async_callback(model.close)
        analyses = AnalysisStore(database)
        orchestrator = Orchestrator(
            analyst=ClauseAnalyst()
            if model is None
            else DocumentAnalyst(model, default_model=settings.default_model),
            reviewer=None
            if model is None
            else DocumentReviewer(model, default_model=settings.reviewer_model),
            prompts=prompts,
            log=analyses,
        )
        yield Product(
            DocumentReader(_reading_limits(settings)), orchestrator, prompts, analyses, database, model
        )


def _claude(settings: Settings, database: Database) -> AIClient:
    if settings.anthropic_api_key is None:
        raise ConfigurationError(NO_KEY)
    from smallprint.services.ai_client import AIClient, connect  # noqa: PLC0415 - anthropic takes a second to load; the offline analyst does without

    client = connect(
        settings.anthropic_api_key.get_secret_value(),
        settings.anthropic_base_url,
        max_retries=settings.max_retries,
    )
    return AIClient(
        client,
        CallStore(database),
        Pricing(),
        call_budget_s=settings.model_timeout_seconds,
        document_delivery=settings.document_delivery,
        sees=settings.model_sees_pictures,
    )


def _reading_limits(settings: Settings) -> ReadingLimits:
    return ReadingLimits(
        max_bytes=settings.max_file_mb * MEGABYTE,
        max_pages=settings.max_pages,
        wall_s=settings.read_timeout_seconds,
    )
