"""The log of prompt versions, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from smallprint.models.domain import Activation, Gate
from smallprint.prompts.ages import ago
from smallprint.prompts.listing import History
from smallprint.slack.blocks.activation import DONE, agent_name, moved, moved_words, people
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    bullets,
    button,
    context,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten
from smallprint.slack.carried import Carried

OLDER_ACTION = "prompt_history_older"
NEWEST_ACTION = "prompt_history_newest"

TITLE = "History of {what}"
ALL = "all prompts"
NOTHING = "Nothing was changed yet."
NOTHING_OLDER = "There is nothing older."
OLDER = "Older"
NEWEST = "Newest"
GATES = {
    Gate.PASSED: "✅ evaluated, not worse",
    Gate.WARNED: "⚠️ not proven",
    Gate.OVERRIDDEN: "🔴 ⚠️ gate overridden",
}
TIMES = "Times are in UTC."

PAGE = 10
_REASONS = (300, 120, 60, 30, 10)
"""Characters of a reason; tried in turn until the page fits."""
_FALLBACK = 700


def prompt_history(history: History, agent: str, now: datetime, *, before: int = 0) -> Message:
    """One page; `agent` is empty for all, `before` is set on every page but the first."""
    title = TITLE.format(what=agent_name(agent) if agent else ALL)
    blocks: list[Block] = []
    for most in _REASONS:
        blocks = list(_blocks(history, agent, now, title, most, before=before))
        if json_size(blocks) <= MAX_BLOCKS_JSON:
            break
    told = "; ".join(moved(row) for row in history.activations[:3]) or NOTHING
    return Message(escape_mrkdwn(shorten(f"{title}. {told}", _FALLBACK)), blocks)


def _blocks(
    history: History, agent: str, now: datetime, title: str, most: int, *, before: int
) -> Iterator[Block]:
    rows = [section(*_row(row, now, most, named=not agent)) for row in history.activations]
    nothing = NOTHING_OLDER if before else NOTHING
    yield rich_text(section(bold(title)), bullets(rows) if rows else section(words(nothing)))
    buttons = [*_newest(agent, before), *_older(agent, history.older)]
    if buttons:
        yield actions(*buttons)
    yield context(TIMES)


def _row(row: Activation, now: datetime, most: int, *, named: bool) -> Iterator[Block]:
    yield from moved_words(row, named=named)
    yield words(f"  {DONE[row.action]} ")
    yield from people(shorten(plain(row.actor), 60))
    yield words(f", {row.at.astimezone(UTC):%d %b %Y %H:%M} ({ago(row.at, now)})")
    if row.gate in GATES:
        yield bold(f"\n{GATES[row.gate]}")
    if reason := shorten(plain(row.reason), most):
        yield words("\n")
        yield from people(reason)


def _older(agent: str, older: int | None) -> Iterator[Block]:
    if older is not None:
        yield button(OLDER_ACTION, OLDER, str(Carried("history", agent, activation=older)))


def _newest(agent: str, before: int) -> Iterator[Block]:
    if before:
        yield button(NEWEST_ACTION, NEWEST, str(Carried("history", agent)))
