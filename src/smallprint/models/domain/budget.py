"""Budgets: how much may be spent, who said so, and what is left of it. Frozen, plain, without I/O.

Money is integer nano-USD. Days and months are those of UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BudgetScope(StrEnum):
    """What a limit is for."""

    DOCUMENT = "document"
    """One analysis."""
    USER_DAY = "user_day"
    CHANNEL_MONTH = "channel_month"
    WORKSPACE_MONTH = "workspace_month"

    @property
    def has_ids(self) -> bool:
        """True: a user or a channel can have a limit of its own, beside everybody's."""
        return self in {BudgetScope.USER_DAY, BudgetScope.CHANNEL_MONTH}

    @property
    def monthly(self) -> bool:
        return self in {BudgetScope.CHANNEL_MONTH, BudgetScope.WORKSPACE_MONTH}


class BudgetAction(StrEnum):
    SET = "set"
    CLEAR = "clear"
    """Back to what holds without it: for one user or channel everybody's limit, else the setting."""


Defaults = Mapping[BudgetScope, int]
"""Limits of the settings; a scope that is not there has none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a limit applies."""

    scope: BudgetScope
    id: str = ""
    """A user or a channel; empty for everybody, and where there are no ids."""


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """A row of the append-only log of limits."""

    place: Place
    action: BudgetAction
    amount_nano_usd: int | None
    """None: no limit at all (or cleared)."""
    actor: str
    reason: str
    request_id: str
    """The same request never changes anything twice."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be spent, and where that comes from."""

    nano_usd: int | None
    """None: as much as you like."""
    change: BudgetChange | None = None
    """None: the settings say so."""


@dataclass(frozen=True, slots=True)
class LimitMove:
    """A change of a limit, with what held at its place before and since."""

    change: BudgetChange
    before: Limit
    after: Limit


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit and how it stands in its period."""

    place: Place
    limit: Limit
    spent_nano_usd: int = 0
    """Of the calls whose cost is known."""
    reserved_nano_usd: int = 0
    """What analyses that run now may still spend."""
    unpriced_calls: int = 0
    """Calls of unknown cost, which are in no sum."""

    @property
    def taken_nano_usd(self) -> int:
        return self.spent_nano_usd + self.reserved_nano_usd

    @property
    def left_nano_usd(self) -> int | None:
        """Never negative; None without a limit."""
        return None if self.limit.nano_usd is None else max(0, self.limit.nano_usd - self.taken_nano_usd)

    def has_room_for(self, nano_usd: int) -> bool:
        return self.limit.nano_usd is None or self.taken_nano_usd + nano_usd <= self.limit.nano_usd

    def has_reached(self, percent: int) -> bool:
        """True when so much of the limit was spent."""
        limit = self.limit.nano_usd
        return bool(limit) and self.spent_nano_usd * 100 >= (limit or 0) * percent


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an analysis may not spend what it would need."""

    budget: Budget
    cost_nano_usd: int
    """Estimate of the whole analysis, what was spent on it already included."""
    spent_nano_usd: int
    """On this analysis so far."""


@dataclass(frozen=True, slots=True)
class BudgetNotice:
    """A monthly budget of which so much is spent: to be told once."""

    id: int
    place: Place
    month: str
    """YYYY-MM"""
    percent: int
    """80 or 100."""
    limit_nano_usd: int
    spent_nano_usd: int
    """When the notice was made."""


def places_of(user: str, channel: str) -> tuple[Place, ...]:
    """The limits that apply to an analysis. The command line has neither user nor channel."""
    return (
        Place(BudgetScope.DOCUMENT),
        *([Place(BudgetScope.USER_DAY, user)] if user else []),
        *([Place(BudgetScope.CHANNEL_MONTH, channel)] if channel else []),
        Place(BudgetScope.WORKSPACE_MONTH),
    )


def limit_of(place: Place, last: Mapping[Place, BudgetChange], defaults: Defaults) -> Limit:
    """`last`: the last change of each place. One's own limit comes before everybody's, and that before the setting."""
    for one in (place, Place(place.scope)):
        change = last.get(one)
        if change is not None and change.action is BudgetAction.SET:
            return Limit(change.amount_nano_usd, change)
    return Limit(defaults.get(place.scope))


def refusal_of(budgets: Sequence[Budget], *, cost_nano_usd: int, spent_nano_usd: int) -> Refusal | None:
    """The first budget without room for an analysis that will have cost so much, of which so much is spent already.

    `budgets` hold that spent part, but no reservation of the analysis itself.
    """
    for budget in budgets:
        whole = budget.place.scope is BudgetScope.DOCUMENT
        if not budget.has_room_for(cost_nano_usd if whole else cost_nano_usd - spent_nano_usd):
            return Refusal(budget, cost_nano_usd, spent_nano_usd)
    return None
