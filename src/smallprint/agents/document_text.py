"""A document as the model sees it: "[P12 p.3] …", passages apart by a blank line.

The passages' own words are never changed, or quotations of them could not be found again. A document may
therefore hold something that looks like one of our marks; the system rules say so, and the worst it can do is
to name a wrong passage, which `QuoteIndex` puts right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from smallprint.errors import DocumentTooLong
from smallprint.models.domain import Document, Passage, PassageKind

CHARACTERS_PER_TOKEN = 2.5
"""Cautious for English with the tokenizer of Claude 4.7 and later (1M tokens hold some 2.5M characters)."""

TOKENS_PER_PICTURE = 3_300
"""Upper bound for a page with a long side of 1,568 px (platform.claude.com: Vision; width × height / 750)."""

MAX_DOCUMENT_TOKENS = 900_000
"""Of the window of 1M tokens of the current models; the rest is for the task, thinking and the answer."""

MARKS: Mapping[PassageKind, str] = {
    PassageKind.HEADER: "page header",
    PassageKind.FOOTER: "page footer",
    PassageKind.FOOTNOTE: "footnote",
    PassageKind.COMMENT: "comment",
    PassageKind.INSERTION: "inserted text (tracked change)",
    PassageKind.DELETION: "deleted text (tracked change)",
    PassageKind.HIDDEN: "hidden from readers",
    PassageKind.FORM: "form field",
    PassageKind.NOTES: "speaker's notes",
    PassageKind.PROFILE: "computed by Smallprint, not the document's words",
    PassageKind.MAIL_HEADER: "e-mail header",
    PassageKind.ATTACHMENT: "attachment",
}
"""What the model is told of a passage that is not plain body text or a table."""

MAX_PLACE_CHARACTERS = 100

# A place holds names that somebody chose (sheets, attachments); they must not end the mark or begin another line.
_UNSAFE_IN_MARK = re.compile(r"[\[\]\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]+")


def numbered(document: Document) -> str:
    """The whole document for a request, with notes on top about pages that have no text."""
    return "\n\n".join([*_reading_notes(document), *(_marked(passage) for passage in document.passages)])


def estimated_tokens(document: Document) -> int:
    """An upper bound for ordinary text, without asking the API."""
    characters = sum(len(passage.text) for passage in document.passages)
    return round(characters / CHARACTERS_PER_TOKEN) + TOKENS_PER_PICTURE * len(document.pictures)


def require_room(document: Document) -> None:
    """Refuse before anything is spent.

    Raises:
        DocumentTooLong: the model's window cannot hold the document.
    """
    if estimated_tokens(document) > MAX_DOCUMENT_TOKENS:
        raise DocumentTooLong


def _marked(passage: Passage) -> str:
    kind = MARKS.get(passage.kind, "")
    where = _where(passage)
    return f"[P{passage.number}{f' {where}' if where else ''}{f' · {kind}' if kind else ''}] {passage.text}"


def _where(passage: Passage) -> str:
    if passage.place:
        return _UNSAFE_IN_MARK.sub(" ", passage.place).strip()[:MAX_PLACE_CHARACTERS]
    return "" if passage.page is None else f"p.{passage.page}"


def _reading_notes(document: Document) -> list[str]:
    unread = document.receipt.pages_without_text
    notes = [f"[Note] These pages hold no text and could not be read: {_listed(unread)}."] if unread else []
    if document.pictures:
        pages = [picture.page or 1 for picture in document.pictures]
        what = (
            "These pages have no text and come" if document.passages else "The document has no text; it comes"
        )
        notes.append(f"[Note] {what} as pictures, each with its page before it: {_listed(pages)}.")
    return notes


def _listed(pages: Sequence[int]) -> str:
    return ", ".join(map(str, pages))
