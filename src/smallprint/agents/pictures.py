"""Pages that can only be looked at: whether the agents can, and what the reader is told about it."""

from __future__ import annotations

from dataclasses import replace

from smallprint.errors import ScannedDocument
from smallprint.models.domain import Document

NOTHING_TO_READ = (
    "This document has no text, only pictures, and I can't look at pictures here: I work without an AI, or with one"
    " that reads text only. Please share a version with text (for example, run it through OCR)."
)
NOT_LOOKED_AT = "{pages} a scan, and I can't look at pictures here; the findings don't cover {them}."
LOOKED_AT = "{pages} a scan that the AI looked at; quotations from {them} can't be machine-verified."
PICTURE_LOOKED_AT = (
    "This file is a picture that the AI looked at; quotations from it can't be machine-verified."
)

_LISTED_PAGES = 12


def as_seen(document: Document, *, sees: bool) -> Document:
    """The document as the agents get it, its receipt saying what became of its pictures.

    Raises:
        ScannedDocument: there are only pictures, and nobody can look at them.
    """
    if not document.pictures:
        return document
    if not sees and not document.passages:
        raise ScannedDocument(NOTHING_TO_READ)
    return _looked_at(document) if sees else _without_pictures(document)


def _looked_at(document: Document) -> Document:
    pages = _pages(document)
    warning = _about(LOOKED_AT, pages) if pages else PICTURE_LOOKED_AT
    receipt = document.receipt
    return replace(document, receipt=replace(receipt, warnings=(*receipt.warnings, warning)))


def _without_pictures(document: Document) -> Document:
    pages, receipt = _pages(document), document.receipt
    unread = replace(
        receipt,
        pages_as_pictures=(),
        pages_without_text=tuple(sorted({*receipt.pages_without_text, *pages})),
        warnings=(*receipt.warnings, _about(NOT_LOOKED_AT, pages)),
    )
    return replace(document, pictures=(), receipt=unread)


def _pages(document: Document) -> list[int]:
    return [picture.page for picture in document.pictures if picture.page is not None]


def _about(template: str, pages: list[int]) -> str:
    shown = ", ".join(map(str, pages[:_LISTED_PAGES]))
    if len(pages) > _LISTED_PAGES:
        shown += f" and {len(pages) - _LISTED_PAGES} more"
    if len(pages) == 1:
        return template.format(pages=f"Page {shown} is", them="it")
    return template.replace(" a scan", " scans").format(pages=f"Pages {shown} are", them="them")
