"""The full receipt of a document, and the entry of a result's menu that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from smallprint.models.domain import Report
from smallprint.reports import wording
from smallprint.reports.receipt import WHAT_WAS_READ, ReceiptPart, full_receipt
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
from smallprint.slack.blocks.limits import (
    MAX_BLOCKS_JSON,
    MAX_FALLBACK,
    MAX_HEADER,
    json_size,
)
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.result_menu import menu_option
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

READ = "read"
"""Verb of the menu's entry."""
RECEIPT_ACTION = "receipt"
"""Of a button that results of earlier releases have."""
MORE = "… and {count} more"
ANALYSIS = "Analysis {analysis}"
CHECKSUM = "SHA-256 {sha256}"

_SCALES = (1.0, 0.6, 0.35, 0.2, 0.1, 0.05)
_ITEMS, _ITEM, _TEXT, _CONTEXT = 20, 240, 400, 100
"""Items of one list, and characters of a text, before "…"."""


def read_option(report: Report) -> Block | None:
    """The entry; None for an id that Slack could not carry back."""
    return menu_option(READ, WHAT_WAS_READ, report.analysis_id)


def receipt_message(report: Report) -> Message:
    """Everything that is known about the reading of a document; `overflow` when a list or a text was cut."""
    for scale in _SCALES:
        scissors = Scissors(scale)
        blocks = _blocks(report, scissors)
        if json_size(blocks) <= MAX_BLOCKS_JSON:
            break
    return Message(_fallback(report), blocks, overflow=scissors.used)


def _blocks(report: Report, scissors: Scissors) -> list[Block]:
    name = scissors.cut_name(wording.document_name(report), MAX_HEADER - len(WHAT_WAS_READ) - 2)
    identity = (
        report.document_kind.value.upper(),
        CHECKSUM.format(sha256=report.document_sha256[:12]),
        ANALYSIS.format(analysis=report.analysis_id),
    )
    return [
        header(f"{WHAT_WAS_READ}: {name}"),
        *(rich_text(*_part(part, scissors)) for part in full_receipt(report.receipt)),
        context(scissors.cut(plain(" · ".join(identity)), _CONTEXT)),
    ]


def _part(part: ReceiptPart, scissors: Scissors) -> Iterator[Block]:
    text = scissors.cut(part.text, _TEXT)
    yield section(bold(f"{part.label}: " if text else part.label), words(text))
    most = max(scissors.room(_ITEMS), 1)
    shown = [section(words(scissors.cut(item, _ITEM))) for item in part.items[:most]]
    if len(part.items) > most:
        scissors.used = True
        shown.append(section(italic(MORE.format(count=len(part.items) - most))))
    if shown:
        yield bullets(shown)


def _fallback(report: Report) -> str:
    told = [f"{part.label}: {part.text or '; '.join(part.items)}" for part in full_receipt(report.receipt)]
    text = f"{WHAT_WAS_READ}: {wording.document_name(report)}. {' '.join(told)}"
    return escape_mrkdwn(shorten(text, MAX_FALLBACK // 5))
