"""What people think of a report and of its findings. Frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Decision(StrEnum):
    """What somebody decided about a finding."""

    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    UNDONE = "undone"
    """The decision before it holds no more."""


class Thumb(StrEnum):
    """What somebody thinks of a whole report."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class FindingDecision:
    """One entry of the log of decisions. Of a finding's entries the last one holds."""

    analysis_id: str
    finding_id: str
    decision: Decision
    user: str
    """Slack's id; empty once the person was forgotten."""
    reason: str
    """As typed; empty when nobody said, and once retention took it."""
    request_id: str
    """Of the press or the modal: sent twice, it is one decision."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thumb. Of a person's thumbs on a report the last one counts."""

    analysis_id: str
    user: str
    thumb: Thumb
    reason: str
    request_id: str
    at: datetime


Decisions = Mapping[str, FindingDecision]
"""Finding id → the decision that holds."""


def holding(log: Iterable[FindingDecision]) -> Decisions:
    """Of one analysis's log, in its order, what holds; nothing for a finding whose decision was undone."""
    last = {entry.finding_id: entry for entry in log}
    return {finding: entry for finding, entry in last.items() if entry.decision is not Decision.UNDONE}
