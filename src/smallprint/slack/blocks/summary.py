"""The headline over several files of one message: what became of each, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smallprint.errors import CostNeedsConsent, DocumentError, FileError, SmallprintError, sentence_of
from smallprint.models.domain import RiskLevel
from smallprint.reports import wording
from smallprint.slack.blocks.elements import bold, bullets, rich_text, section, words
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten, shorten_name

DOCUMENTS = "{count} documents"
UNREAD = "{count} could not be read"
UNANALYSED = "{count} could not be analysed"
UNDECIDED = "{count} not analysed yet"
NO_RESULT = "⚪"
MORE = "… and {count} more; each has its own message above."
FALLBACK_REASON = "see its message above"
REASONS = {
    "empty": "empty",
    "unsupported_type": "a kind of file I can't read",
    "encrypted": "password-protected",
    "rights_managed": "protected by rights management, or a dynamic form",
    "scanned": "a scan without text",
    "corrupt": "damaged or incomplete",
    "too_large": "too large",
    "too_many_pages": "too many pages",
    "unsafe_archive": "expands to an unsafe size",
    "too_complex": "too complex to read safely",
    "timeout": "took too long to read",
    "too_long": "too much text",
    "unreadable": "could not be read",
    "file": "could not be fetched",
    "file_gone": "deleted, or not visible to me",
    "file_access_denied": "I lack the permission",
    "external_file": "lives outside Slack",
    "unsupported_file_mode": "nothing to download",
    "file_not_ready": "Slack was still processing it",
    "file_too_slow": "the download took too long",
    "link_refused": "not a public link",
    "link_closed": "the site didn't give it to me",
    "link_unreachable": "the site didn't answer",
    "links_off": "links are not allowed here",
    "model_refused": "the AI declined",
    "answer_truncated": "the AI's answer was cut off",
    "context_exceeded": "too long for the AI",
    "invalid_answer": "the AI gave no usable answer",
    "model_authentication": "the AI is not set up correctly",
    "spend_limit": "the AI's spending limit is reached",
    "model_request_rejected": "the AI service didn't accept it",
    "model_overloaded": "the AI service was overloaded",
    "model_unreachable": "the AI service didn't answer",
    "stopped": "somebody stopped it",
    "slack_unavailable": "Slack didn't answer",
    CostNeedsConsent.code: "not analysed yet, because of what it would cost",
}
"""An error's code in a few words; its whole sentence stands in the file's own message."""

_NAME, _REASON = 80, 80


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file: its name, and its level or the code of the error it ended in."""

    name: str
    level: RiskLevel | None
    code: str = ""


def summary_message(lines: Sequence[FileLine]) -> Message:
    """10 documents: 1 critical, 2 high, 5 low; 2 could not be read."""
    title = headline(lines)
    shown = len(lines)
    while json_size(blocks := _blocks(title, lines, shown)) > MAX_BLOCKS_JSON:
        shown -= 1
    return Message(escape_mrkdwn(title), blocks)


def headline(lines: Sequence[FileLine]) -> str:
    """The counts in one sentence."""
    levels = [line.level for line in lines]
    good = [
        f"{levels.count(level)} {level.value}"
        for level in sorted(RiskLevel, key=lambda level: -level.rank)
        if level in levels
    ]
    failed = [line for line in lines if line.level is None]
    unread = sum(_is_unread(line.code) for line in failed)
    undecided = sum(line.code == CostNeedsConsent.code for line in failed)
    unanalysed = len(failed) - unread - undecided
    bad = [
        sentence.format(count=count)
        for sentence, count in ((UNREAD, unread), (UNANALYSED, unanalysed), (UNDECIDED, undecided))
        if count
    ]
    counts = "; ".join(part for part in (", ".join(good), ", ".join(bad)) if part)
    return f"{DOCUMENTS.format(count=len(lines))}: {counts}"


def reason(code: str) -> str:
    """Why there is no result, in a few words."""
    known = REASONS.get(code)
    if known is not None:
        return known
    sentence = sentence_of(code)
    return shorten(sentence.partition(". ")[0], _REASON) if sentence else FALLBACK_REASON


def _blocks(title: str, lines: Sequence[FileLine], shown: int) -> list[Block]:
    more = section(words(MORE.format(count=len(lines) - shown))) if shown < len(lines) else None
    items = [_line(line) for line in lines[:shown]]
    return [rich_text(section(bold(title)), bullets(items, numbered=True) if items else None, more)]


def _line(line: FileLine) -> Block:
    name = shorten_name(plain(line.name), _NAME) or wording.UNTITLED_DOCUMENT
    if line.level is None:
        return section(words(f"{NO_RESULT} {reason(line.code)}: {name}"))
    return section(words(f"{wording.EMOJI[line.level]} {wording.level_name(line.level)}: {name}"))


def _is_unread(code: str) -> bool:
    """True if it failed before any analysis began."""
    return any(code in _codes(kind) for kind in (DocumentError, FileError))


def _codes(kind: type[SmallprintError]) -> set[str]:
    return {kind.code}.union(*(_codes(child) for child in kind.__subclasses__()))
