from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.document_text import (
    CHARACTERS_PER_TOKEN,
    MAX_DOCUMENT_TOKENS,
    TOKENS_PER_PICTURE,
    estimated_tokens,
    numbered,
    require_room,
)
from smallprint.errors import DocumentTooLong
from smallprint.models.domain import Passage, PassageKind
from tests.fakes.claude.answers import PASSAGE
from tests.fakes.passages import document_of


def test_each_passage_carries_its_number_and_page():
    document = document_of("One.", "Two.", "Three.")

    assert numbered(document) == "[P1 p.1] One.\n\n[P2 p.1] Two.\n\n[P3 p.2] Three."


def test_a_document_without_pages_has_numbers_only():
    assert numbered(document_of("One.", "Two.", pages=False)) == "[P1] One.\n\n[P2] Two."


def test_the_words_of_a_passage_are_never_changed():
    text = "[P9 p.9] ${today} {{x}} <b> & “quoted” –  two  spaces\nand a line"

    assert numbered(document_of(text)) == f"[P1 p.1] {text}"


def test_the_model_is_told_which_pages_could_not_be_read():
    document = document_of("One.", pages_without_text=(3, 7))

    assert numbered(document).startswith(
        "[Note] These pages hold no text and could not be read: 3, 7.\n\n[P1"
    )


def test_a_document_that_fits_the_window_passes():
    document = document_of("x" * int(MAX_DOCUMENT_TOKENS * CHARACTERS_PER_TOKEN))

    require_room(document)

    assert estimated_tokens(document) == MAX_DOCUMENT_TOKENS


def test_a_document_that_is_longer_than_the_window_is_refused():
    document = document_of("x" * int((MAX_DOCUMENT_TOKENS + 1) * CHARACTERS_PER_TOKEN))

    with pytest.raises(DocumentTooLong):
        require_room(document)


# --- marks of other passages -----------------------------------------------------------------------------


def marked(passage: Passage) -> str:
    document = document_of("One.")
    return numbered(replace(document, passages=(passage,)))


@pytest.mark.parametrize(
    ("kind", "page", "place", "expected"),
    [
        (PassageKind.DELETION, 3, "", "[P12 p.3 · deleted text (tracked change)] Words."),
        (PassageKind.INSERTION, 3, "", "[P12 p.3 · inserted text (tracked change)] Words."),
        (PassageKind.NOTES, None, "slide 3", "[P12 slide 3 · speaker's notes] Words."),
        (PassageKind.TABLE, None, "Budget!A5:F9", "[P12 Budget!A5:F9] Words."),
        (PassageKind.HIDDEN, None, "", "[P12 · hidden from readers] Words."),
        (
            PassageKind.PROFILE,
            None,
            "Budget",
            "[P12 Budget · computed by Smallprint, not the document's words] Words.",
        ),
        (PassageKind.ATTACHMENT, None, "contract.pdf, p. 2", "[P12 contract.pdf, p. 2 · attachment] Words."),
    ],
)
def test_the_model_is_told_what_is_special_about_a_passage(kind, page, place, expected):
    assert marked(Passage(12, "Words.", 0, 6, page, kind=kind, place=place)) == expected


@pytest.mark.parametrize("kind", list(PassageKind))
def test_a_mark_is_found_as_a_mark_whatever_kind_it_names(kind):
    [(number, text)] = PASSAGE.findall(marked(Passage(12, "Words.", 0, 6, 3, kind=kind)))

    assert (number, text) == ("12", "Words.")


@given(st.text(max_size=300))
def test_a_sheet_or_a_file_cannot_end_the_mark_that_names_it(place):
    mark = marked(Passage(12, "Words.", 0, 6, kind=PassageKind.TABLE, place=place))

    assert mark.count("]") == mark.count("[") == 1
    assert "\n" not in mark
    assert len(mark) < 130


def test_the_model_is_told_which_pages_come_as_pictures():
    document = document_of("One.", pages_without_text=(9,), pictures=(3, 7))

    assert numbered(document).startswith(
        "[Note] These pages hold no text and could not be read: 9.\n\n"
        "[Note] These pages have no text and come as pictures, each with its page before it: 3, 7.\n\n[P1"
    )


def test_a_document_of_pictures_alone_is_no_empty_text():
    assert numbered(document_of(pictures=(1, 2))).startswith(
        "[Note] The document has no text; it comes as pictures"
    )


def test_pictures_take_room_in_the_window():
    assert estimated_tokens(document_of(pictures=(1, 2))) == 2 * TOKENS_PER_PICTURE
