"""What differs between two prompt versions, as blocks: settings, then the changed places of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smallprint.prompts.diff import NO_DIFFERENCE, PromptDiff
from smallprint.slack.blocks.activation import agent_name, arrow
from smallprint.slack.blocks.elements import (
    bold,
    bullets,
    code,
    context,
    italic,
    preformatted,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.parts import parts
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

SETTINGS = "Settings"
GAP = "⋯"
LEGEND = "− was, + is. Unchanged lines far from a change are left out."
CUT = "… {count} more lines. All of them: {command}"
COMMAND = "/prompt-version diff {agent} v{one} v{other}"
IN_TERMINAL = "smallprint prompts diff {agent} v{one} v{other}"

_ROOM = 2_600
"""Characters of a text in one message with other things."""
_SETTING = 120


def prompt_diff(diff: PromptDiff) -> list[Message]:
    """The whole difference, in as many messages as may answer a command."""
    title = _title(diff)
    if diff.same:
        return [Message(escape_mrkdwn(f"{title}. {NO_DIFFERENCE}"), [_heading(title, NO_DIFFERENCE)])]
    lines = _lines(diff)
    pieces = parts("\n".join(lines), goes_on=f"… {_command(IN_TERMINAL, diff)}")
    first, *rest = pieces or [""]
    head = [_heading(title, _counts(diff)), *_settings(diff)]
    blocks = [*head, *([rich_text(preformatted(first))] if first else []), context(LEGEND)]
    if json_size(blocks) > MAX_BLOCKS_JSON:
        blocks, rest = [*head, context(LEGEND)], pieces
    more = [Message(escape_mrkdwn(f"{title}, more"), [rich_text(preformatted(piece))]) for piece in rest]
    return [Message(escape_mrkdwn(f"{title}. {_counts(diff)}"), blocks), *more]


def diff_blocks(diff: PromptDiff) -> list[Block]:
    """The changed places as far as there is room, for a message or a modal with other things in it."""
    if diff.same:
        return [rich_text(section(italic(NO_DIFFERENCE)))]
    lines = _lines(diff)
    kept = _beginning(lines)
    blocks = [*_settings(diff)]
    if kept:
        blocks.append(rich_text(section(bold(_counts(diff))), preformatted("\n".join(kept))))
    if len(kept) < len(lines):
        blocks.append(context(CUT.format(count=len(lines) - len(kept), command=_command(COMMAND, diff))))
    return blocks


def _lines(diff: PromptDiff) -> list[str]:
    """The changed places, a mark between them."""
    shown = list(map(_shown, diff.body))
    return shown[1:] if shown[:1] == [GAP] else shown


def _beginning(lines: Sequence[str]) -> list[str]:
    """As many lines as have room, the last one shortened where it is the first."""
    kept: list[str] = []
    for line in lines:
        fitting = [*kept, line]
        if json_size([words("\n".join(fitting))]) > _ROOM * 2 or len("\n".join(fitting)) > _ROOM:
            break
        kept = fitting
    return kept or [shorten(line, _SETTING) for line in lines[:1]]


def _settings(diff: PromptDiff) -> Iterator[Block]:
    if diff.settings:
        shown = [section(code(shorten(_shown(line), _SETTING))) for line in diff.settings[:12]]
        yield rich_text(section(bold(SETTINGS)), bullets(shown))


def _counts(diff: PromptDiff) -> str:
    """Text: 3 lines added, 2 removed"""
    added = sum(line.startswith("+") for line in diff.body)
    removed = sum(line.startswith("-") for line in diff.body)
    return f"Text: +{added} −{removed} lines" if diff.body else "The text is the same"


def _shown(line: str) -> str:
    """The sign stays, whatever the rest of the line is."""
    sign, rest = line[:1], line[1:]
    if line.startswith("@@"):
        return GAP
    return ("−" if sign == "-" else sign) + (f" {told}" if (told := plain(rest)) else "")


def _title(diff: PromptDiff) -> str:
    return f"{agent_name(diff.one.agent)}: {arrow(diff.one.version, diff.other.version)}"


def _heading(title: str, more: str) -> Block:
    return rich_text(section(bold(title), words(f"\n{more}")))


def _command(form: str, diff: PromptDiff) -> str:
    return form.format(agent=agent_name(diff.one.agent), one=diff.one.version, other=diff.other.version)
