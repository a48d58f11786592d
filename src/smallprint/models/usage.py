"""What was spent, as people ask for it: over a period, by something, as far as they may see. Frozen, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from smallprint.models.domain import Usage


class Period(StrEnum):
    """Whole UTC days that end with today."""

    TODAY = "today"
    WEEK = "7d"
    THIRTY_DAYS = "30d"
    MONTH = "month"
    """From the first of this month on."""

    def first_day(self, today: date) -> date:
        """The day it begins with."""
        if self is Period.MONTH:
            return today.replace(day=1)
        return today - timedelta(days={Period.TODAY: 0, Period.WEEK: 6, Period.THIRTY_DAYS: 29}[self])


class Grouping(StrEnum):
    """What the lines of a table are."""

    DAY = "day"
    CHANNEL = "channel"
    USER = "user"
    MODEL = "model"
    """The one that was asked, which is the one in the settings."""
    PROMPT = "prompt"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, and so what they may see: what they caused, what was caused in their channels, or everything."""

    user: str = ""
    channels: frozenset[str] = frozenset()
    admin: bool = False


EVERYTHING = Viewer(admin=True)
"""For who has the database at hand anyway."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Sums over calls."""

    calls: int = 0
    """HTTP attempts, failed ones too."""
    documents: int = 0
    """Analyses that asked the AI something."""
    cost_nano_usd: int = 0
    """Of the calls whose cost is known."""
    unpriced_calls: int = 0
    """Calls of unknown cost, which is in no sum: no price for the model, or nobody knows what was used."""
    broken_calls: int = 0
    """Calls whose answer broke off: they cost at least what is summed."""

    @property
    def is_exact(self) -> bool:
        """False: the true cost is higher, nobody knows by how much."""
        return not (self.unpriced_calls or self.broken_calls)


@dataclass(frozen=True, slots=True)
class UsageLine:
    """The sums of one day, channel, user …"""

    name: str | None
    """The day as YYYY-MM-DD, an id, a model; "" for what came from no channel or user (the command line), None for an erased user."""
    spending: Spending
    usage: Usage = field(default_factory=Usage)
    cost_by_model: Mapping[str, int] = field(default_factory=dict)
    """Nano-USD."""


@dataclass(frozen=True, slots=True)
class UsageTable:
    """An answer: lines and their total."""

    period: Period
    grouping: Grouping
    first_day: date
    last_day: date
    lines: tuple[UsageLine, ...]
    """Days in order, everything else with the highest cost first."""
    total: Spending
    """A document that stands in several lines counts once."""
    usage: Usage
    """Of all lines together."""


@dataclass(frozen=True, slots=True)
class VersionSpending:
    """What an agent's calls with one version of its prompt came to."""

    version: int | None
    first_day: date
    last_day: date
    spending: Spending


@dataclass(frozen=True, slots=True)
class PromptUse:
    """An analysis in which an agent worked with a version of its prompt."""

    analysis_id: str
    at: str
    """When it was last asked, UTC, ISO 8601."""
    channel: str
    user: str | None
    """None once the user was erased."""
    risk_level: str | None
    """None while it runs, and for one that failed."""
