"""What came of the analyses that worked with a prompt version. Frozen, plain, without I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from smallprint.errors import UnknownPeriod
from smallprint.models.domain import RiskLevel

THIN_BELOW = 30
"""Fewer analyses say little: shown in grey."""
ALL = "all"
UNKNOWN_PERIOD = 'I don\'t know the period "{given}". Say 24h, 7d, 4w or all.'

_PERIOD = re.compile(r"([1-9][0-9]{0,3})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Period:
    """From some time ago until now."""

    length: timedelta | None
    """None: since ever."""
    name: str
    """As people write it: "24h", "7d", "4w" or "all"."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """ "7d" → seven days. Raises UnknownPeriod."""
        name = text.strip().casefold()
        found = _PERIOD.fullmatch(name)
        if found is None and name != ALL:
            raise UnknownPeriod(UNKNOWN_PERIOD.format(given=text.strip()))
        return cls(int(found[1]) * _UNITS[found[2]] if found else None, name)

    @classmethod
    def is_one(cls, text: str) -> bool:
        """True if `parse` would take it."""
        name = text.strip().casefold()
        return name == ALL or _PERIOD.fullmatch(name) is not None

    def since(self, now: datetime) -> datetime | None:
        """Its beginning; None: since ever."""
        return None if self.length is None else now - self.length


DEFAULT_PERIOD = Period(timedelta(days=30), "30d")


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the upper end of some numbers: exact, from every single one."""

    median: int
    """Of an even count the mean of the two in the middle, rounded down."""
    p95: int
    """95 of 100 are no larger (nearest rank)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Over all analyses in which an agent worked with one version and that gave a new report."""

    n: int = 0
    levels: Mapping[RiskLevel, int] = field(default_factory=dict)
    """Documents per risk level, most severe first; levels without any are left out."""
    findings: int = 0
    """Kept ones: what readers see."""
    judged: int = 0
    """Findings that the reviewer gave a verdict on, and of these …"""
    rejected: int = 0
    lowered: int = 0
    raised: int = 0
    added: int = 0
    """Found by the reviewer alone."""
    ungrounded: int = 0
    """Findings dropped because their quotations do not stand in the document."""
    cost_nano_usd: Spread | None = None
    """Of this agent's own part of an analysis; None when no cost is known."""
    cost_unknown: int = 0
    """Analyses left out of the cost because a price is unknown."""
    milliseconds: Spread | None = None
    """Of this agent's own part; None without analyses."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """Analyses to which this agent gave nothing usable, by the error's code, most frequent first; not part of `n`."""
    thumbs_up: int = 0
    thumbs_down: int = 0
    """Of the people who said whether a report was useful, by their last word; also on reports that were shown again."""
    accepted: int = 0
    dismissed: int = 0
    """Findings that somebody decided about, by the decision that holds."""

    @property
    def thin(self) -> bool:
        """True if there are too few analyses to conclude anything."""
        return self.n < THIN_BELOW

    @property
    def failed(self) -> int:
        """Analyses, over all codes."""
        return sum(self.failures.values())

    @property
    def findings_per_document(self) -> float | None:
        """None without documents."""
        return self.findings / self.n if self.n else None

    @property
    def ungrounded_per_document(self) -> float | None:
        """None without documents."""
        return self.ungrounded / self.n if self.n else None

    @property
    def accepted_share(self) -> float | None:
        """Of the findings that somebody decided about; 0 to 1, None without any."""
        decided = self.accepted + self.dismissed
        return self.accepted / decided if decided else None

    def share_of_judged(self, count: int) -> float | None:
        """0 to 1; None when the reviewer judged nothing."""
        return count / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class VersionStatistics:
    """One version of one agent's prompt over a period."""

    agent: str
    version: int
    total: Figures
    arms: Mapping[str, Figures] = field(default_factory=dict)
    """Live, canary, pin and asked apart, those that occurred; they see different documents, so compare with care."""
