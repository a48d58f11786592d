"""A document as the model sees it: "[P12 p.3] …", passages apart by a blank line.

The passages' own words are never changed, or quotations of them could not be found again. A document may
therefore hold something that looks like one of our marks; the system rules say so, and the worst it can do is
to name a wrong passage, which `QuoteIndex` puts right.
"""

from __future__ import annotations

from smallprint.errors import DocumentTooLong
from smallprint.models.domain import Document, Passage

CHARACTERS_PER_TOKEN = 2.5
"""Cautious for English with the tokenizer of Claude 4.7 and later (1M tokens hold some 2.5M characters)."""

MAX_DOCUMENT_TOKENS = 900_000
"""Of the window of 1M tokens of the current models; the rest is for the task, thinking and the answer."""


def numbered(document: Document) -> str:
    """The whole document for a request, with a note on top when pages had no text."""
    return "\n\n".join([*_reading_notes(document), *(_marked(passage) for passage in document.passages)])


def estimated_tokens(document: Document) -> int:
    """An upper bound for ordinary text, without asking the API."""
    return round(len(document.text) / CHARACTERS_PER_TOKEN)


def require_room(document: Document) -> None:
    """Refuse before anything is spent.

    Raises:
        DocumentTooLong: the model's window cannot hold the document.
    """
    if estimated_tokens(document) > MAX_DOCUMENT_TOKENS:
        raise DocumentTooLong


def _marked(passage: Passage) -> str:
    page = "" if passage.page is None else f" p.{passage.page}"
    return f"[P{passage.number}{page}] {passage.text}"


def _reading_notes(document: Document) -> list[str]:
    unread = document.receipt.pages_without_text
    if not unread:
        return []
    return [f"[Note] These pages hold no text and could not be read: {', '.join(map(str, unread))}."]
