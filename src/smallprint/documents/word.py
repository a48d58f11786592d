"""DOCX → blocks, by anydoc: the only light parser that keeps the clause numbers. Child process only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from smallprint.documents.archive import Archive
from smallprint.documents.native import load_native
from smallprint.documents.reading import Block, Outline, Reading, Refused, split_long, table_blocks, tidy

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    import anydoc

TRACKED_CHANGES = "The document contains tracked changes; it was read as if all of them were accepted."
COMMENTS = "The document contains comments; they were not read."
HIDDEN_TEXT = "The document contains hidden text, which was read together with the visible text."
MACROS = "The document contains macros; they were ignored."
NUMBERS_MAY_BE_OFF = "Some automatic clause numbers may be one too high, because of how a section break is numbered in this file."

_FOOTNOTES = "Footnotes"
_MAIN_PART = "word/document.xml"
_HINTS = (
    (re.compile(rb"<w:(?:ins|del|moveFrom|moveTo) "), TRACKED_CHANGES),
    (re.compile(rb"<w:vanish(?: w:val=\"(?:1|true|on)\")?/>"), HIDDEN_TEXT),
    # anydoc counts an empty numbered paragraph that only carries a section break; Word does not.
    (
        re.compile(
            rb"<w:pPr>(?:(?!</w:pPr>).){0,2000}<w:numPr>(?:(?!</w:pPr>).){0,4000}<w:sectPr(?:(?!</w:pPr>).){0,4000}</w:pPr></w:p>",
            re.DOTALL,
        ),
        NUMBERS_MAY_BE_OFF,
    ),
)
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def read_word(content: bytes) -> Reading:
    """Headings, paragraphs, list items with their numbers, tables by row, footnotes at the end."""
    archive = Archive(content)
    warnings = _warnings(archive)
    document = _parse(content)
    walker = _Walker()
    walker.walk(document.blocks)
    walker.walk_notes(document.notes)
    if not walker.blocks and document.assets:
        raise Refused("scanned")
    return Reading(walker.blocks, warnings=warnings)


def _parse(content: bytes) -> anydoc.Document:
    parser = load_native("anydoc", "_anydoc")
    try:
        document: anydoc.Document = parser.to_document(content, "docx")
    except parser.EncryptedError as error:
        raise Refused("encrypted") from error
    except parser.ResourceLimitError as error:
        raise Refused("unsafe_archive") from error
    except parser.ConvertError as error:
        raise Refused("corrupt") from error
    return document


def _warnings(archive: Archive) -> list[str]:
    main = archive.read(_MAIN_PART)
    warnings = [sentence for hint, sentence in _HINTS if hint.search(main)]
    if "word/comments.xml" in archive.names:
        warnings.append(COMMENTS)
    if "word/vbaProject.bin" in archive.names:
        warnings.append(MACROS)
    return warnings


class _Walker:
    """Walks anydoc's tree in reading order."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._outline = Outline()

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
                self.walk(block.blocks)
            else:
                self._add(tidy(_inline(block.content) or block.text or ""))

    def walk_notes(self, notes: Iterable[anydoc.Note]) -> None:
        for note in notes:
            self._outline.enter(0, _FOOTNOTES)
            self._add(_flat(note.blocks))

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
        self.blocks += table_blocks(
            [[_flat(cell.blocks) for cell in row] for row in cells], None, self._outline.section
        )

    def _add(self, text: str) -> None:
        self.blocks += [Block(piece, None, self._outline.section) for piece in split_long(text) if piece]


def _leading_text(blocks: list[anydoc.Block]) -> tuple[str, list[anydoc.Block]]:
    if blocks and blocks[0].kind in ("paragraph", "heading"):
        return _inline(blocks[0].content), blocks[1:]
    return "", blocks


def _label(marker: str, number: int) -> str:
    if marker == "bullet":
        return ""
    if marker.endswith("alpha"):
        label = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif marker.endswith("roman"):
        label = _roman(number)
    else:
        label = str(number)
    return (label.upper() if marker.startswith("upper") else label) + "."


def _roman(number: int) -> str:
    letters = ""
    for value, numeral in _ROMAN:
        letters += numeral * (number // value)
        number %= value
    return letters


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
