"""PDF → blocks page by page, by liteparse; what it leaves out, by PDFium. Child process only.

Right-to-left pages are liteparse's too: PDFium's own page text has their words in the wrong order.
"""

from __future__ import annotations

import re

from smallprint.documents.markdown import without_emphasis
from smallprint.documents.native import load_native
from smallprint.documents.pdf.extras import annotation_blocks, form_blocks
from smallprint.documents.pdf.lines import clauses_in_columns, lines_within
from smallprint.documents.pdf.page_images import MAX_PICTURES, picture_pages, too_many_scans
from smallprint.documents.pdf.pages import ALL_GARBLED, PageLedger, garbled_block, mostly_garbled
from smallprint.documents.pdf.pdfium import PdfiumDocument
from smallprint.documents.pdf.sight import Sight
from smallprint.documents.plain import join_lines, join_wrapped
from smallprint.documents.protected import is_placeholder
from smallprint.documents.reading import (
    Block,
    Outline,
    Reading,
    Refused,
    split_long,
    table_blocks,
    tidy,
    tidy_lines,
)

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from typing import Any

_SENTENCE_ENDED = re.compile(r"[.;:!?…][\"”’')\]]*$")
# fmt: off
_GOES_ON = frozenset({
    "a", "an", "the", "of", "to", "in", "by", "for", "from", "with", "and", "or", "as", "at", "on",
    "any", "all", "its", "their", "this", "that", "such", "under", "which",
})
# fmt: on
_XFA_FULL = 2  # FORMTYPE_XFA_FULL of PDFium's fpdf_formfill.h: drawn by a program inside the file


def read_pdf(content: bytes, max_pages: int, max_pictures: int = MAX_PICTURES) -> Reading:
    """Paragraphs in reading order with their pages, nothing merged across pages; then hidden text, fields, comments.

    Up to `max_pictures` pages without text are rendered, for an AI to look at.
    """
    result = _parse(content, max_pages)
    if result.total_pages > max_pages:
        raise Refused(
            "too_many_pages",
            f"This document has {result.total_pages:,} pages; my limit is {max_pages}. Please split it or share the part that matters.",
        )
    if not result.total_pages:
        raise Refused("empty")
    ledger = PageLedger(result.total_pages)
    ledger.failed.update(error.page_num for error in result.page_errors)
    pages = result.pages  # each time it is asked for, all of it is copied
    body = _body(pages, ledger)
    sight = _look(content, body, ledger)
    blocks = [block for page in body.values() for block in page]
    if result.form_type == _XFA_FULL or result.total_pages == 1:
        _refuse_placeholder(blocks)
    forms = [block for page in pages for block in form_blocks(page)]
    comments = [block for page in pages for block in annotation_blocks(page)]
    no_text = not blocks and not sight.blocks and not comments
    pictures = _pictures(content, ledger, max_pictures, nothing_else=no_text)
    return Reading(
        [*blocks, *sight.blocks, *forms, *comments],
        pages=result.total_pages,
        pages_without_text=ledger.without_text(),
        warnings=[*ledger.warnings(), *sight.warnings],
        notes={**sight.notes, "comments": len(comments)},
        pictures=pictures,
    )


def _pictures(
    content: bytes, ledger: PageLedger, max_pictures: int, *, nothing_else: bool
) -> list[tuple[int | None, str, str]]:
    """Pages without text as they look; the ledger learns which. Refuses a document that has nothing else, and not these."""
    without_text = ledger.without_text()
    if nothing_else and not without_text:
        raise Refused("empty")  # blank pages only
    if nothing_else and len(without_text) > MAX_PICTURES:
        raise Refused("scanned", too_many_scans(len(without_text)))
    pictures = picture_pages(content, without_text, max_pictures)
    if nothing_else and not pictures:
        raise Refused("scanned", ALL_GARBLED if ledger.garbled else None)
    ledger.pictured.update(page for page, _, _ in pictures if page)
    return pictures


