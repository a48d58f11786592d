"""Settings → what is done beside the jobs: texts erased in time, and admins told of budgets that run out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from smallprint.bootstrap.spending import budget_books
from smallprint.config import Settings
from smallprint.jobs.housekeeping import BudgetNotices, Housekeeping
from smallprint.jobs.queue import JobHealth
from smallprint.services.database.budget_notices import BudgetNoticeStore
from smallprint.services.database.connection import Database
from smallprint.services.database.retention import Retention
from smallprint.slack.budget_notices import AdminBudgetNotices
from smallprint.slack.posts import Posts


def budget_notices_of(settings: Settings, posts: Posts) -> AdminBudgetNotices | None:
    """None without an ADMIN_CHANNEL."""
    return AdminBudgetNotices(posts, settings.admin_channel) if settings.admin_channel else None


def housekeeping_of(
    settings: Settings,
    database: Database,
    counts: Callable[[], Awaitable[JobHealth]],
    admins: BudgetNotices | None,
) -> Housekeeping:
    async def idle() -> bool:
        health = await counts()
        return not health.queued and not health.running

    return Housekeeping(
        Retention(database),
        budget_books(settings, database),
        BudgetNoticeStore(database),
        admins,
        retention_days=settings.retention_days,
        idle=idle,
    )
