import pytest

from smallprint.agents.pictures import NOTHING_TO_READ, PICTURE_LOOKED_AT, as_seen
from smallprint.errors import ScannedDocument
from smallprint.models.domain import Document, DocumentKind, Picture, ReadingReceipt
from tests.fakes.passages import document_of

TEXT = document_of("The law of Ireland applies.")
MIXED = document_of("The law of Ireland applies.", pages_without_text=(9,), pictures=(2, 3))
SCAN = document_of(pictures=(1,))
PHOTO = Document(
    "photo.png", DocumentKind.PNG, "0" * 64, "", (), ReadingReceipt(), (Picture("image/png", b"x"),)
)


@pytest.mark.parametrize("sees", [True, False])
def test_a_document_of_text_alone_stays_as_it_is(sees):
    assert as_seen(TEXT, sees=sees) is TEXT


def test_the_receipt_says_which_pages_the_ai_looked_at():
    seen = as_seen(MIXED, sees=True)

    assert seen.pictures == MIXED.pictures
    assert seen.receipt.warnings == (
        "Pages 2, 3 are scans that the AI looked at; quotations from them can't be machine-verified.",
    )
    assert as_seen(PHOTO, sees=True).receipt.warnings == (PICTURE_LOOKED_AT,)


def test_who_cannot_look_gets_the_text_and_the_receipt_says_which_pages_are_unread():
    seen = as_seen(MIXED, sees=False)

    assert (seen.pictures, seen.text) == ((), MIXED.text)
    assert (seen.receipt.pages_without_text, seen.receipt.pages_as_pictures) == ((2, 3, 9), ())
    assert seen.receipt.warnings == (
        "Pages 2, 3 are scans, and I can't look at pictures here; the findings don't cover them.",
    )


@pytest.mark.parametrize("document", [SCAN, PHOTO])
def test_nothing_but_pictures_is_refused_honestly_where_nobody_can_look(document):
    with pytest.raises(ScannedDocument) as refused:
        as_seen(document, sees=False)

    assert refused.value.user_message == NOTHING_TO_READ


def test_many_scanned_pages_are_not_all_listed():
    [warning] = as_seen(document_of("Text.", pictures=tuple(range(2, 22))), sees=True).receipt.warnings

    assert warning.startswith("Pages 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 8 more are scans")
