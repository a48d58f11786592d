"""What was asked for in Slack and what came of it. Frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from smallprint.models.domain import RiskLevel


@dataclass(frozen=True, slots=True)
class RecentAnalysis:
    """One file that somebody shared or named."""

    job_id: str
    channel: str
    at: datetime
    document_name: str = ""
    """Empty when it could not be read, and after its time was over."""
    outcome: str = ""
    """The risk level, or the code of an error; empty while it runs."""
    message_ts: str = ""
    """Our message in its thread; empty while there is none."""

    @property
    def level(self) -> RiskLevel | None:
        """None while it runs, and without a result."""
        return RiskLevel(self.outcome) if self.outcome in set(RiskLevel) else None


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts of files over some time."""

    levels: Mapping[RiskLevel, int] = field(default_factory=dict)
    """Most severe first; levels without any are left out."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """By the error's code, most frequent first."""
    running: int = 0

    @property
    def analysed(self) -> int:
        return sum(self.levels.values())

    @property
    def failed(self) -> int:
        return sum(self.failures.values())
