"""How one row of the log of prompt versions is told: what changed, who did it, what the gate said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from smallprint.models.domain import Activation, ActivationAction, Gate
from smallprint.slack.blocks.elements import bold, channel, user, words
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.text import plain, shorten

GATE_WARNED = "⚠️ Not proven: no evaluation of exactly this version says that it is not worse."
GATE_OVERRIDDEN = "🔴 ⚠️ The gate was overridden: no evaluation says that this version is not worse."
GATE_NOTES = {Gate.WARNED: GATE_WARNED, Gate.OVERRIDDEN: GATE_OVERRIDDEN}
DONE = {
    ActivationAction.IMPORT: "came with",
    ActivationAction.SET: "set by",
    ActivationAction.ROLLBACK: "rolled back by",
    ActivationAction.CANARY: "begun by",
    ActivationAction.PROMOTE: "promoted by",
    ActivationAction.ABORT: "ended by",
    ActivationAction.PIN: "pinned by",
    ActivationAction.UNPIN: "unpinned by",
}
CANARY = "{agent}: v{version} is tried on {percent} % of the documents"
ABORTED = "{agent}: v{version} is no longer tried"

_NAME = 60
_SLACK_USER = re.compile(r"\b([UW](?=[A-Z]*\d)[A-Z0-9]{5,20})\b")
"""A digit is asked for, so that UNLIMITED is not taken for a person."""


def agent_name(agent: str) -> str:
    return shorten(plain(agent), _NAME) or "agent"


def people(text: str) -> Iterator[Block]:
    """`text` with Slack's user ids as the people's names. For ephemeral answers: there it notifies nobody."""
    for position, part in enumerate(_SLACK_USER.split(plain(text))):
        if part:
            yield user(part) if position % 2 else words(part)


def moved(activation: Activation) -> str:
    """document_analysis: v2 → v3"""
    agent = agent_name(activation.agent)
    match activation.action:
        case ActivationAction.CANARY:
            return CANARY.format(agent=agent, version=activation.to_version, percent=activation.percent)
        case ActivationAction.ABORT:
            return ABORTED.format(agent=agent, version=activation.to_version)
        case ActivationAction.PIN:
            return f"{agent}: v{activation.to_version} in {_place(activation)}"
        case ActivationAction.UNPIN:
            return f"{agent}: the live version again in {_place(activation)}"
    return f"{agent}: {arrow(activation.from_version, activation.to_version)}"


def moved_words(activation: Activation, mark: str = "", *, named: bool = True) -> Sequence[Block]:
    """As `moved`, in bold, with the channel's name; `named`: with the agent's."""
    told, place = moved(activation), _place(activation)
    told = mark + (told if named else told.removeprefix(f"{agent_name(activation.agent)}: "))
    if activation.action in {ActivationAction.PIN, ActivationAction.UNPIN} and place:
        return bold(told.removesuffix(place)), channel(place)
    return (bold(told),)


def arrow(before: int | None, after: int) -> str:
    """v2 → v3; v3 for the first."""
    return f"v{after}" if before is None else f"v{before} → v{after}"


def _place(activation: Activation) -> str:
    return shorten(plain(activation.scope_id), _NAME)
