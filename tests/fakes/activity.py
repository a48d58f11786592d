"""Homes, analyses and budgets, made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from smallprint.models.activity import Activity, RecentAnalysis
from smallprint.models.domain import (
    Budget,
    BudgetAction,
    BudgetChange,
    BudgetNotice,
    BudgetScope,
    Limit,
    Place,
    RiskLevel,
)
from smallprint.models.usage import Spending
from smallprint.slack.blocks.home import Home, WorkspaceHome
from tests.fakes import listed_prompts

NOW = datetime(2026, 11, 26, 11, 40, tzinfo=UTC)
DOLLAR = 1_000_000_000


def recent(number: int, name: str = "", outcome: str = "low", **changes: str) -> RecentAnalysis:
    """The higher the number, the longer ago."""
    values = {"channel": "C0CONTRACT", "message_ts": f"17000000{number:02d}.000100", **changes}
    at = NOW - timedelta(hours=5 * number, minutes=4)
    return RecentAnalysis(f"doc-{number}", at=at, document_name=name, outcome=outcome, **values)


def some_documents() -> tuple[RecentAnalysis, ...]:
    """One that runs, three with a result, one without, one whose name is not kept any more."""
    return (
        recent(0, "", ""),
        recent(1, "master-services-agreement.pdf", "critical"),
        recent(2, "nda-northwind.docx", "low", channel="D0ANN00001"),
        recent(5, "", "encrypted", channel="C0LEGAL001"),
        recent(11, "q3-financial-report.xlsx", "medium"),
        recent(30, "", "high"),
    )


def links_of(documents: tuple[RecentAnalysis, ...]) -> Mapping[str, str]:
    return {each.job_id: f"https://acme.slack.com/archives/{each.channel}/p1" for each in documents}


def budget(scope: BudgetScope, limit: float | None, spent: float = 0, held: float = 0, **more: str) -> Budget:
    """In dollars; `id` and, for a limit set at run time, `reason`."""
    place = Place(scope, more.get("id", ""))
    amount = None if limit is None else round(limit * DOLLAR)
    changed = change(place, amount, more["reason"]) if "reason" in more else None
    return Budget(place, Limit(amount, changed), round(spent * DOLLAR), round(held * DOLLAR))


def change(place: Place, amount: int | None, reason: str) -> BudgetChange:
    action = BudgetAction.SET if amount is not None else BudgetAction.CLEAR
    return BudgetChange(place, action, amount, "U02ANN7", reason, "request-1", NOW - timedelta(days=3))


def some_budgets() -> tuple[Budget, ...]:
    return (
        budget(BudgetScope.DOCUMENT, 2),
        budget(BudgetScope.USER_DAY, 5),
        budget(BudgetScope.CHANNEL_MONTH, None),
        budget(BudgetScope.WORKSPACE_MONTH, 250, 181.4, 3.2, reason="quarter end"),
        budget(BudgetScope.USER_DAY, 10, 1.62, id="U03BOB8", reason="due diligence for Northwind"),
        budget(BudgetScope.CHANNEL_MONTH, 60, 61.05, id="C0CONTRACT", reason="the trial is over"),
    )


def notice(percent: int = 80, channel: str = "C0CONTRACT") -> BudgetNotice:
    scope = BudgetScope.CHANNEL_MONTH if channel else BudgetScope.WORKSPACE_MONTH
    return BudgetNotice(7, Place(scope, channel), "2026-11", percent, 60 * DOLLAR, 49 * DOLLAR)


def members_home() -> Home:
    documents = some_documents()
    own = (
        budget(BudgetScope.DOCUMENT, 2),
        budget(BudgetScope.USER_DAY, 5, 1.62, id="U03BOB8"),
        budget(BudgetScope.WORKSPACE_MONTH, 250, 181.4, 3.2),
    )
    return Home(NOW, documents, links_of(documents), Spending(64, 21, 4_870_000_000), own)


def admins_home() -> Home:
    home = members_home()
    activity = Activity(
        {RiskLevel.CRITICAL: 9, RiskLevel.HIGH: 121, RiskLevel.MEDIUM: 388, RiskLevel.LOW: 702},
        {"encrypted": 14, "scanned": 6, "model_overloaded": 2},
        running=3,
    )
    workspace = WorkspaceHome(activity, listed_prompts.two_agents(), {})
    return Home(NOW, home.recent, home.links, home.spending, home.budgets, workspace)
