"""Lists of sentences under a bold label: what the reviewer set aside, what was looked for, key facts, notes."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.models.domain import Report
from smallprint.reports import verdicts, wording
from smallprint.reports.facts import KEY_FACTS, FactLine
from smallprint.slack.blocks.elements import bold, bullets, italic, rich_text, section, words
from smallprint.slack.blocks.finding import Scissors
from smallprint.slack.blocks.message import Block

MORE = "… and {count} more under “All findings”."
MORE_DETAILS = "… and {count} more under “Details”."
"""What the same button is called where it has no further findings."""
FULL = 3
"""Findings that a result shows with everything that is known of them."""
NOT_COUNTED = "Not counted in the risk level"
SET_ASIDE = "Set aside by the reviewer: "
LOOKED_FOR = "Looked for, not found: "

_SENTENCE, _LABEL, _VALUE, _WHERE = 240, 60, 160, 60
"""Characters shown before "…"."""


def has_further(report: Report) -> bool:
    """True if there are findings that a result shows in a line, or not at all."""
    return len(report.findings) > FULL


def not_counted(report: Report, most: int, scissors: Scissors, more: str = MORE) -> list[Block]:
    """What was dropped for want of a quotation, and what the reviewer rejected and why."""
    dropped = wording.ungrounded_sentence(report)
    told = [f"{SET_ASIDE}{verdicts.rejection(finding)}" for finding in report.rejected]
    told = [dropped, *told] if dropped else told
    return [rich_text(section(bold(NOT_COUNTED)), sentences(told, most, scissors, more))] if told else []


def looked_for(report: Report, most: int, scissors: Scissors) -> list[Block]:
    """One line of at most so many characters."""
    items = scissors.cut(" · ".join(wording.looked_for(report)), most)
    return [rich_text(section(bold(LOOKED_FOR), words(items)))] if items else []


def notes(report: Report, most: int, scissors: Scissors, more: str = MORE) -> list[Block]:
    """Whole sentences that a reader must see, each with a warning sign."""
    told = wording.notes(report)
    shown = [section(words(f"⚠️ {scissors.cut(note, _SENTENCE)}")) for note in told[:most]]
    left = len(told) - len(shown)
    return [rich_text(*shown, section(italic(more.format(count=left))) if left else None)] if shown else []


def sentences(told: Sequence[str], most: int, scissors: Scissors, more: str = MORE) -> Block:
    """Bullets, the surplus as a count."""
    shown = [section(words(scissors.cut(sentence, _SENTENCE))) for sentence in told[:most]]
    if len(told) > most:
        shown.append(section(italic(more.format(count=len(told) - most))))
    return bullets(shown)


def fact_bullets(lines: Sequence[FactLine], most: int, scissors: Scissors, more: str = MORE) -> list[Block]:
    """Where a table can't stand."""
    if not lines:
        return []
    cells = (fact_cells(line, scissors) for line in lines[:most])
    shown = [section(bold(f"{label}: "), words(value)) for label, value in cells]
    if len(lines) > most:
        shown.append(section(italic(more.format(count=len(lines) - most))))
    return [rich_text(section(bold(KEY_FACTS)), bullets(shown))]


def fact_cells(line: FactLine, scissors: Scissors) -> tuple[str, str]:
    """Notice to end it | 90 days before the end of a term (p. 4)"""
    value, where = scissors.cut(line.value, _VALUE), scissors.cut(line.where, _WHERE)
    return scissors.cut(line.label, _LABEL), f"{value} ({where})"
