"""What `smallprint prompts` prints, line by line. Pure; people's reasons and notes are made safe for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from smallprint.models.domain import Activation, ActivationAction, Gate, Scope
from smallprint.prompts.ages import ago
from smallprint.prompts.diff import PromptDiff, settings_of
from smallprint.prompts.gate import VERDICTS
from smallprint.prompts.listing import History, ListedAgent, ListedVersion, ShownVersion, done_by
from smallprint.reports.text import plain

NEXT = "That holds from the next analysis on; those that are running keep what they began with."
STILL_PINNED = (
    "Pinned to another version: {pins}. To free a channel: smallprint prompts unpin {agent} <channel>"
)
WARNED = "⚠ No evaluation says that it is not worse. The history says so."
OVERRIDDEN = "⚠ The gate was overridden. The history says so."
EMPTY = "Nothing has happened yet."
OLDER = "Older: smallprint prompts history{agent} --before {before}"
TRIED = "v{version} is tried on {percent} % of the documents"
PINNED = "v{version} is pinned in {channel}"
_GATES = {
    Gate.NONE: "",
    Gate.PASSED: "gate passed",
    Gate.WARNED: "unproven",
    Gate.OVERRIDDEN: "GATE OVERRIDDEN",
}


def list_lines(agent: ListedAgent, now: datetime) -> Iterator[str]:
    """An agent, what holds, and its versions, newest first."""
    yield agent.agent
    for version in agent.versions:
        mark = "live" if version.live else ""
        about = f"{plain(version.author)}, {ago(version.created_at, now)}"
        yield f"  v{version.version:<3} {mark:<5} {plain(version.note)}  ({about}{_verdict(version)})"
        if not version.usable:
            yield f"{'':13}cannot be used: {plain(version.why_not)}"
    if agent.last:
        yield f"  v{agent.last.to_version} is live: {plain(done_by(agent.last))}, {ago(agent.last.at, now)}"
    yield from _exceptions(agent.canary, agent.pins, now)
    if agent.waiting:
        yield f"  {plain(agent.waiting)}"


def shown_lines(shown: ShownVersion, now: datetime) -> Iterator[str]:
    """A version in full: where it is used, what the evaluations say, its settings and its text."""
    prompt = shown.prompt
    yield f"{prompt.agent} {prompt.label} {prompt.slug}: {plain(prompt.note)}"
    yield "live" if shown.listed.live else "not live"
    yield from _exceptions(shown.canary, shown.pins, now)
    if not shown.listed.usable:
        yield f"cannot be used: {plain(shown.listed.why_not)}"
    yield shown.opinion.sentence
    yield f"{', '.join(settings_of(prompt))}, sha256 {prompt.sha256[:12]}"
    yield ""
    yield prompt.body.rstrip()


def diff_lines(diff: PromptDiff) -> Iterator[str]:
    yield f"{diff.one.agent}: {diff.one.label} → {diff.other.label}"
    yield from (line.rstrip() for line in diff.lines)


def changed_lines(change: Activation, differing: Iterable[Activation] = ()) -> Iterator[str]:
    """What was done, and what it leaves as it is."""
    yield f"{change.agent}: {what(change)}. {NEXT}"
    if change.gate is Gate.WARNED:
        yield WARNED
    if change.gate is Gate.OVERRIDDEN:
        yield OVERRIDDEN
    if pins := ", ".join(f"{pin.scope_id} (v{pin.to_version})" for pin in differing):
        yield STILL_PINNED.format(pins=pins, agent=change.agent)


def history_lines(history: History, agent: str | None) -> Iterator[str]:
    """One line a change, newest first."""
    if not history.activations:
        yield EMPTY
    for change in history.activations:
        when = change.at.astimezone(UTC)
        parts = (f"{change.agent}: {what(change)}", plain(done_by(change)), _GATES[change.gate])
        yield f"{when:%Y-%m-%d %H:%M}  {', '.join(part for part in parts if part)}"
    if history.older is not None:
        yield OLDER.format(agent=f" {agent}" if agent else "", before=history.older)


def what(change: Activation) -> str:
    """ "v2 → v3", "v3 on 10 % of the documents", "v3 in C1" """
    version = f"v{change.to_version}"
    if change.scope is Scope.GLOBAL:
        return f"{_label(change.from_version)} → {version}"
    if change.scope is Scope.CANARY:
        running = change.action is ActivationAction.CANARY
        return f"{version} on {change.percent} % of the documents" if running else f"trial of {version} ended"
    pinned = change.action is ActivationAction.PIN
    return f"{version} in {change.scope_id}" if pinned else f"{version} no more in {change.scope_id}"


def _exceptions(canary: Activation | None, pins: Iterable[Activation], now: datetime) -> Iterator[str]:
    if canary:
        told = TRIED.format(version=canary.to_version, percent=canary.percent)
        yield f"  {told} ({plain(done_by(canary))}, {ago(canary.at, now)})"
    for pin in pins:
        told = PINNED.format(version=pin.to_version, channel=pin.scope_id)
        yield f"  {told} ({plain(done_by(pin))}, {ago(pin.at, now)})"


def _label(version: int | None) -> str:
    return "nothing" if version is None else f"v{version}"


def _verdict(version: ListedVersion) -> str:
    return f", evaluated: {VERDICTS[version.evaluation]}" if version.evaluation else ""
