from dataclasses import replace

import pytest

from smallprint.agents.document_text import (
    CHARACTERS_PER_TOKEN,
    MAX_DOCUMENT_TOKENS,
    estimated_tokens,
    numbered,
    require_room,
)
from smallprint.errors import DocumentTooLong
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
    document = replace(document_of("x"), text="x" * int(MAX_DOCUMENT_TOKENS * CHARACTERS_PER_TOKEN))

    require_room(document)

    assert estimated_tokens(document) == MAX_DOCUMENT_TOKENS


def test_a_document_that_is_longer_than_the_window_is_refused():
    document = replace(document_of("x"), text="x" * int((MAX_DOCUMENT_TOKENS + 1) * CHARACTERS_PER_TOKEN))

    with pytest.raises(DocumentTooLong):
        require_room(document)
