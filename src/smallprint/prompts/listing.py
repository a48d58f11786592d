"""What people see of prompt versions, and what follows from the log of activations. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from smallprint.models.domain import Activation, ActivationAction, Pointers, Prompt, PromptRecord
from smallprint.models.evaluation import EvaluationVerdict
from smallprint.prompts.gate import UNKNOWN, GateOpinion

UNREADABLE = "it answers in the form {contract}, and this release of Smallprint reads {contracts}"
WAITING = "the release has v{newest}; live is v{live}"

_DONE_BY = {
    ActivationAction.IMPORT: "came with {actor}",
    ActivationAction.SET: "set by {actor}",
    ActivationAction.ROLLBACK: "rolled back by {actor}",
    ActivationAction.CANARY: "tried by {actor}",
    ActivationAction.PROMOTE: "promoted by {actor}",
    ActivationAction.ABORT: "trial ended by {actor}",
    ActivationAction.PIN: "pinned by {actor}",
    ActivationAction.UNPIN: "unpinned by {actor}",
}


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """One prompt version as a list shows it."""

    agent: str
    version: int
    slug: str
    note: str
    author: str
    created_at: datetime
    contract: str
    live: bool
    usable: bool
    why_not: str
    """A clause, "it answers in the form …"; empty when usable."""
    evaluation: EvaluationVerdict | None = None
    """Of the newest evaluation of exactly this version; None when there is none."""


@dataclass(frozen=True, slots=True)
class ListedAgent:
    """An agent's versions, newest first, and which is live."""

    agent: str
    live: int | None
    versions: tuple[ListedVersion, ...]
    last: Activation | None
    """The activation that made the live version live."""
    waiting: str
    """ "the release has v4; live is v3 (rolled back by U1: worse on leases)"; empty when nothing waits."""
    canary: Activation | None = None
    """The one that runs."""
    pins: tuple[Activation, ...] = ()
    """The channels that have a version of their own; the scope id is the channel."""


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One prompt version in full."""

    listed: ListedVersion
    prompt: Prompt
    activations: tuple[Activation, ...]
    """When it became live, newest first."""
    canary: Activation | None = None
    """Set when it is being tried on a share of the documents."""
    pins: tuple[Activation, ...] = ()
    """The channels that it is pinned to."""
    opinion: GateOpinion = UNKNOWN
    """What the evaluations say of it."""


@dataclass(frozen=True, slots=True)
class History:
    """One page of the log."""

    activations: tuple[Activation, ...]
    """Newest first, of every scope."""
    older: int | None = None
    """The next page is the one `before` this id; None: this is the last."""


def list_agent(
    agent: str,
    versions: Iterable[ListedVersion],
    pointers: Pointers,
    pins: Iterable[Activation],
    *,
    newest: Prompt | None,
) -> ListedAgent:
    """`newest` is the newest of the release's own versions."""
    last = pointers.live.activation if pointers.live else None
    canary = pointers.running_canary
    return ListedAgent(
        agent=agent,
        live=last.to_version if last else None,
        versions=tuple(sorted(versions, key=lambda version: -version.version)),
        last=last,
        waiting=waiting_note(last, newest),
        canary=canary.activation if canary else None,
        pins=tuple(pin for pin in pins if pin.agent == agent),
    )


def list_version(
    record: PromptRecord,
    *,
    live: int | None,
    contracts: frozenset[str],
    evaluation: EvaluationVerdict | None = None,
) -> ListedVersion:
    prompt = record.prompt
    why_not = why_unusable(prompt, contracts)
    return ListedVersion(
        agent=prompt.agent,
        version=prompt.version,
        slug=prompt.slug,
        note=prompt.note,
        author=record.author,
        created_at=record.created_at,
        contract=prompt.contract,
        live=prompt.version == live,
        usable=not why_not,
        why_not=why_not,
        evaluation=evaluation,
    )


def why_unusable(prompt: Prompt, contracts: frozenset[str]) -> str:
    """A clause that says why this release cannot use the prompt; empty when it can."""
    if prompt.contract in contracts:
        return ""
    return UNREADABLE.format(contract=prompt.contract, contracts=", ".join(sorted(contracts)))


def waiting_note(last: Activation | None, newest: Prompt | None) -> str:
    """Why a newer version of the release is not live; empty when none waits."""
    if last is None or newest is None or newest.version <= last.to_version:
        return ""
    return f"{WAITING.format(newest=newest.version, live=last.to_version)} ({done_by(last)})"


def done_by(activation: Activation) -> str:
    """ "rolled back by U1: worse on leases" """
    done = _DONE_BY[activation.action].format(actor=activation.actor)
    return f"{done}: {activation.reason}" if activation.reason else done


def pins_that_differ(pins: Iterable[Activation], version: int) -> tuple[Activation, ...]:
    """The channels that a change of the live version to this one leaves with another."""
    return tuple(pin for pin in pins if pin.to_version != version)


def live_before(log: Sequence[Activation]) -> tuple[int, ...]:
    """The different versions that were live before the present one, nearest first; `log` is the global one, oldest first.

    What a rollback took back is not counted: rolling back twice goes further back, never to the version that
    was just found to be bad.
    """
    trail: list[int] = []
    for activation in log:
        if activation.action is ActivationAction.ROLLBACK:
            trail = _back_to(activation.to_version, trail)
        elif not trail or trail[-1] != activation.to_version:
            trail.append(activation.to_version)
    return tuple(dict.fromkeys(version for version in reversed(trail[:-1]) if version != trail[-1]))


def _back_to(version: int, trail: list[int]) -> list[int]:
    earlier = trail[:-1]
    while earlier and earlier[-1] != version:
        earlier.pop()
    return earlier or [*trail, version]
