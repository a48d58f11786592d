"""The words in which every form of two documents' changes (Slack, Markdown, terminal) says the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from smallprint.models.domain import (
    AgentRun,
    ChangeExplanation,
    ChangeKind,
    Direction,
    DocumentChanges,
    FindingMove,
    PassageChange,
    Piece,
    PieceKind,
    RiskLevel,
    RiskMove,
)
from smallprint.reports import wording
from smallprint.reports.text import plain

TITLE = "What changed: {before} → {after}"
IDENTICAL = "The two files are the same, byte for byte."
NO_CHANGES = "The text of the two versions is the same."
NO_TEXT = (
    "Neither of the two has text that I can compare; pages that are pictures I can't lay beside each other."
)
NO_REAL_CHANGES = "No real changes"
HARDLY_ALIKE = (
    "The two documents have little text in common ({share}), so this may not be a new version of the old one."
)
NO_RISK = "Only one of the two documents has a report, or none, so I can't say whether the risk moved."
RISK_STAYED, RISK_MOVED = "risk {after}, as before", "risk {before} → {after}"
OFFLINE = "Computed by a program: nobody has judged yet what the changes mean."
ONLY_FORM = "Numbering, line breaks and typography don't count as changes."

KINDS = {
    ChangeKind.CHANGED: "Changed",
    ChangeKind.ADDED: "Added",
    ChangeKind.REMOVED: "Removed",
    ChangeKind.REWORDED: "Reworded",
    ChangeKind.MOVED: "Moved",
}
MARKS = {
    ChangeKind.CHANGED: "✏️",
    ChangeKind.ADDED: "➕",
    ChangeKind.REMOVED: "➖",
    ChangeKind.REWORDED: "💬",
    ChangeKind.MOVED: "↕️",
}
DIRECTIONS = {Direction.WORSE: "Worse", Direction.BETTER: "Better", Direction.NEUTRAL: "Neutral"}
AND_MOVED = " and moved"
UNTITLED = "Untitled document"
GONE_FINDINGS, NEW_FINDINGS, OTHER_SEVERITY = (
    "Findings that are gone",
    "New findings",
    "Findings of another severity",
)

_LEAST_SHARE = 0.5
_ORDER = (ChangeKind.CHANGED, ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.REWORDED, ChangeKind.MOVED)
_CONTEXT = 120
"""Characters of kept words that are shown on each side of what changed."""
_GAP = " … "


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings that moved in the same way."""

    label: str
    lines: tuple[str, ...]
    """A line each, made safe by `plain`."""


def names(changes: DocumentChanges) -> tuple[str, str]:
    """Of the old and the new document."""
    return plain(changes.before.name) or UNTITLED, plain(changes.after.name) or UNTITLED


def title(changes: DocumentChanges) -> str:
    """What changed: contract.pdf → contract v2.pdf"""
    before, after = names(changes)
    return TITLE.format(before=before, after=after)


def headline(changes: DocumentChanges) -> str:
    """3 real changes, 2 reworded, 1 moved; risk high → medium"""
    risk = risk_line(changes.risk)
    return f"{counts_line(changes)}{f'; {risk}' if risk else ''}"


def counts_line(changes: DocumentChanges) -> str:
    """3 real changes, 2 reworded, 1 moved"""
    counts = changes.found.counts()
    real = sum(count for kind, count in counts.items() if kind.real)
    first = wording.counted(real, "real change") if real else NO_REAL_CHANGES
    others = [
        f"{counts[kind]} {KINDS[kind].lower()}"
        for kind in (ChangeKind.REWORDED, ChangeKind.MOVED)
        if kind in counts
    ]
    return ", ".join([first, *others])


def risk_line(risk: RiskMove | None) -> str:
    """risk high → medium"""
    if risk is None:
        return ""
    sentence = RISK_STAYED if risk.before is risk.after else RISK_MOVED
    return sentence.format(before=risk.before.value, after=risk.after.value)


def unchanged_line(changes: DocumentChanges) -> str:
    """41 passages are unchanged. Numbering, line breaks and typography don't count as changes."""
    count = changes.found.unchanged
    verb = "is" if count == 1 else "are"
    return f"{wording.counted(count, 'passage')} {verb} unchanged. {ONLY_FORM}"


def notes(changes: DocumentChanges) -> tuple[str, ...]:
    """Whole sentences that a reader must see first."""
    said = (
        _text_note(changes),
        plain(changes.note),
        OFFLINE if changes.offline and changes.found.changes else "",
        NO_RISK if changes.risk is None else "",
    )
    return tuple(sentence for sentence in said if sentence)


def _text_note(changes: DocumentChanges) -> str:
    """What to know of the two texts as a whole."""
    found = changes.found
    if changes.identical:
        return IDENTICAL
    if not found.changes:
        return NO_CHANGES if found.unchanged else NO_TEXT
    return "" if found.similarity >= _LEAST_SHARE else HARDLY_ALIKE.format(share=f"{found.similarity:.0%}")


def side_line(changes: DocumentChanges) -> str:
    """Judged for: the tenant; empty when nobody judged."""
    side = plain(changes.side)
    return wording.JUDGED_FOR.format(side=side) if side and changes.explanations else ""


