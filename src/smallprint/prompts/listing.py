"""What people see of prompt versions, and what follows from the log of activations. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from smallprint.models.domain import Activation, ActivationAction, Prompt, PromptRecord

UNREADABLE = "it answers in the form {contract}, and this release of Smallprint reads {contracts}"
WAITING = "the release has v{newest}; live is v{live}"

_DONE_BY = {
    ActivationAction.IMPORT: "came with {actor}",
    ActivationAction.SET: "set by {actor}",
    ActivationAction.ROLLBACK: "rolled back by {actor}",
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


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One prompt version in full."""

    listed: ListedVersion
    prompt: Prompt
    activations: tuple[Activation, ...]
    """When it became live, newest first."""


def list_agent(
    agent: str,
    records: Iterable[PromptRecord],
    last: Activation | None,
    *,
    newest: Prompt | None,
    contracts: frozenset[str],
) -> ListedAgent:
    """`newest` is the newest of the release's own versions."""
    live = last.to_version if last else None
    versions = sorted(
        (list_version(record, live=live, contracts=contracts) for record in records),
        key=lambda version: -version.version,
    )
    return ListedAgent(agent, live, tuple(versions), last, waiting_note(last, newest))


def list_version(record: PromptRecord, *, live: int | None, contracts: frozenset[str]) -> ListedVersion:
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


def live_before(log: Sequence[Activation]) -> tuple[int, ...]:
    """The different versions that were live before the present one, nearest first; `log` is oldest first.

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
