"""Settings → budgets: who holds what an analysis will cost, and who changes the limits."""

from __future__ import annotations

from decimal import Decimal

from smallprint.agents.budget_limits import BudgetLimits
from smallprint.config import Settings
from smallprint.models.domain import NANO_USD_PER_USD, BudgetScope, Defaults
from smallprint.services.database.budget_changes import BudgetChangeStore
from smallprint.services.database.budgets import BudgetBooks
from smallprint.services.database.connection import Database


def budget_books(settings: Settings, database: Database) -> BudgetBooks:
    return BudgetBooks(database, _defaults(settings))


def budget_limits(settings: Settings, database: Database) -> BudgetLimits:
    """What `smallprint budget` and `/usage budget` show and change."""
    return BudgetLimits(budget_books(settings, database), BudgetChangeStore(database))


def _defaults(settings: Settings) -> Defaults:
    """A setting that is empty limits nothing."""
    limits = {
        BudgetScope.DOCUMENT: settings.max_cost_per_document_usd,
        BudgetScope.USER_DAY: settings.daily_budget_per_user_usd,
        BudgetScope.CHANNEL_MONTH: settings.monthly_budget_per_channel_usd,
        BudgetScope.WORKSPACE_MONTH: settings.monthly_budget_usd,
    }
    return {scope: _nano_usd(usd) for scope, usd in limits.items() if usd is not None}


def _nano_usd(usd: Decimal) -> int:
    return int(usd * NANO_USD_PER_USD)
