"""Settings → whom the agents ask, within which budgets, and what was paid for already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smallprint.agents.budgeted import BudgetedModel
from smallprint.agents.budgets import Budgets
from smallprint.agents.language_model import LanguageModel
from smallprint.agents.stopped import PaidAnswersOnly
from smallprint.bootstrap.model import open_model
from smallprint.bootstrap.spending import budget_books
from smallprint.config import Settings
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.metrics import CountedCalls, Metrics
from smallprint.services.pricing import Pricing
from smallprint.services.tracing import Tracing

if TYPE_CHECKING:
    from smallprint.services.ai_client import AIClient


@dataclass(frozen=True, slots=True)
class Asked:
    """Nobody offline; a model alone where an evaluation brings its own."""

    model: LanguageModel | None = None
    claude: AIClient | None = None
    """What stands behind the model where money is spent."""
    budgets: Budgets | None = None
    paid_answers: LanguageModel | None = None
    """Answers again what was paid for, and asks nobody."""


@asynccontextmanager
async def ask_claude(
    settings: Settings, database: Database, tracing: Tracing, metrics: Metrics | None
) -> AsyncIterator[Asked]:
    """Claude within its budgets, every call written down. Raises as `open_model`."""
    calls = CallStore(database)
    claude = open_model(settings, CountedCalls(calls, metrics) if metrics else calls, tracing)
    pricing = Pricing()
    pricing.load(settings.default_model)
    try:
        budgets = Budgets(budget_books(settings, database), pricing.cost, claude)
        yield Asked(
            model=BudgetedModel(claude, budgets, calls),
            claude=claude,
            budgets=budgets,
            paid_answers=PaidAnswersOnly(calls, sees=claude.sees),
        )
    finally:
        await claude.close()
