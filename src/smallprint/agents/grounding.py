"""Where a quotation stands: in the text, where a program looks it up, or on a picture, where only an AI can look.

A reading of a picture is never taken for a quotation: it is marked `Match.UNVERIFIED`, and only a page that the
reader found to have no text of its own can carry one. So in an ordinary document an invented quotation stays what
it is: missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from smallprint.agents.merge import Quotes
from smallprint.documents.quotes import QuoteIndex
from smallprint.models.domain import Document, Evidence, Match, PassageKind, Quotation

PICTURE = "picture"

MAX_TEXT_BESIDE_PICTURE = 300
"""Characters: the line of a fax machine and a page number do not make a scan a page with text."""

LABELS: Mapping[PassageKind, str] = {
    PassageKind.HEADER: "page header",
    PassageKind.FOOTER: "page footer",
    PassageKind.FOOTNOTE: "footnote",
    PassageKind.COMMENT: "comment",
    PassageKind.INSERTION: "inserted text",
    PassageKind.DELETION: "deleted text",
    PassageKind.HIDDEN: "hidden text",
    PassageKind.FORM: "form field",
    PassageKind.NOTES: "notes",
    PassageKind.PROFILE: "computed by Smallprint",
}
"""What a reader is told beside the place of a quotation that is not plain text."""


class DocumentQuotes:
    """Looks quotations up in a document that may hold text, pictures or both."""

    def __init__(self, document: Document, index: Callable[[Document], Quotes] = QuoteIndex) -> None:
        self._document = document
        self._index = index(document)
        with_text = _pages_with_text(document)
        self._pictures = {
            picture.page or 1: picture for picture in document.pictures if picture.page not in with_text
        }

    def locate(self, quotation: Quotation) -> Evidence:
        """As `QuoteIndex.locate`; what is not in the text but was read off a picture is UNVERIFIED."""
        found = self._index.locate(quotation)
        if found.match.grounded:
            return self._labelled(found)
        page = self._picture_page(quotation)
        return found if page is None else self._read_off(quotation, page)

    def _picture_page(self, quotation: Quotation) -> int | None:
        """The page of the picture it was read from; named, or beyond doubt because there is nothing else."""
        if not self._pictures or not quotation.text.strip():
            return None
        if quotation.page in self._pictures:
            return quotation.page
        if self._document.passages:
            return None
        # Answers in the form /1 have no field for the page: some models write it where the passage belongs.
        if quotation.passage in self._pictures:
            return quotation.passage
        return next(iter(self._pictures)) if len(self._pictures) == 1 else 0

    def _read_off(self, quotation: Quotation, page: int) -> Evidence:
        picture = self._pictures.get(page)
        known = picture.page if picture else None
        return Evidence(
            Match.UNVERIFIED,
            text=" ".join(quotation.text.split()),
            page=known,
            locator=PICTURE if known is None else f"p. {known}",
        )

    def _labelled(self, found: Evidence) -> Evidence:
        if found.passage is None:
            return found
        label = LABELS.get(self._document.passages[found.passage - 1].kind, "")
        if not label or label in found.locator:
            return found
        return replace(found, locator=f"{found.locator}, {label}")


def _pages_with_text(document: Document) -> set[int]:
    characters: Counter[int] = Counter()
    for passage in document.passages:
        if passage.page is not None and passage.kind in _TEXT:
            characters[passage.page] += len(passage.text)
    return {page for page, count in characters.items() if count > MAX_TEXT_BESIDE_PICTURE}


_TEXT = frozenset({PassageKind.BODY, PassageKind.TABLE, PassageKind.HIDDEN})
