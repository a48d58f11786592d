"""What `/prompt-version list` answers: per agent what is live and why, its versions, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from smallprint.models.evaluation import EvaluationVerdict
from smallprint.prompts.ages import ago
from smallprint.prompts.listing import ListedAgent, ListedVersion, done_by
from smallprint.slack.blocks.activation import agent_name, people
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    bullets,
    button,
    channel,
    code,
    context,
    italic,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.prompt_answers import ROLLBACK_ACTION
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten
from smallprint.slack.carried import Carried

SET_ACTION = "prompt_set"

LIST_TITLE = "Prompt versions"
LIST_TIP = (
    "/prompt-version show <agent> <version> shows one in full; /prompt-version help names the other verbs."
)
NO_VERSIONS = "There are no prompt versions yet. Start Smallprint once: it imports those it came with."
OLDER = "… and {count} older"
NEWER_WAITS = " It waits, because somebody chose this one by hand."
NONE_LIVE = "No version is live."
CANNOT_BE_USED = "can't be used: "
UNKNOWN_REASON = "unknown reason"
TRIED = "\n🐤 Canary: v{version} on {percent} % of the documents, "
PINNED = "\n📌 Pinned: "
SET_LIVE = "Set v{version} live…"
ROLL_BACK = "Roll back…"
VERDICTS = {
    EvaluationVerdict.NOT_WORSE: " · ✅ evaluated: not worse",
    EvaluationVerdict.WORSE: " · ❌ evaluated: worse",
    EvaluationVerdict.UNDECIDED: " · evaluated: too few documents to tell",
}

_MOST_AGENTS = 12
_FALLBACK = 700


@dataclass(frozen=True, slots=True)
class _Room:
    """What there is room for, of each agent."""

    versions: int
    buttons: int
    pins: int
    note: int
    """Characters of a version's note, and of an author."""
    reason: int


_ROOMS = (
    _Room(30, 4, 5, 140, 300),
    _Room(15, 4, 5, 140, 300),
    _Room(8, 3, 5, 140, 200),
    _Room(4, 2, 3, 100, 120),
    _Room(2, 1, 2, 60, 60),
    _Room(1, 0, 1, 20, 20),
    _Room(0, 0, 0, 8, 8),
)
"""Tried in turn until the list fits."""


def prompt_list(agents: Sequence[ListedAgent], now: datetime) -> Message:
    """Versions newest first, the live one always among them."""
    listed = [agent for agent in agents if agent.versions][:_MOST_AGENTS]
    if not listed:
        return Message(escape_mrkdwn(NO_VERSIONS), [rich_text(section(words(NO_VERSIONS)))])
    live = ", ".join(f"{agent_name(agent.agent)} v{agent.live}" for agent in listed if agent.live is not None)
    blocks: list[Block] = []
    for room in _ROOMS:
        blocks = [block for agent in listed for block in _agent(agent, now, room)] + [context(LIST_TIP)]
        if json_size(blocks) <= MAX_BLOCKS_JSON:
            break
    return Message(escape_mrkdwn(shorten(f"{LIST_TITLE}. Live: {live or 'none'}", _FALLBACK)), blocks)


def about(version: ListedVersion, now: datetime, most: int = 140) -> list[Block | None]:
    """The rest of a version's line; `most` characters of a note."""
    note, why_not = shorten(plain(version.note), most), shorten(plain(version.why_not), most)
    verdict = VERDICTS[version.evaluation] if version.evaluation else ""
    author = shorten(plain(version.author), most)
    return [
        code("LIVE") if version.live else None,
        words(" " if version.live else ""),
        words(f"{note} · " if note else ""),
        *people(f"{author}, {ago(version.created_at, now)}"),
        words(verdict),
        None if version.usable else italic(f"\n⛔ {CANNOT_BE_USED}{why_not or UNKNOWN_REASON}"),
    ]


def _agent(agent: ListedAgent, now: datetime, room: _Room) -> Iterator[Block]:
    shown = [version for place, version in enumerate(agent.versions) if place < room.versions or version.live]
    rows = [
        section(bold(f"v{version.version}"), words("  "), *about(version, now, room.note))
        for version in shown
    ]
    if len(agent.versions) > len(shown):
        rows.append(section(italic(OLDER.format(count=len(agent.versions) - len(shown)))))
    yield rich_text(
        section(
            bold(agent_name(agent.agent)),
            *_live_since(agent, now, room),
            *_waiting(agent, room),
            *_canary(agent, now, room),
            *_pins(agent, room),
        ),
        bullets(rows),
    )
    buttons = [*_set_buttons(agent, shown, room), *_rollback_button(agent)]
    if buttons:
        yield actions(*buttons, block_id=f"prompt_{agent_name(agent.agent)}")


def _live_since(agent: ListedAgent, now: datetime, room: _Room) -> Iterator[Block]:
    if agent.last is None:
        yield words(f"  {NONE_LIVE}")
        return
    yield words(f"  v{agent.last.to_version} is live")
    if not agent.waiting:  # what waits tells it as well
        yield words(", ")
        yield from people(shorten(plain(done_by(agent.last)), room.reason))
    yield words(f" ({ago(agent.last.at, now)})")


def _waiting(agent: ListedAgent, room: _Room) -> Iterator[Block]:
    if agent.waiting:
        yield words("\n⏳ ")
        note = plain(agent.waiting)
        yield from people(shorten(note[:1].upper() + note[1:], room.reason))
        yield words(f".{NEWER_WAITS}")


def _canary(agent: ListedAgent, now: datetime, room: _Room) -> Iterator[Block]:
    if agent.canary is not None:
        yield words(TRIED.format(version=agent.canary.to_version, percent=agent.canary.percent))
        yield from people(shorten(plain(_who_and_why(agent.canary.actor, agent.canary.reason)), room.reason))
        yield words(f" ({ago(agent.canary.at, now)})")


def _pins(agent: ListedAgent, room: _Room) -> Iterator[Block]:
    if not agent.pins:
        return
    yield words(PINNED)
    for place, pin in enumerate(agent.pins[: room.pins]):
        yield words(f"{', ' if place else ''}v{pin.to_version} in ")
        yield channel(pin.scope_id)
    if len(agent.pins) > room.pins:
        yield words(f" … {len(agent.pins)} channels")


def _who_and_why(actor: str, reason: str) -> str:
    return f"by {actor}: {reason}" if reason else f"by {actor}"


def _set_buttons(agent: ListedAgent, shown: Sequence[ListedVersion], room: _Room) -> Iterator[Block]:
    after = agent.last.id if agent.last else 0
    others = [version for version in shown if version.usable and not version.live]
    for version in others[: room.buttons]:
        target = Carried("set", agent.agent, version.version, after)
        yield button(f"{SET_ACTION}_{version.version}", SET_LIVE.format(version=version.version), str(target))


def _rollback_button(agent: ListedAgent) -> Iterator[Block]:
    """Only where something was live before: the first version has nothing to go back to."""
    if agent.last is not None and agent.last.from_version is not None:
        target = Carried("rollback", agent.agent, 0, agent.last.id)
        yield button(ROLLBACK_ACTION, ROLL_BACK, str(target), style="danger")
