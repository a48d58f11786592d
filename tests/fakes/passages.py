"""Documents as a reader makes them, of a few passages."""

from __future__ import annotations

import hashlib

from smallprint.models.domain import Document, DocumentKind, Passage, ReadingReceipt


def document_of(
    *texts: str, name: str = "agreement.pdf", pages: bool = True, pages_without_text: tuple[int, ...] = ()
) -> Document:
    """One passage a text, two passages a page."""
    passages, start = [], 0
    for number, text in enumerate(texts, start=1):
        page = (number + 1) // 2 if pages else None
        passages.append(Passage(number, text, start, start + len(text), page))
        start += len(text) + 2
    whole = "\n\n".join(texts)
    return Document(
        name=name,
        kind=DocumentKind.PDF if pages else DocumentKind.TEXT,
        sha256=hashlib.sha256(whole.encode()).hexdigest(),
        text=whole,
        passages=tuple(passages),
        receipt=ReadingReceipt(
            pages=(len(texts) + 1) // 2 if pages else None,
            pages_without_text=pages_without_text,
            characters=len(whole),
            passages=len(passages),
        ),
    )
