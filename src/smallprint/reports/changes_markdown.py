"""All changes between two documents as Markdown: everything that a Slack message may have no room for."""

from __future__ import annotations

from collections.abc import Iterator

from smallprint.models.domain import DocumentChanges, PassageChange, Piece, PieceKind
from smallprint.reports import changes as words
from smallprint.reports.markdown import HOW_MADE, escape_markdown

WHAT_IT_MEANS = "What it means"
_STYLES = {PieceKind.KEPT: "{}", PieceKind.GONE: "~~{}~~", PieceKind.COME: "**{}**"}
_CONTEXT = 600
"""Characters of kept words on each side of what changed: a table can have a million."""


def changes_markdown(changes: DocumentChanges) -> str:
    """Every change with its words and, where a model judged, what it means."""
    parts = [_head(changes), _findings(changes), _changes(changes), _made(changes)]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(changes: DocumentChanges) -> Iterator[str]:
    yield f"# {escape_markdown(words.headline(changes))}"
    yield ""
    yield escape_markdown(words.title(changes))
    yield ""
    for note in words.notes(changes):
        yield f"⚠️ {escape_markdown(note)}"
        yield ""
    for told in (changes.summary, words.side_line(changes), words.unchanged_line(changes)):
        if shown := escape_markdown(told):
            yield shown
            yield ""


def _findings(changes: DocumentChanges) -> Iterator[str]:
    for group in words.finding_groups(changes.risk):
        yield f"## {group.label}"
        yield ""
        yield from (f"- {escape_markdown(line)}" for line in group.lines)
        yield ""


def _changes(changes: DocumentChanges) -> Iterator[str]:
    for number, change in enumerate(changes.found.changes, 1):
        place = words.where(change)
        yield f"## {number}. {words.label(change)}{f' ({escape_markdown(place)})' if place else ''}"
        yield ""
        yield f"> {_text(change)}"
        yield ""
        told = changes.explanation(change.id)
        if told is not None:
            yield f"**{WHAT_IT_MEANS}:** {words.judgement(told)}. {escape_markdown(told.meaning)}"
            yield ""


def _text(change: PassageChange) -> str:
    return "".join(map(_piece, words.shown_pieces(change, context=_CONTEXT))).strip()


def _piece(piece: Piece) -> str:
    """Markdown wants no space between its marks and the words."""
    shown = escape_markdown(piece.text)
    if not shown:
        return " "
    before = " " if piece.text[0] == " " else ""
    after = " " if piece.text[-1] == " " else ""
    return f"{before}{_STYLES[piece.kind].format(shown)}{after}"


def _made(changes: DocumentChanges) -> Iterator[str]:
    yield f"## {HOW_MADE}"
    yield ""
    made = (
        *words.made_line(changes),
        f"SHA-256 of the old file: {changes.before.sha256}",
        f"SHA-256 of the new file: {changes.after.sha256}",
        f"{changes.created_at:%Y-%m-%d %H:%M} UTC",
    )
    yield from (f"- {escape_markdown(line)}" for line in made)
