"""Pages whose text cannot be had: scans, and fonts that don't say which letters they draw. Child process only."""

from __future__ import annotations

import re

from smallprint.documents.reading import Block

NO_TEXT = "{pages} had no text (a scan or a picture, perhaps); the findings don't cover {them}."
GARBLED = "The letters of {pages} can't be told from the file (its fonts hide them); the findings don't cover {them}."
UNREADABLE = "{pages} could not be read; the findings don't cover {them}."
ALL_GARBLED = (
    "The text of this document can't be read: its fonts don't say which letters they draw."
    " Please share a version with text (for example, run it through OCR or export it from the original)."
)

# Control characters, private use, unassigned marks of failure: what comes out where a font has no map to Unicode.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_GARBLED_BLOCK_SHARE = 0.06
_GARBLED_PAGE_SHARE = 0.3
_LOST_PAGE_SHARE = 0.75
_LISTED_PAGES = 12


def unreadable_share(text: str) -> float:
    """How much of a text is no letter of any script, 0 to 1; before it is tidied."""
    characters = len(text) - text.count(" ")
    return len(_UNREADABLE.findall(text)) / characters if characters else 0.0


def garbled_block(text: str) -> bool:
    return unreadable_share(text) >= _GARBLED_BLOCK_SHARE


def mostly_garbled(blocks: list[Block], lost: int) -> bool:
    """True if what is left of a page is not worth keeping: letters by chance, and pieces of figures."""
    return lost >= _LOST_PAGE_SHARE * (lost + sum(len(block.text) for block in blocks)) > 0


class PageLedger:
    """Keeps account of what became of each page."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self._characters = dict.fromkeys(range(1, pages + 1), 0)
        self._lost = dict.fromkeys(range(1, pages + 1), 0)
        self.failed: set[int] = set()
        self.blank: set[int] = set()
        self.scanned: set[int] = set()
        self.pictured: set[int] = set()
        """Pages that go to the AI as pictures."""

    def count(self, page: int, blocks: list[Block], lost: int) -> None:
        """`lost` is how many characters were thrown away as garbled."""
        self._characters[page] = sum(len(block.text) for block in blocks)
        self._lost[page] = lost

    def characters(self, page: int) -> int:
        return self._characters[page]

    @property
    def garbled(self) -> set[int]:
        return {
            page
            for page, lost in self._lost.items()
            if lost and lost >= _GARBLED_PAGE_SHARE * (lost + self._characters[page])
        }

    def without_text(self) -> list[int]:
        """Pages that hold something which was not read. A blank page is none of them."""
        silent = {page for page, characters in self._characters.items() if not characters} - self.blank
        return sorted((silent | self.failed | self.garbled | self.scanned) - self.pictured)

    def warnings(self) -> list[str]:
        """One sentence for each reason, naming the pages."""
        silent = [
            page for page in self.without_text() if page not in self.failed and page not in self.garbled
        ]
        return [
            *_sentence(UNREADABLE, sorted(self.failed - self.pictured)),
            *_sentence(NO_TEXT, silent),
            *_sentence(GARBLED, sorted(self.garbled - self.failed - self.pictured)),
        ]


def named(pages: list[int]) -> str:
    """ "page 3", "pages 3 and 7", "pages 1, 2 and 14 more"."""
    shown = [str(page) for page in pages[:_LISTED_PAGES]]
    if len(pages) > _LISTED_PAGES:
        shown.append(f"{len(pages) - _LISTED_PAGES} more")
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"page {listed}" if len(pages) == 1 else f"pages {listed}"


def _sentence(template: str, pages: list[int]) -> list[str]:
    if not pages:
        return []
    sentence = template.format(pages=named(pages), them="it" if len(pages) == 1 else "them")
    return [sentence[0].upper() + sentence[1:]]
