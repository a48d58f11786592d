"""Quotations of what stands beside the text: changes, comments, hidden words."""

from __future__ import annotations

import pytest

from smallprint.documents.passages import PlacedText, number_passages
from smallprint.documents.quotes import QuoteIndex
from smallprint.models.domain import (
    Document,
    DocumentKind,
    Evidence,
    Match,
    PassageKind,
    Quotation,
    ReadingReceipt,
)

CAP = "The total liability of the Supplier is limited to the fees paid in the last year"
COMMENT = "This cap is far too low for us, please ask for three times the fees."
TEXTS = (
    PlacedText("From: ann@example.com about the cap on liability", None, "", PassageKind.MAIL_HEADER),
    PlacedText("7. Liability", 1),
    PlacedText(f"{CAP} and", 1),
    PlacedText("no more than that in any case whatsoever.", 2),
    PlacedText(
        "with no limit whatsoever on direct damages", None, "7. Liability", PassageKind.DELETION, "by Ann"
    ),
    PlacedText(CAP, None, "7. Liability", PassageKind.INSERTION, "by Ben"),
    PlacedText(COMMENT, None, "7. Liability", PassageKind.COMMENT, "comment by Bob"),
    PlacedText("From: ann@example.com about the cap on liability", 3),
)


def locate(text: str, passage: int | None = None) -> Evidence:
    joined, passages = number_passages(TEXTS)
    document = Document("a.docx", DocumentKind.DOCX, "0" * 64, joined, passages, ReadingReceipt())
    return QuoteIndex(document).locate(Quotation(text, passage))


@pytest.mark.parametrize(
    ("text", "number", "kind", "locator"),
    [
        ("no limit whatsoever on direct damages", 5, PassageKind.DELETION, "by Ann"),
        ("far too low for us", 7, PassageKind.COMMENT, "comment by Bob"),
        (
            "This cap is far too low for us, please ask for three times the fee",
            7,
            PassageKind.COMMENT,
            "comment by Bob",
        ),
    ],
)
def test_changes_and_comments_can_be_quoted_and_the_evidence_says_what_they_are(
    text: str, number: int, kind: PassageKind, locator: str
) -> None:
    evidence = locate(text)
    assert evidence.match.grounded
    assert (evidence.passage, evidence.kind, evidence.locator) == (number, kind, locator)


def test_what_stands_in_the_text_and_in_a_change_is_found_in_the_named_passage_else_in_the_text() -> None:
    assert locate(CAP).passage == 3
    assert locate(CAP, 6).passage == 6
    assert locate(CAP, 3).passage == 3
    assert locate("ann@example.com about the cap on liability").passage == 8
    assert locate("ann@example.com about the cap on liability", 1).passage == 1


def test_a_quotation_may_cross_from_page_to_page_but_not_from_the_text_into_a_change() -> None:
    assert locate("limited to the fees paid in the last year and no more than that").match is Match.EXACT
    across = locate("in any case whatsoever. with no limit whatsoever on direct damages")
    assert not across.match.grounded
    assert not locate("no more than that in any case … no limit whatsoever on direct damages").match.grounded


def test_a_close_match_does_not_reach_into_a_comment() -> None:
    evidence = locate("please ask for three times the fees From: ann@example.com")
    assert not evidence.match.grounded
