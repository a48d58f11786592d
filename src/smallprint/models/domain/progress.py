"""What is known of a job while it runs, and of one that somebody stopped. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smallprint.models.domain.document import DocumentKind
from smallprint.models.domain.job import Step


@dataclass(frozen=True, slots=True)
class Expected:
    """What an analysis will take, as far as that can be said before it begins."""

    parts: int
    """In how many parts the document is read."""
    cost_nano_usd: int | None
    """Estimated; None when nobody pays, or the price is unknown."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job is doing, and what it knows of its document by now."""

    step: Step
    ahead: int | None = None
    """Documents before this one, while it waits; None when nobody has counted."""
    since: datetime | None = None
    """When the work on it began; None while it waits."""
    document_name: str = ""
    kind: DocumentKind | None = None
    pages: int | None = None
    """None where the format has none, and before it was read."""
    unit: str = "page"
    """What `pages` counts: "page", "slide" or "sheet"."""
    expected: Expected | None = None


class StopAnswer(StrEnum):
    """What became of somebody's wish to stop a job."""

    STOPPED = "stopped"
    ALREADY = "already"
    """Somebody else, or the same person, was first."""
    TOO_LATE = "too_late"
    """Its result is there, or on its way to the thread."""


@dataclass(frozen=True, slots=True)
class Stop:
    """What is known of a job that was stopped."""

    by: str
    """Who stopped it."""
    cost_nano_usd: int
    """Of the calls whose cost is known."""
    cut_off_calls: int
    """Calls that may have cost more than is known: they were cut off before they said."""
