"""PDF → blocks page by page, by liteparse. Child process only."""

from __future__ import annotations

import re

from smallprint.documents.markdown import without_emphasis
from smallprint.documents.native import load_native
from smallprint.documents.plain import join_lines, join_wrapped
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

PAGES_WITHOUT_TEXT = "{pages} had no text (a scan or a picture, perhaps); the findings don't cover {them}."
PAGES_UNREADABLE = "{pages} could not be read; the findings don't cover {them}."

_SENTENCE_ENDED = re.compile(r"[.;:!?…][\"”’')\]]*$")
# fmt: off
_GOES_ON = frozenset({
    "a", "an", "the", "of", "to", "in", "by", "for", "from", "with", "and", "or", "as", "at", "on",
    "any", "all", "its", "their", "this", "that", "such", "under", "which",
})
# fmt: on
_LISTED_PAGES = 12


def read_pdf(content: bytes, max_pages: int) -> Reading:
    """Paragraphs in reading order, lines joined, with their pages. Nothing is merged across pages."""
    result = _parse(content, max_pages)
    if result.total_pages > max_pages:
        raise Refused(
            "too_many_pages",
            f"This document has {result.total_pages:,} pages; my limit is {max_pages}. Please split it or share the part that matters.",
        )
    if not result.total_pages:
        raise Refused("empty")
    outline = Outline()
    blocks = [
        block for page in result.pages for block in _PageReader(page.page_num, outline).read(page.blocks)
    ]
    if not blocks:
        raise Refused("scanned")
    reading = Reading(blocks, pages=result.total_pages)
    failed = sorted({error.page_num for error in result.page_errors})
    silent = [page for page in reading.pages_without_text if page not in failed]
    reading.warnings += _sentence(PAGES_UNREADABLE, failed) + _sentence(PAGES_WITHOUT_TEXT, silent)
    return reading


def _parse(content: bytes, max_pages: int) -> Any:
    parser = load_native("liteparse", "_liteparse").LiteParse(
        ocr_enabled=False,  # it would download its models
        quiet=True,
        output_format="markdown",
        extract_blocks=True,
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


class _PageReader:
    """Turns liteparse's layout blocks into paragraphs: those that a line break or a column tore apart are joined."""

    def __init__(self, page: int, outline: Outline) -> None:
        self.blocks: list[Block] = []
        self._page = page
        self._outline = outline
        self._open = ""

    def read(self, layout: Any) -> list[Block]:
        for block in layout or ():
            if block.kind == "heading":
                self._read_heading(block)
            elif block.kind in ("table", "grid_fallback"):
                self._read_table(block)
            else:
                self._read_paragraphs(block)
        self._close()
        return self.blocks

    def _read_heading(self, block: Any) -> None:
        self._close()
        self._open = _plain(block.text)
        self._outline.enter(block.level or 1, self._open)
        self._close()

    def _read_table(self, block: Any) -> None:
        self._close()
        if block.rows:
            rows = [block.header or [], *block.rows]
            cells = [[_plain(cell.text) for cell in row] for row in rows]
            self.blocks += table_blocks(cells, self._page, self._outline.section)
        else:
            self._add(tidy_lines("\n".join(block.lines or ())))

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


def _plain(text: str | None) -> str:
    return tidy(without_emphasis(text or ""))


def _continues(above: str, below: str) -> bool:
    """A sentence that goes on in the next block: no full stop above, and a small letter below or a word like "the" above."""
    if not above or not below or _SENTENCE_ENDED.search(above):
        return False
    return below[0].islower() or (below[0].isalpha() and above.rsplit(None, 1)[-1] in _GOES_ON)


def _sentence(template: str, pages: list[int]) -> list[str]:
    if not pages:
        return []
    shown = ", ".join(map(str, pages[:_LISTED_PAGES]))
    if len(pages) > _LISTED_PAGES:
        shown += f" and {len(pages) - _LISTED_PAGES} more"
    one = len(pages) == 1
    return [template.format(pages=f"Page {shown}" if one else f"Pages {shown}", them="it" if one else "them")]
