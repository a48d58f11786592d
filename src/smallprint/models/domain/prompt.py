"""Prompt versions and which of them is live. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Agent(StrEnum):
    """The agents, by the names used in commands, folders and the database."""

    ANALYST = "document_analysis"
    REVIEWER = "findings_review"
    TRIAGE = "document_triage"
    REPAIR = "evidence_repair"
    REDUCER = "findings_reduction"
    ADJUDICATOR = "findings_adjudication"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One immutable prompt version, ready to be rendered."""

    agent: str
    version: int
    slug: str
    note: str
    body: str
    sha256: str
    """Of body, settings and contract together."""
    contract: str
    """The output contract the running code must know: "analysis/1"."""
    variables: tuple[str, ...] = ()
    effort: str = "medium"
    max_tokens: int = 16_000
    model: str | None = None
    """Overrides the configured model when set."""
    source: str = "database"
    """"database", or "packaged" when the database could not be read."""

    @property
    def label(self) -> str:
        """v2"""
        return f"v{self.version}"


@dataclass(frozen=True, slots=True)
class PromptRecord:
    """A prompt version as it is kept: never changed, never deleted."""

    prompt: Prompt
    author: str
    """Who brought it: a release, later also a person."""
    created_at: datetime


class ActivationAction(StrEnum):
    """How a prompt version came to be live."""

    IMPORT = "import"
    """By itself, with a release."""
    SET = "set"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Activation:
    """A row of the append-only log of what is live: the last one of an agent says which version that is."""

    agent: str
    from_version: int | None
    """None for an agent's first."""
    to_version: int
    action: ActivationAction
    actor: str
    reason: str
    at: datetime
    request_id: str
    """Unique: the same command delivered twice is applied once."""
    after: int = 0
    """`id` of the activation that it replaces, 0 for the first; unique: of two at once, one wins."""
    id: int = 0
    """0 until it is stored."""