def _parse(content: bytes, max_pages: int) -> Any:
    parser = load_native("liteparse", "_liteparse").LiteParse(
        ocr_enabled=False,  # it would download its models
        quiet=True,
        output_format="markdown",
        extract_blocks=True,
        extract_annotations=True,
        extract_form_fields=True,
        extract_links=False,
        image_mode="off",
        continue_on_page_error=True,
        max_pages=max_pages,
        num_workers=1,
    )
    try:
        return parser.parse_bytes(content)
    except RuntimeError as error:
        code = "encrypted" if "password" in str(error) else "corrupt"
        raise Refused(code) from error


def _body(pages: Any, ledger: PageLedger) -> dict[int, list[Block]]:
    outline = Outline()
    body = {}
    for page in pages:
        reader = _PageReader(page.page_num, outline)
        blocks = reader.read(page)
        if mostly_garbled(blocks, reader.lost):
            blocks = []
        body[page.page_num] = blocks
        ledger.count(page.page_num, blocks, reader.lost)
    return body


def _look(content: bytes, body: dict[int, list[Block]], ledger: PageLedger) -> Sight:
    """Also takes hidden text out of the body and tells the ledger of blank pages and scans."""
    sight = Sight()
    try:
        document = PdfiumDocument(content)
    except (OSError, AttributeError):  # another build of liteparse: what it reads by itself is still read
        return sight
    sight.look_inside(document, content)
    sight.look_at_pages(document, body, ledger)
    return sight


def _refuse_placeholder(blocks: list[Block]) -> None:
    if is_placeholder(" ".join(block.text for block in blocks[:20])):
        raise Refused("rights_managed")


class _PageReader:
    """Turns liteparse's layout blocks into paragraphs: those that a line break or a column tore apart are joined."""

    def __init__(self, page: int, outline: Outline) -> None:
        self.blocks: list[Block] = []
        self.lost = 0
        """Characters of blocks whose letters cannot be told."""
        self._page = page
        self._outline = outline
        self._open = ""

    def read(self, page: Any) -> list[Block]:
        for block in page.blocks or ():
            if garbled_block(raw := _raw(block)):
                self.lost += len(raw)
            elif block.kind == "heading":
                self._read_heading(block)
            elif block.kind in ("table", "grid_fallback"):
                self._read_table(block, page)
            else:
                self._read_paragraphs(block)
        self._close()
        return self.blocks

    def _read_heading(self, block: Any) -> None:
        self._close()
        self._open = _plain(block.text)
        self._outline.enter(block.level or 1, self._open)
        self._close()

    def _read_table(self, block: Any, page: Any) -> None:
        self._close()
        if not block.rows:
            self._add(tidy_lines("\n".join(block.lines or ())))
            return
        rows = [block.header or [], *block.rows]
        cells = [[_plain(cell.text) for cell in row] for row in rows]
        if max(map(len, cells)) == 1:
            texts = [row[0] for row in cells if row]  # clauses in a frame
        elif block.bbox and clauses_in_columns(cells):
            texts = join_lines(lines_within(page, block.bbox))
        else:
            self.blocks += table_blocks(cells, self._page, self._outline.section)
            return
        for text in texts:
            self._add(text)

    def _read_paragraphs(self, block: Any) -> None:
        if block.kind == "list_item":
            texts = [_plain(f"{block.marker or ''} {block.text or ''}")]
        else:
            texts = join_lines(block.lines) if block.lines else [_plain(block.text)]
        for text in texts:
            if block.kind != "list_item" and _continues(self._open, text):
                self._open = join_wrapped(self._open, text)
            else:
                self._close()
                self._open = text

    def _close(self) -> None:
        self._add(self._open)
        self._open = ""

    def _add(self, text: str) -> None:
        self.blocks += [
            Block(piece, self._page, self._outline.section) for piece in split_long(text) if piece
        ]


def _raw(block: Any) -> str:
    if block.text is not None:
        return str(block.text)
    if block.rows:
        return " ".join(cell.text for row in (block.header or [], *block.rows) for cell in row)
    return " ".join(block.lines or ())


def _plain(text: str | None) -> str:
    return tidy(without_emphasis(text or ""))


def _continues(above: str, below: str) -> bool:
    """A sentence that goes on in the next block: no full stop above, and a small letter below or a word like "the" above."""
    if not above or not below or _SENTENCE_ENDED.search(above):
        return False
    return below[0].islower() or (below[0].isalpha() and above.rsplit(None, 1)[-1] in _GOES_ON)