def in_order_of_weight(changes: DocumentChanges) -> tuple[PassageChange, ...]:
    """Graver first as far as the model judged, then real changes before others, then as in the document."""

    def weight(numbered: tuple[int, PassageChange]) -> tuple[int, int, int]:
        place, change = numbered
        told = changes.explanation(change.id)
        judged = told is not None and told.direction is not Direction.NEUTRAL
        severity = told.severity.rank if told and judged else -1
        return -severity, _ORDER.index(change.kind) // 3, place

    return tuple(change for _, change in sorted(enumerate(changes.found.changes), key=weight))


def label(change: PassageChange) -> str:
    """✏️ Changed and moved"""
    moved = AND_MOVED if change.moved and change.kind is not ChangeKind.MOVED else ""
    return f"{MARKS[change.kind]} {KINDS[change.kind]}{moved}"


def where(change: PassageChange) -> str:
    """p. 3 → p. 4; one place where both are called the same."""
    places = [plain(each.locator) for each in (change.before, change.after) if each]
    return " → ".join(dict.fromkeys(place for place in places if place))


def judgement(told: ChangeExplanation) -> str:
    """🟠 Worse (high); ⚪ Neutral"""
    if told.direction is Direction.NEUTRAL:
        return f"⚪ {DIRECTIONS[told.direction]}"
    mark = wording.EMOJI[told.severity] if told.direction is Direction.WORSE else "✅"
    return f"{mark} {DIRECTIONS[told.direction]} ({told.severity.value})"


def shown_pieces(change: PassageChange, *, context: int = _CONTEXT) -> tuple[Piece, ...]:
    """The words to show, made safe: what went and came in full, of kept words at most `context` on each side.

    Spaces that stand between two pieces stay; where what came follows what went, there always is one.
    """
    pieces = [_safe(piece) for piece in change.pieces]
    if change.kind is ChangeKind.MOVED:
        return tuple(pieces)
    last = len(pieces) - 1
    shown = [
        Piece(piece.kind, _kept(piece.text, context, first=index == 0, last=index == last))
        if piece.kind is PieceKind.KEPT
        else piece
        for index, piece in enumerate(pieces)
    ]
    return tuple(_apart([piece for piece in shown if piece.text]))


def finding_groups(risk: RiskMove | None) -> tuple[FindingGroup, ...]:
    """What is gone, new, and of another severity; empty groups are left out."""
    if risk is None:
        return ()
    other = [move for move in risk.stayed if move.before is not move.after]
    found = (
        FindingGroup(NEW_FINDINGS, tuple(_lines(risk.new))),
        FindingGroup(OTHER_SEVERITY, tuple(_lines(other))),
        FindingGroup(GONE_FINDINGS, tuple(_lines(risk.gone))),
    )
    return tuple(group for group in found if group.lines)


def made_line(changes: DocumentChanges) -> tuple[str, ...]:
    """What to think of it, changes explained by claude-…, prompt v1; what it cost and took."""
    if not changes.agents:
        return (wording.duration(changes.seconds),)
    made = tuple(map(_agent, changes.agents))
    return (wording.AI_NOTICE, *made, wording.cost(changes.cost_usd), wording.duration(changes.seconds))


def _agent(run: AgentRun) -> str:
    prompt = "" if run.prompt_version is None else f", prompt v{run.prompt_version}"
    return f"{wording.agent_role(run.agent)} {plain(run.model)}{prompt}"


def _lines(moves: Iterable[FindingMove]) -> Iterator[str]:
    for move in moves:
        levels = dict.fromkeys(_level(level) for level in (move.before, move.after) if level)
        yield f"{' → '.join(levels)}: {plain(move.title) or plain(move.category) or wording.UNTITLED_FINDING}"


def _level(level: RiskLevel) -> str:
    return f"{wording.EMOJI[level]} {wording.level_name(level)}"


def _safe(piece: Piece) -> Piece:
    """`plain` would take the spaces at the ends too, and join words that stand apart."""
    text = plain(piece.text)
    before = " " if piece.text[:1].isspace() else ""
    after = " " if piece.text[-1:].isspace() else ""
    return Piece(piece.kind, f"{before}{text}{after}" if text else (before or after))


def _apart(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Copied without its styles, 12 that became 24 would read 1224."""
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index else None
        if before and before.kind is PieceKind.GONE and piece.kind is PieceKind.COME:
            touching = not (before.text[-1].isspace() or piece.text[0].isspace())
            yield from (Piece(PieceKind.KEPT, " "),) if touching else ()
        yield piece


def _kept(text: str, context: int, *, first: bool, last: bool) -> str:
    """Only its end where it begins the passage, its beginning where it ends it, both between two changes."""
    head, tail = ("" if first else text[:context]), ("" if last else text[-context:])
    if len(text) <= len(head) + len(tail):
        return text
    at_word_head = head.rsplit(" ", 1)[0] if " " in head else head
    at_word_tail = tail.split(" ", 1)[1] if " " in tail else tail
    return f"{at_word_head}{_GAP}{at_word_tail}"
