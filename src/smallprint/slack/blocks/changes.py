"""What changed between two documents as one Slack message: the gravest first, and nothing left out without saying so.

Words of the documents stand in rich text only: what went struck through, what came bold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smallprint.models.domain import (
    ChangeExplanation,
    ChangeKind,
    DocumentChanges,
    PassageChange,
    Piece,
    PieceKind,
)
from smallprint.reports import changes as told
from smallprint.slack.blocks.elements import (
    bold,
    bullets,
    context,
    header,
    italic,
    quote,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.finding import Scissors
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, MAX_FALLBACK, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, length, plain, shorten

COMPARING = "🔎 Comparing the two documents …"
MORE = "… and {count} more in the file below."
SHORTENED = "What ends in “…” stands complete in the file below."
NOTHING_LEFT = "There is nothing left of these documents to compare: please share them again."

_NAME, _PIECES, _MEANING, _LINE, _SUMMARY, _NOTE, _PLACE, _MADE, _MOVED = (
    70, 600, 320, 160, 700, 300, 60, 300, 90,
)  # fmt: skip
_MOST = (18, 12, 8, 5, 3, 2, 1, 0)
"""Changes that are shown, tried in turn; blocks of long words, or of scripts that are many bytes in JSON, need fewer."""
_SCALES = (1.0, 0.5, 0.2)
_FINDINGS = 5
"""Lines of a group of findings; the file has all."""


def comparing_message() -> Message:
    """While the documents are compared."""
    return Message(COMPARING, [rich_text(section(words(COMPARING)))])


def changes_message(changes: DocumentChanges) -> Message:
    """Within Slack's limits; `overflow` when the complete changes must be uploaded beside it."""
    content = _Content.of(changes)
    for most in _MOST:
        for scale in _SCALES:
            message = _lay_out(content, Scissors(scale), most)
            if json_size(message.blocks) <= MAX_BLOCKS_JSON:
                return message
    return message


@dataclass(frozen=True, slots=True)
class _Change:
    """A change as it may be shown, before it is shortened."""

    kind: ChangeKind
    label: str
    place: str
    pieces: Sequence[Piece]
    explained: ChangeExplanation | None

    @classmethod
    def of(cls, change: PassageChange, explained: ChangeExplanation | None) -> _Change:
        safe = explained and replace(explained, meaning=plain(explained.meaning))
        return cls(change.kind, told.label(change), told.where(change), told.shown_pieces(change), safe)


@dataclass(frozen=True, slots=True)
class _Content:
    """All that is said, made safe once: long texts are laid out several times until they fit."""

    headline: str
    names: tuple[str, str]
    notes: Sequence[str]
    summary: str
    side: str
    groups: Sequence[told.FindingGroup]
    changes: Sequence[_Change]
    """Those that can be shown at most, the gravest first."""
    count: int
    """Of all of them."""
    unchanged: str
    made: str

    @classmethod
    def of(cls, changes: DocumentChanges) -> _Content:
        ordered = told.in_order_of_weight(changes)
        return cls(
            headline=told.headline(changes),
            names=told.names(changes),
            notes=told.notes(changes),
            summary=plain(changes.summary),
            side=told.side_line(changes),
            groups=told.finding_groups(changes.risk),
            changes=[_Change.of(each, changes.explanation(each.id)) for each in ordered[: _MOST[0]]],
            count=len(ordered),
            unchanged=told.unchanged_line(changes),
            made=shorten(" · ".join(told.made_line(changes)), _MADE),
        )


def _lay_out(content: _Content, scissors: Scissors, most: int) -> Message:
    listed = [_change(change, scissors) for change in content.changes[:most]]
    before, after = (scissors.cut_name(name, _NAME) for name in content.names)
    title = told.TITLE.format(before=before, after=after)
    blocks = [
        header(content.headline),
        context(title),
        *_said(content, scissors),
        *_finding_groups(content.groups, scissors),
        *listed,
        *_rest(content.count - most, scissors),
        context(content.unchanged),
        context(content.made),
    ]
    fallback = escape_mrkdwn(shorten(f"{content.headline}. {title}", MAX_FALLBACK // 5))
    return Message(fallback, blocks, overflow=scissors.used)


def _said(content: _Content, scissors: Scissors) -> Iterator[Block]:
    """What to know first: cautions, and the summary."""
    cautions = [section(words(f"⚠️ {scissors.cut(note, _NOTE)}")) for note in content.notes]
    if cautions:
        yield rich_text(*cautions)
    summary, side = scissors.cut(content.summary, _SUMMARY), scissors.cut(content.side, _LINE)
    if summary or side:
        yield rich_text(section(words(summary), italic(f"\n{side}" if summary and side else side)))


def _finding_groups(groups: Sequence[told.FindingGroup], scissors: Scissors) -> Iterator[Block]:
    for group in groups:
        lines = [section(words(scissors.cut(line, _LINE))) for line in group.lines[:_FINDINGS]]
        if len(group.lines) > _FINDINGS:
            scissors.used = True
            lines.append(section(italic(MORE.format(count=len(group.lines) - _FINDINGS))))
        yield rich_text(section(bold(group.label)), bullets(lines))


def _change(change: _Change, scissors: Scissors) -> Block:
    place = scissors.cut(change.place, _PLACE)
    head = section(bold(change.label), words(f"  {place}" if place else ""))
    return rich_text(head, _words(change, scissors), _meaning(change.explained, scissors))


def _meaning(explained: ChangeExplanation | None, scissors: Scissors) -> Block | None:
    if explained is None:
        return None
    meaning = scissors.cut(explained.meaning, _MEANING)
    return section(bold(f"{told.judgement(explained)}: "), words(meaning))


def _words(change: _Change, scissors: Scissors) -> Block | None:
    """The passage's own words; None for one that shows nothing but invisible characters."""
    if change.kind is ChangeKind.MOVED:  # its words are as they were
        shown = [words(shorten(piece.text, _MOVED)) for piece in change.pieces]
    else:
        shown = [_styled(piece) for piece in _fitting(change.pieces, scissors)]
    spoken = [element for element in shown if element["text"]]
    return quote(*spoken) if any(element["text"].strip() for element in spoken) else None


def _fitting(pieces: Sequence[Piece], scissors: Scissors) -> Iterator[Piece]:
    """As many pieces as there is room for; the last one is shortened."""
    room = scissors.room(_PIECES)
    for piece in pieces:
        if room <= 0:
            scissors.used = True
            return
        shown = piece.text if length(piece.text) <= room else shorten(piece.text, max(room, 12))
        scissors.used = scissors.used or shown != piece.text
        room -= length(piece.text)
        yield Piece(piece.kind, shown)


def _styled(piece: Piece) -> Block:
    match piece.kind:
        case PieceKind.GONE:
            return {"type": "text", "text": piece.text, "style": {"strike": True}}
        case PieceKind.COME:
            return bold(piece.text)
        case _:
            return words(piece.text)


def _rest(left: int, scissors: Scissors) -> Iterator[Block]:
    if left > 0:
        scissors.used = True
        yield rich_text(section(italic(MORE.format(count=left))))
    elif scissors.used:
        yield rich_text(section(italic(SHORTENED)))
