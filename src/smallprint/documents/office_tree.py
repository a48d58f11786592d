"""anydoc's tree of a text document → blocks in reading order. Child process only."""

from __future__ import annotations

from smallprint.documents.native import load_native
from smallprint.documents.numerals import letters, roman
from smallprint.documents.reading import Block, Outline, Refused, split_long, table_blocks, tidy

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import anydoc

_FOOTNOTES = "Footnotes"


def parse_office(content: bytes, format_name: str) -> anydoc.Document:
    """Raises Refused: encrypted, unsafe_archive, corrupt."""
    parser = load_native("anydoc", "_anydoc")
    try:
        document: anydoc.Document = parser.to_document(content, format_name)
    except parser.EncryptedError as error:
        raise Refused("encrypted") from error
    except parser.ResourceLimitError as error:
        raise Refused("unsafe_archive") from error
    except parser.ConvertError as error:
        raise Refused("corrupt") from error
    return document


class TreeWalker:
    """Headings become sections, list items keep their numbers, tables become rows."""

    def __init__(self, *, quotes_are: str = "body") -> None:
        """`quotes_are` is the kind of passage that a block quote makes: in a presentation those are the notes."""
        self.blocks: list[Block] = []
        self._outline = Outline()
        self._quotes_are = quotes_are
        self._kind = "body"

    def walk(self, blocks: Iterable[anydoc.Block]) -> None:
        for block in blocks:
            if block.kind == "heading":
                text = tidy(_inline(block.content))
                self._outline.enter(block.level or 1, text)
                self._add(text)
            elif block.list:
                self._walk_list(block.list)
            elif block.table:
                self._walk_table(block.table)
            elif block.blocks:
                self._walk_quote(block.blocks)
            else:
                self._add(tidy(_inline(block.content) or block.text or ""))

    def walk_notes(self, notes: Iterable[anydoc.Note]) -> None:
        """Footnotes and endnotes, as passages of their own after the text."""
        for note in notes:
            self._outline.enter(0, _FOOTNOTES)
            self._add(_flat(note.blocks), "footnote")

    def _walk_quote(self, blocks: Iterable[anydoc.Block]) -> None:
        self._kind, before = self._quotes_are, self._kind
        self.walk(blocks)
        self._kind = before

    def _walk_list(self, items: anydoc.List) -> None:
        for number, item in enumerate(items.items, items.start):
            label = item.marker_label or _label(items.marker, number)
            first, rest = _leading_text(item.blocks)
            self._add(tidy(f"{label} {first}"))
            self.walk(rest)

    def _walk_table(self, table: anydoc.Table) -> None:
        cells = [[slot.cell for slot in row if slot.cell] for row in table.grid]
        if table.kind == "layout":
            for row in cells:
                for cell in row:
                    self.walk(cell.blocks)
            return
        rows = [[_flat(cell.blocks) for cell in row] for row in cells]
        for block in table_blocks(rows, None, self._outline.section):
            block.kind = "table"
            self.blocks.append(block)

    def _add(self, text: str, kind: str = "") -> None:
        section = self._outline.section
        self.blocks += [
            Block(piece, None, section, kind or self._kind) for piece in split_long(text) if piece
        ]


def _leading_text(blocks: list[anydoc.Block]) -> tuple[str, list[anydoc.Block]]:
    if blocks and blocks[0].kind in ("paragraph", "heading"):
        return _inline(blocks[0].content), blocks[1:]
    return "", blocks


def _label(marker: str, number: int) -> str:
    if marker == "bullet":
        return ""
    if marker.endswith("alpha"):
        label = letters(number)
    elif marker.endswith("roman"):
        label = roman(number)
    else:
        label = str(number)
    return (label.upper() if marker.startswith("upper") else label) + "."


def _inline(content: Iterable[anydoc.Inline] | None) -> str:
    return "".join(_words(inline) for inline in content or ())


def _words(inline: anydoc.Inline) -> str:
    if inline.kind == "line_break":
        return "\n"
    if inline.kind == "checkbox":
        return "☒ " if inline.checked else "☐ "
    return _inline(inline.content) if inline.content else inline.text or ""


def _flat(blocks: Iterable[anydoc.Block]) -> str:
    return tidy(" ".join(_flat_texts(blocks)))


def _flat_texts(blocks: Iterable[anydoc.Block]) -> Iterator[str]:
    for block in blocks:
        if block.list:
            for number, item in enumerate(block.list.items, block.list.start):
                yield item.marker_label or _label(block.list.marker, number)
                yield from _flat_texts(item.blocks)
        elif block.table:
            for row in block.table.grid:
                for slot in row:
                    if slot.cell:
                        yield from _flat_texts(slot.cell.blocks)
        elif block.blocks:
            yield from _flat_texts(block.blocks)
        else:
            yield _inline(block.content) or block.text or ""
