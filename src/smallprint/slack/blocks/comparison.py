"""Two reports beside each other as one Slack message: what differs first, and nothing left out without saying so."""

from __future__ import annotations

from smallprint.reports import comparison_wording, wording
from smallprint.reports.comparison import ReportComparison
from smallprint.reports.comparison_wording import Group
from smallprint.slack.blocks.elements import (
    bold,
    bullets,
    context,
    header,
    italic,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.finding import Scissors
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, MAX_FALLBACK, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, shorten

MORE = "… and {count} more in the file below."
SHORTENED = "What ends in “…” stands complete in the file below."

_LINE, _MADE, _NAME = 200, 700, 90
_MOST = (40, 20, 12, 8, 5, 3, 2, 1)
"""Lines of a group, tried in turn. Only many findings, or scripts that are many bytes in JSON, need the smaller ones."""
_SCALES = (1.0, 0.4, 0.2)


def comparison_message(comparison: ReportComparison) -> Message:
    """Within Slack's limits; `overflow` when the complete comparison must be uploaded beside it."""
    for scale in _SCALES:
        for most in _MOST:
            message = _lay_out(comparison, Scissors(scale), most)
            if json_size(message.blocks) <= MAX_BLOCKS_JSON:
                return message
    return message


def nothing_to_compare_message() -> Message:
    """The earlier report is gone."""
    told = comparison_wording.NOTHING_LEFT
    return Message(escape_mrkdwn(told), [rich_text(section(words(told)))])


def _lay_out(comparison: ReportComparison, scissors: Scissors, most: int) -> Message:
    made = scissors.cut(" · ".join(comparison_wording.made_line(comparison)), _MADE)
    name = scissors.cut_name(wording.document_name(comparison.after), _NAME)
    cautions = comparison_wording.cautions(comparison)
    listed = [_group(group, scissors, most) for group in comparison_wording.groups(comparison)]
    note = [rich_text(section(italic(SHORTENED)))] if scissors.used else []
    blocks = [
        header(comparison_wording.headline(comparison)),
        context(f"{comparison_wording.title(comparison)} · {name}"),
        *([rich_text(*(section(words(f"⚠️ {caution}")) for caution in cautions))] if cautions else []),
        rich_text(section(bold(comparison_wording.counts_line(comparison)))),
        *listed,
        *note,
        context(made),
    ]
    return Message(_fallback(comparison), blocks, overflow=scissors.used)


def _group(group: Group, scissors: Scissors, most: int) -> Block:
    shown = [section(words(scissors.cut(line, _LINE))) for line in group.lines[:most]]
    if len(group.lines) > most:
        scissors.used = True
        shown.append(section(italic(MORE.format(count=len(group.lines) - most))))
    return rich_text(section(bold(group.label)), bullets(shown))


def _fallback(comparison: ReportComparison) -> str:
    told = ". ".join(
        (
            comparison_wording.headline(comparison),
            comparison_wording.title(comparison),
            comparison_wording.counts_line(comparison),
        )
    )
    return escape_mrkdwn(shorten(told, MAX_FALLBACK // 5))
