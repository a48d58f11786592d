"""Quotations highlighted in real PDFs, by a real child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from smallprint.agents.clauses import ClauseAnalyst
from smallprint.documents.highlights import Highlight, PdfHighlighter
from smallprint.documents.reader import DocumentReader
from smallprint.errors import DocumentTooComplex
from smallprint.models.domain import PassageKind, Quotation

EXAMPLE = Path(__file__).parents[2] / "examples" / "services-agreement.pdf"
YELLOW = (255, 240, 130)
WORDS = "the Supplier shall provide the hosted appointment and records platform described in Schedule A"


async def test_quotations_of_an_analysis_find_their_place_and_the_text_stays_the_same() -> None:
    content, reader = EXAMPLE.read_bytes(), DocumentReader()
    document = await reader.read(EXAMPLE.name, content)
    marks = [
        Highlight(passage.page or 1, passage.text[:120], f"🟠 {passage.number} “why”", YELLOW)
        for passage in document.passages
    ]
    marked = await PdfHighlighter().highlight(content, marks)
    assert marked.placed == len(marks)
    assert marked.content.count(b"/Highlight") == len(marks)
    again = await reader.read(EXAMPLE.name, marked.content)
    said = [passage.text for passage in again.passages if passage.kind is PassageKind.BODY]
    assert said == [passage.text for passage in document.passages]


async def test_words_that_do_not_stand_on_the_page_are_not_marked_and_counted_as_missing() -> None:
    marks = [
        Highlight(1, WORDS, "here", YELLOW),
        Highlight(2, WORDS, "not here", YELLOW),
        Highlight(99, WORDS, "no such page", YELLOW),
        Highlight(1, "", "nothing", YELLOW),
    ]
    marked = await PdfHighlighter().highlight(EXAMPLE.read_bytes(), marks)
    assert marked.placed == 1


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\nnothing", b"\x00" * 1000, b"%PDF-1.4\n" + b"9" * 50_000]
)
async def test_what_is_no_pdf_is_an_error_with_a_sentence_and_not_a_crash(content: bytes) -> None:
    with pytest.raises(DocumentTooComplex):
        await PdfHighlighter().highlight(content, [Highlight(1, WORDS, "x", YELLOW)])


async def test_everything_that_the_offline_rules_quote_in_the_example_can_be_marked() -> None:
    content = EXAMPLE.read_bytes()
    document = await DocumentReader().read(EXAMPLE.name, content)
    quotations = [each for finding in ClauseAnalyst().read(document).findings for each in finding.quotations]
    pages = {passage.number: passage.page for passage in document.passages}
    marks = [Highlight(_page(each, pages), each.text, "x", YELLOW) for each in quotations]
    assert len(marks) > 5
    assert (await PdfHighlighter().highlight(content, marks)).placed == len(marks)


def _page(quotation: Quotation, pages: dict[int, int | None]) -> int:
    return pages.get(quotation.passage or 0) or 1
