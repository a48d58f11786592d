"""The limits themselves: seen and changed at run time, from the terminal and from Slack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

import structlog

from smallprint.agents.budget_words import LimitWish
from smallprint.models.domain import (
    NANO_USD_PER_USD,
    Budget,
    BudgetAction,
    BudgetChange,
    BudgetScope,
    LimitMove,
)

log = structlog.get_logger()


class Standings(Protocol):
    """`services/database/budgets.py`."""

    async def standing(self, user: str = "", channel: str = "") -> tuple[Budget, ...]: ...

    async def everything(self) -> tuple[Budget, ...]: ...

    async def move(self, change: BudgetChange) -> LimitMove: ...


class ChangeLog(Protocol):
    """`services/database/budget_changes.py`."""

    async def append(self, change: BudgetChange) -> BudgetChange: ...

    async def log(self, limit: int) -> tuple[BudgetChange, ...]: ...


class BudgetLimits:
    """Who may see and change what is for the caller to decide; on the command line everything."""

    def __init__(
        self,
        standings: Standings,
        changes: ChangeLog,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._standings = standings
        self._changes = changes
        self._clock = clock

    async def show(self) -> tuple[Budget, ...]:
        """Everybody's limits first, then users and channels with a limit of their own or with spending."""
        return await self._standings.everything()

    async def own(self, user: str, channel: str = "") -> tuple[Budget, ...]:
        """The limits that apply to what this user shares in this channel."""
        return await self._standings.standing(user, channel)

    async def set(self, wish: LimitWish, *, actor: str, request_id: str) -> BudgetChange:
        """It holds from the next decision on. The same request changes nothing twice."""
        return await self._append(wish, BudgetAction.SET, wish.amount_nano_usd, actor, request_id)

    async def clear(self, wish: LimitWish, *, actor: str, request_id: str) -> BudgetChange:
        """Back to everybody's limit or the setting."""
        return await self._append(wish, BudgetAction.CLEAR, None, actor, request_id)

    async def move(self, change: BudgetChange) -> LimitMove:
        """What a change did: what held before, and since."""
        return await self._standings.move(change)

    async def history(self, limit: int = 20) -> tuple[BudgetChange, ...]:
        """Newest first."""
        return await self._changes.log(limit)

    async def left_usd(self) -> Decimal | None:
        """What the workspace may still spend this month; None without a limit."""
        for budget in await self._standings.standing():
            if budget.place.scope is BudgetScope.WORKSPACE_MONTH and budget.left_nano_usd is not None:
                return Decimal(budget.left_nano_usd) / NANO_USD_PER_USD
        return None

    async def _append(
        self, wish: LimitWish, action: BudgetAction, amount: int | None, actor: str, request_id: str
    ) -> BudgetChange:
        change = BudgetChange(wish.place, action, amount, actor, wish.reason, request_id, self._clock())
        kept = await self._changes.append(change)
        log.info(
            "budget changed",
            scope=kept.place.scope.value,
            id=kept.place.id,
            action=kept.action.value,
            limit_nano_usd=kept.amount_nano_usd,
            actor=kept.actor,
        )
        return kept
