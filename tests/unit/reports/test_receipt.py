from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from smallprint.models.domain import ReadingReceipt
from smallprint.reports.receipt import full_receipt, receipt_sentences, what_was_read
from smallprint.reports.text import plain
from tests.fakes.reports import RICH_RECEIPT
from tests.unit.reports.strategies import receipts


@pytest.mark.parametrize(
    ("receipt", "expected"),
    [
        (ReadingReceipt(pages=1), "the only page."),
        (ReadingReceipt(pages=12), "all 12 pages."),
        (ReadingReceipt(pages=1, unit="sheet"), "the only sheet."),
        (ReadingReceipt(pages=40, unit="slide"), "all 40 slides."),
        (ReadingReceipt(passages=1, characters=1_200), "1 passage (1,200 characters)."),
        (ReadingReceipt(pages=5, pages_without_text=(2,)), "4 of 5 pages; there is no text on page 2, so no finding covers it."),
        (ReadingReceipt(pages=5, pages_as_pictures=(2, 3)), "all 5 pages; pages 2–3 as pictures."),
        (ReadingReceipt(pages=2, comments=1), "all 2 pages; 1 comment is listed apart."),
        (ReadingReceipt(pages=2, deletions=2), "all 2 pages; 2 tracked changes are listed apart."),
        (ReadingReceipt(pages=2, hidden=("slide 7",)), "all 2 pages; hidden text is listed apart."),
        (ReadingReceipt(pages=2, external_links=1), "all 2 pages; contains 1 external link (not followed)."),
        (ReadingReceipt(passages=9, characters=90, attachments_read=("a.pdf",), attachments_skipped=("b.mp3 (sound)",)), "9 passages (90 characters); 1 of 2 attachments read."),
        (
            ReadingReceipt(pages=12, insertions=2, deletions=1, comments=2, hidden=("white text on p. 2",), macros=True),
            "all 12 pages; 3 tracked changes, 2 comments and hidden text are listed apart; contains macros (not run).",
        ),
    ],
)  # fmt: skip
def test_one_line_says_what_was_read_and_what_was_not(receipt: ReadingReceipt, expected: str):
    assert what_was_read(receipt) == expected


def test_the_line_is_followed_by_every_warning():
    assert receipt_sentences(replace(RICH_RECEIPT, warnings=("One.", "\u200b", "Two.")))[1:] == (
        "One.",
        "Two.",
    )


def test_the_full_receipt_tells_every_subject():
    told = {part.label: " ".join([part.text, *part.items]) for part in full_receipt(RICH_RECEIPT)}
    assert list(told) == [
        "Pages read", "Not read", "Looked at", "Please note", "Tracked changes", "Comments", "Hidden", "Macros",
        "External links", "Attachments read", "Attachments not read",
    ]  # fmt: skip
    assert told["Pages read"] == "11 of 12; 38,114 characters of text in 204 passages."
    assert told["Not read"] == "Page 11 had no text; no finding covers it."
    assert told["Tracked changes"].startswith("2 insertions, 1 deletion.")
    assert "were not run" in told["Macros"]
    assert "3 places" in told["External links"]
    assert "not followed" in told["External links"]
    assert told["Attachments not read"].strip() == "logo.heic (can't be read)"


def test_a_plain_document_has_a_short_receipt():
    (only,) = full_receipt(ReadingReceipt(passages=2, characters=80))
    assert (only.label, only.text) == ("Text", "80 characters of text in 2 passages.")


@given(receipts)
def test_no_warning_and_no_hidden_thing_is_left_out_of_the_full_receipt(receipt: ReadingReceipt):
    parts = full_receipt(receipt)
    items = [item for part in parts for item in part.items]
    expected = [*receipt.warnings, *receipt.hidden, *receipt.attachments_read, *receipt.attachments_skipped]
    assert sorted(items) == sorted(shown for shown in map(plain, expected) if shown)
    assert all(part.text or part.items for part in parts)
