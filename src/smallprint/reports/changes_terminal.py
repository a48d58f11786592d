"""The changes between two documents on a terminal: what went struck through and red, what came bold and green.

Without colours the words stand in the same marks as elsewhere: [-went-] {+came+}. As in terminal.py all is `Text`.
"""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from smallprint.models.domain import DocumentChanges, PassageChange, Piece, PieceKind
from smallprint.reports import changes as words
from smallprint.reports.text import plain

_STYLES = {PieceKind.KEPT: "", PieceKind.GONE: "red strike", PieceKind.COME: "bold green"}
_MARKS = {PieceKind.KEPT: "{}", PieceKind.GONE: "[-{}-]", PieceKind.COME: "{{+{}+}}"}
_LABEL, _QUIET, _WARNING = "bold", "dim", "yellow"
_INDENT = "  "
_NARROWEST = 20


def print_changes(changes: DocumentChanges, console: Console) -> None:
    """Names, what was counted, whether the risk moved, and each change with its words."""
    console.print(Text(words.title(changes), style="bold underline"))
    console.print(Text(words.headline(changes), style=_LABEL))
    for note in words.notes(changes):
        console.print(Text(f"! {note}", style=_WARNING))
    for told in (plain(changes.summary), words.side_line(changes)):
        if told:
            console.print(Text(told))
    for group in words.finding_groups(changes.risk):
        console.print()
        console.print(Text(group.label, style=_LABEL))
        for line in group.lines:
            _indented(console, Text(f"- {line}"))
    for number, change in enumerate(changes.found.changes, 1):
        _print_change(number, change, changes, console)
    console.print()
    console.print(Text(words.unchanged_line(changes)))
    console.print(Text(" · ".join(words.made_line(changes)), style=_QUIET))


def _print_change(number: int, change: PassageChange, changes: DocumentChanges, console: Console) -> None:
    console.print()
    console.print(
        Text.assemble((f"{number}. {words.label(change)}", _LABEL), (f"  {words.where(change)}", _QUIET))
    )
    plainly = console.color_system is None
    shown = (_piece(piece, plainly=plainly) for piece in words.shown_pieces(change))
    _indented(console, Text.assemble(*shown))
    told = changes.explanation(change.id)
    if told is not None:
        _indented(console, Text.assemble((f"{words.judgement(told)}: ", _LABEL), plain(told.meaning)))


def _piece(piece: Piece, *, plainly: bool) -> tuple[str, str]:
    return (_MARKS[piece.kind].format(piece.text) if plainly else piece.text), _STYLES[piece.kind]


def _indented(console: Console, text: Text) -> None:
    for line in text.wrap(console, max(console.width - len(_INDENT), _NARROWEST)):
        line.rstrip()
        console.print(Text.assemble(_INDENT, line))
