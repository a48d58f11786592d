"""Prompt versions and which of them is live. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Agent(StrEnum):
    """The agents, by the names used in commands, folders and the database."""

    ANALYST = "document_analysis"
    REVIEWER = "findings_review"
    TRIAGE = "document_triage"
    REPAIR = "evidence_repair"
    REDUCER = "findings_reduction"
    ADJUDICATOR = "findings_adjudication"
    FOLLOW_UP = "follow_up"
    CHANGES = "document_changes"


Arm = Literal["live", "canary", "pin", "asked"]
"""Live for everybody, tried on a share of the documents, a channel's exception, or asked for by name."""


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
    """"database"; where it could not be read "remembered" (what this process knew last) or "packaged" (the release's file)."""
    arm: Arm = "live"
    """Why this version and not another: set when it is resolved for an analysis."""
    activation: int = 0
    """Id of the log's row that made it so; 0 when no row did."""

    @property
    def label(self) -> str:
        """v2"""
        return f"v{self.version}"


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """The version that an analysis has settled on for an agent: it holds on every retry."""

    version: int
    arm: Arm = "live"
    activation: int = 0


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
    CANARY = "canary"
    """A share of the documents gets it."""
    PROMOTE = "promote"
    """The canary's version is live from now on."""
    ABORT = "abort"
    """The canary has ended without that."""
    PIN = "pin"
    """A channel gets it, whatever is live."""
    UNPIN = "unpin"


class Scope(StrEnum):
    """For whom a row of the log decides. Each (agent, scope, scope id) is a log of its own with its own last row."""

    GLOBAL = "global"
    """The live pointer: import, set, rollback, promote."""
    CANARY = "canary"
    """canary, promote and abort; the last row says whether one runs."""
    CHANNEL = "channel"
    """pin and unpin; the scope id is the channel."""


class Gate(StrEnum):
    """What the log says of the evaluation that a change was measured by."""

    NONE = "none"
    """Not asked: imports, rollbacks, the gate switched off."""
    PASSED = "passed"
    """An evaluation of exactly this version is not worse."""
    WARNED = "warned"
    """There was no such evaluation, or it says worse; the change was made all the same, and it was said."""
    OVERRIDDEN = "overridden"
    """The gate would have refused; somebody overrode it with a reason."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A row of the append-only log: the last one of an agent and scope says what holds there."""

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
    scope: Scope = Scope.GLOBAL
    scope_id: str = ""
    """The channel of a pin; empty otherwise."""
    percent: int = 0
    """Share of the documents that a canary gets, 1 to 99; 0 otherwise."""
    gate: Gate = Gate.NONE


@dataclass(frozen=True, slots=True)
class Choices:
    """The versions that may hold for an analysis, each with its arm and the log's row that made it so."""

    live: Prompt | None = None
    canary: Prompt | None = None
    """The one that runs, if any."""
    percent: int = 0
    """The canary's share of the documents."""
    pin: Prompt | None = None
    """The channel's, if it has one."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The last row of one log, and the version it names."""

    activation: Activation
    record: PromptRecord


@dataclass(frozen=True, slots=True)
class Pointers:
    """What the log says of one agent at one moment, in one channel; None where a log has no row yet."""

    live: Pointer | None = None
    canary: Pointer | None = None
    """The last row of the canary's log: it may say that the canary has ended."""
    pin: Pointer | None = None
    """Likewise: it may say that the channel is pinned no more."""

    @property
    def running_canary(self) -> Pointer | None:
        return _if(self.canary, ActivationAction.CANARY)

    @property
    def standing_pin(self) -> Pointer | None:
        return _if(self.pin, ActivationAction.PIN)


def _if(pointer: Pointer | None, action: ActivationAction) -> Pointer | None:
    return pointer if pointer and pointer.activation.action is action else None
