"""Whatever an agent claims: what is shown as a quotation stands in the document, word for word, where it says."""

from __future__ import annotations

from fuzz.running import run
from smallprint.documents.passages import number_passages
from smallprint.documents.quotes import QuoteIndex
from smallprint.models.domain import Document, DocumentKind, Evidence, Quotation, ReadingReceipt

_ELLIPSIS = "…"


def check(data: bytes) -> None:
    """The first line is the claim, each further one a passage."""
    claim, *passages = data.decode("utf-8", "replace").split("\n")
    document = _document(passages)
    evidence = QuoteIndex(document).locate(Quotation(claim, passage=1 if len(claim) % 2 else None))
    assert stands_in(document, evidence)  # noqa: S101 - what is fuzzed for


def stands_in(document: Document, evidence: Evidence) -> bool:
    """True if every word shown stands in the document's text, in order, between the offsets."""
    if not evidence.match.grounded:
        return not evidence.text
    if evidence.start is None or evidence.end is None or not evidence.text:
        return False
    place = evidence.start
    for word in evidence.text.split():
        found = document.text.find(word, place, evidence.end)
        if found < 0 and word != _ELLIPSIS:
            return False
        place = found + len(word) if found >= 0 else place
    return 0 <= evidence.start < evidence.end <= len(document.text)


def _document(passages: list[str]) -> Document:
    blocks = [(text,) for text in passages if text.strip()]
    text, numbered = number_passages(blocks)
    return Document("a.txt", DocumentKind.TEXT, "", text, numbered, ReadingReceipt())


if __name__ == "__main__":
    run(check)
