"""What a PDF holds besides what its pages say: hidden text, embedded files, scripts. Child process only."""

from __future__ import annotations

import time

from smallprint.documents.erasure import take_out
from smallprint.documents.pdf.hidden import PageSight
from smallprint.documents.pdf.pages import PageLedger, named
from smallprint.documents.pdf.pdfium import PdfiumDocument
from smallprint.documents.reading import Block, split_long, tidy

ONLY_FIRST_PAGES = "Hidden text was looked for on the first {pages} only; the others took too long."
EMBEDDED = "{name} (embedded in the PDF, not opened)"

_PROGRAMS = (b"/Launch", b"/JavaScript")
_MOST_ATTACHMENTS = 20
_UNNAMED = "a file"
_MOST_CPU_S = 6.0


class Sight:
    """Empty until something is looked at."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.notes: dict[str, object] = {}
        self.warnings: list[str] = []

    def look_inside(self, document: PdfiumDocument, content: bytes) -> None:
        """Embedded files and programs: JavaScript, and actions that start another program."""
        names = [tidy(name) or _UNNAMED for name in document.attachments(_MOST_ATTACHMENTS)]
        if names:
            self.notes["attachments_skipped"] = [EMBEDDED.format(name=name) for name in names]
        if document.scripts or any(mark in content for mark in _PROGRAMS):
            self.notes["macros"] = True

    def look_at_pages(
        self, document: PdfiumDocument, body: dict[int, list[Block]], ledger: PageLedger
    ) -> None:
        """Hidden text goes out of the body into passages of its own; blank pages and scans go into the ledger."""
        reasons: dict[str, list[int]] = {}
        stop = time.process_time() + _MOST_CPU_S
        for number, blocks in body.items():
            if time.process_time() > stop:
                self.warnings.append(ONLY_FIRST_PAGES.format(pages=f"{number - 1:,} pages"))
                break
            for why, lines in self._look_at(document, number, ledger):
                take_out(blocks, lines)
                self._add(number, why, lines)
                pages = reasons.setdefault(why, [])
                if number not in pages:
                    pages.append(number)
        if reasons:
            self.notes["hidden"] = [f"{why} on {_short(named(pages))}" for why, pages in reasons.items()]

    @staticmethod
    def _look_at(document: PdfiumDocument, number: int, ledger: PageLedger) -> list[tuple[str, list[str]]]:
        page = document.page(number)
        if page is None:
            return []
        try:
            sight = PageSight(page)
            if sight.blank:
                ledger.blank.add(number)
            elif sight.unread_scan(ledger.characters(number)):
                ledger.scanned.add(number)
            return sight.hidden()
        finally:
            page.close()

    def _add(self, number: int, why: str, lines: list[str]) -> None:
        for text in split_long(tidy(" ".join(lines))):
            self.blocks.append(Block(text, number, "", "hidden", f"p. {number}, {why}"))


def _short(pages: str) -> str:
    return pages.replace("pages", "pp.").replace("page", "p.")
