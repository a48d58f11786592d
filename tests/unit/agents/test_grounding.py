import pytest

from smallprint.agents.grounding import LABELS, PICTURE, DocumentQuotes
from smallprint.models.domain import Evidence, Match, PassageKind, Picture, Quotation
from tests.fakes.passages import document_of

LIABLE = "The Supplier is liable to the Customer without any limit for all damages."
CAPPED = "The liability of the Supplier is limited to 100,000 euros in every contract year."
READ_OFF = "The Supplier pays a penalty of 5,000 euros for each day of delay."
TEXT = document_of(LIABLE, CAPPED)
MIXED = document_of(LIABLE, CAPPED, pictures=(2, 3))
SCAN = document_of(pictures=(1, 2))


def test_a_reading_of_a_scanned_page_is_shown_as_unverified_with_its_page():
    assert DocumentQuotes(SCAN).locate(Quotation(READ_OFF, page=2)) == Evidence(
        Match.UNVERIFIED, READ_OFF, page=2, locator="p. 2"
    )


def test_a_picture_file_has_no_page_to_name():
    photo = document_of(pages=False, pictures=(1,))
    photo = type(photo)(
        "photo.png", photo.kind, photo.sha256, "", (), photo.receipt, (Picture("image/png", b"x"),)
    )

    for quotation in (Quotation(READ_OFF, page=1), Quotation(READ_OFF)):
        found = DocumentQuotes(photo).locate(quotation)
        assert (found.match, found.page, found.locator) == (Match.UNVERIFIED, None, PICTURE)


def test_an_unverified_reading_is_neither_grounded_nor_without_show():
    assert not Match.UNVERIFIED.grounded
    assert [match for match in Match if match.shown] == [Match.EXACT, Match.APPROXIMATE, Match.UNVERIFIED]


def test_words_that_stand_in_the_text_are_verified_there_whatever_page_is_named():
    found = DocumentQuotes(MIXED).locate(Quotation(CAPPED, page=2))

    assert (found.match, found.passage, found.page) == (Match.EXACT, 2, 1)


def test_an_invented_quotation_of_a_text_is_missing():
    for quotation in (Quotation(READ_OFF), Quotation(READ_OFF, 1), Quotation(READ_OFF, page=1)):
        assert DocumentQuotes(TEXT).locate(quotation).match is Match.MISSING


def test_in_a_mixed_document_only_the_page_of_a_picture_can_carry_a_reading():
    quotes = DocumentQuotes(MIXED)

    assert quotes.locate(Quotation(READ_OFF, page=3)).match is Match.UNVERIFIED
    for elsewhere in (Quotation(READ_OFF), Quotation(READ_OFF, 2), Quotation(READ_OFF, page=1)):
        assert quotes.locate(elsewhere).match is Match.MISSING
    assert quotes.locate(Quotation(READ_OFF, page=9)).match is Match.MISSING


def test_a_number_that_differs_from_the_text_is_contradicted_unless_it_was_read_off_a_scanned_page():
    changed = CAPPED.replace("100,000", "900,000")
    quotes = DocumentQuotes(MIXED)

    assert quotes.locate(Quotation(changed, 2)).match is Match.CONTRADICTED
    assert quotes.locate(Quotation(changed, page=2)).match is Match.UNVERIFIED


def test_a_page_with_text_of_its_own_carries_no_readings_even_if_it_is_also_a_picture():
    document = document_of(LIABLE, CAPPED * 5, pictures=(1,))

    assert DocumentQuotes(document).locate(Quotation(READ_OFF, page=1)).match is Match.MISSING


def test_the_line_of_a_fax_machine_does_not_make_a_scan_a_page_with_text():
    document = document_of("Fax from 01 234, page 1 of 2", pictures=(1,))

    assert DocumentQuotes(document).locate(Quotation(READ_OFF, page=1)).match is Match.UNVERIFIED


def test_the_first_contract_has_no_field_for_the_page_so_the_passage_may_name_it():
    assert DocumentQuotes(SCAN).locate(Quotation(READ_OFF, 2)).page == 2
    assert DocumentQuotes(SCAN).locate(Quotation(READ_OFF)).locator == PICTURE
    assert DocumentQuotes(document_of(pictures=(7,))).locate(Quotation(READ_OFF)).page == 7


def test_a_blank_quotation_is_no_reading():
    assert DocumentQuotes(SCAN).locate(Quotation("  ", page=1)).match is Match.MISSING


@pytest.mark.parametrize(("kind", "label"), list(LABELS.items()))
def test_a_quotation_of_something_else_than_plain_text_says_so(kind, label):
    document = document_of(LIABLE, (kind, CAPPED))

    assert DocumentQuotes(document).locate(Quotation(CAPPED)).locator == f"p. 1, {label}"


def test_a_quotation_of_plain_text_has_its_plain_place():
    assert DocumentQuotes(TEXT).locate(Quotation(CAPPED)).locator == "p. 1"
    assert (
        DocumentQuotes(document_of((PassageKind.TABLE, CAPPED))).locate(Quotation(CAPPED)).locator == "p. 1"
    )
