"""What stands in somebody's App Home, gathered from the stores at once: each opening asks anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from smallprint.models.activity import Activity, RecentAnalysis
from smallprint.models.usage import Grouping, Period, Spending, Viewer
from smallprint.prompts.listing import ListedAgent
from smallprint.slack.blocks.home import Home, WorkspaceHome
from smallprint.slack.permalinks import Permalinks
from smallprint.slack.permissions import Permissions
from smallprint.slack.usage_answers import Limits, Usages

RECENT = 10

Problems = Callable[[], Awaitable[Mapping[str, str]]]
"""What is not well, by name, in words for an operator."""


class Activities(Protocol):
    """services/database/activity.py"""

    async def recent(self, user: str, limit: int) -> tuple[RecentAnalysis, ...]: ...

    async def since(self, moment: datetime) -> Activity: ...


class PromptList(Protocol):
    """prompts/versions.py"""

    async def list(self, agent: str | None = None) -> Sequence[ListedAgent]: ...


class HomeContents:
    """For each person their own; for admins the workspace as well."""

    def __init__(
        self,
        usages: Usages,
        activities: Activities,
        limits: Limits,
        prompts: PromptList,
        permissions: Permissions,
        permalinks: Permalinks,
        problems: Problems,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._usages = usages
        self._activities = activities
        self._limits = limits
        self._prompts = prompts
        self._permissions = permissions
        self._permalinks = permalinks
        self._problems = problems
        self._clock = clock

    async def of(self, user: str) -> Home:
        """Raises SmallprintError; what was asked beside is then given up."""
        try:
            async with asyncio.TaskGroup() as group:
                documents = group.create_task(self._documents(user))
                spending = group.create_task(self._spent(user))
                budgets = group.create_task(self._limits.own(user))
                workspace = group.create_task(self._workspace(user))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        recent, links = documents.result()
        return Home(self._clock(), recent, links, spending.result(), budgets.result(), workspace.result())

    async def _documents(self, user: str) -> tuple[Sequence[RecentAnalysis], Mapping[str, str]]:
        recent = await self._activities.recent(user, RECENT)
        return recent, await self._permalinks.of(recent)

    async def _spent(self, user: str) -> Spending:
        return (await self._usages.spend(Period.MONTH, Grouping.MODEL, viewer=Viewer(user))).total

    async def _workspace(self, user: str) -> WorkspaceHome | None:
        if not await self._permissions.is_admin(user):
            return None
        month = self._clock().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        activity = await self._activities.since(month)
        return WorkspaceHome(activity, await self._prompts.list(), await self._problems())
