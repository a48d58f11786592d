"""Documents as a reader makes them, of a few passages."""

from __future__ import annotations

import hashlib

from smallprint.models.domain import Document, DocumentKind, Passage, PassageKind, Picture, ReadingReceipt


def document_of(
    *texts: str | tuple[PassageKind, str],
    name: str = "agreement.pdf",
    pages: bool = True,
    pages_without_text: tuple[int, ...] = (),
    pictures: tuple[int, ...] = (),
) -> Document:
    """One passage a text, two passages a page; a pair is a passage of its own kind, `pictures` are scanned pages."""
    passages, start = [], 0
    for number, given in enumerate(texts, start=1):
        kind, text = (PassageKind.BODY, given) if isinstance(given, str) else given
        page = (number + 1) // 2 if pages else None
        passages.append(Passage(number, text, start, start + len(text), page, kind=kind))
        start += len(text) + 2
    whole = "\n\n".join(passage.text for passage in passages)
    return Document(
        name=name,
        kind=DocumentKind.PDF if pages else DocumentKind.TEXT,
        sha256=hashlib.sha256(whole.encode()).hexdigest(),
        text=whole,
        passages=tuple(passages),
        receipt=ReadingReceipt(
            pages=(len(texts) + 1) // 2 if pages else None,
            pages_without_text=pages_without_text,
            pages_as_pictures=pictures,
            characters=len(whole),
            passages=len(passages),
        ),
        pictures=tuple(Picture("image/png", b"\x89PNG" + bytes([page]), page) for page in pictures),
    )
