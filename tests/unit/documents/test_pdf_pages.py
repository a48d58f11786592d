from __future__ import annotations

from smallprint.documents.pdf.pages import PageLedger, garbled_block, named
from smallprint.documents.reading import Block


def test_each_reason_has_its_own_sentence_that_names_the_pages() -> None:
    ledger = PageLedger(7)
    for page in (1, 6):
        ledger.count(page, [Block("text" * 20, page)], lost=0)
    ledger.count(5, [], lost=500)
    ledger.failed.update({3, 7})
    ledger.blank.add(4)
    assert ledger.without_text() == [2, 3, 5, 7]
    assert ledger.warnings() == [
        "Pages 3 and 7 could not be read; the findings don't cover them.",
        "Page 2 had no text (a scan or a picture, perhaps); the findings don't cover it.",
        "The letters of page 5 can't be told from the file (its fonts hide them); the findings don't cover it.",
    ]


def test_pages_that_are_looked_at_as_pictures_are_no_gap() -> None:
    ledger = PageLedger(2)
    ledger.count(1, [Block("text", 1)], lost=0)
    ledger.pictured.add(2)
    assert ledger.without_text() == []
    assert ledger.warnings() == []


def test_many_pages_are_counted_after_the_first_twelve() -> None:
    assert named([3]) == "page 3"
    assert named([3, 7]) == "pages 3 and 7"
    assert named(list(range(1, 31))) == "pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 18 more"


def test_letters_of_any_script_are_not_garbled_and_control_characters_are() -> None:
    assert not garbled_block("اميدنامه پذيرش در بازار اصلی")
    assert not garbled_block("責任の制限 § 7 – „Haftung“")
    assert not garbled_block("")
    assert garbled_block("\x04\x0f\x19\x06 \x14\x05\x08 ff")
