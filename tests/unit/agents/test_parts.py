"""A long document is read in parts: nothing left out, nothing torn from what it refers to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.document_text import CHARACTERS_PER_TOKEN
from smallprint.agents.parts import MAX_PARTS, OVERLAP, part_of, parts_of
from smallprint.errors import DocumentTooLong
from smallprint.models.domain import Document, Picture
from tests.fakes.passages import document_of

TOKENS = 100
"""Of a passage in these tests."""


def text_of(tokens: int = TOKENS) -> str:
    return "x" * int(tokens * CHARACTERS_PER_TOKEN)


def sectioned(*sections: int) -> Document:
    """So many passages in each section."""
    document = document_of(*[text_of() for count in sections for _ in range(count)])
    names = [f"Section {number}" for number, count in enumerate(sections) for _ in range(count)]
    passages = tuple(
        replace(passage, section=name) for passage, name in zip(document.passages, names, strict=True)
    )
    return replace(document, passages=passages)


def numbers(part: Document) -> list[int]:
    return [passage.number for passage in part.passages]


def test_a_document_within_the_limit_is_read_in_one_go():
    document = sectioned(10)

    assert parts_of(document, long_from=10 * TOKENS) == (document,)


def test_each_part_begins_with_the_last_passages_of_the_one_before():
    parts = parts_of(sectioned(10), long_from=1, part_tokens=4 * TOKENS)

    assert [numbers(part) for part in parts] == [[1, 2, 3, 4], [3, 4, 5, 6, 7, 8], [7, 8, 9, 10]]


def test_a_part_ends_where_a_section_ends_if_that_is_near_its_end():
    parts = parts_of(sectioned(5, 5), long_from=1, part_tokens=6 * TOKENS)

    assert numbers(parts[0]) == [1, 2, 3, 4, 5]


def test_a_section_that_ends_early_does_not_cut_a_part_short():
    parts = parts_of(sectioned(2, 8), long_from=1, part_tokens=6 * TOKENS)

    assert numbers(parts[0]) == [1, 2, 3, 4, 5, 6]


def test_a_passage_longer_than_a_part_is_a_part_of_its_own():
    document = document_of(text_of(), text_of(900), text_of(), text_of())

    parts = parts_of(document, long_from=1, part_tokens=2 * TOKENS)

    assert {number for part in parts for number in numbers(part)} == {1, 2, 3, 4}


def test_a_document_of_endless_parts_is_refused():
    with pytest.raises(DocumentTooLong):
        parts_of(sectioned(MAX_PARTS + 2), long_from=1, part_tokens=TOKENS)


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=12),
    st.integers(1, 10),
    st.lists(st.integers(1, 80), max_size=6),
)
def test_every_passage_and_every_picture_is_in_a_part_and_pictures_in_one_only(sections, size, pages):
    document = sectioned(*sections)
    pictures = tuple(Picture("image/png", b"", page) for page in dict.fromkeys(pages))
    document = replace(document, pictures=pictures)

    parts = parts_of(document, long_from=1, part_tokens=size * TOKENS)

    covered = [number for part in parts for number in numbers(part)]
    assert set(covered) == {passage.number for passage in document.passages}
    assert len(covered) <= len(document.passages) + OVERLAP * (len(parts) - 1)
    assert sorted(p.page or 0 for part in parts for p in part.pictures) == sorted(
        p.page or 0 for p in pictures
    )


def test_a_passage_belongs_to_the_first_part_that_holds_it():
    parts = parts_of(sectioned(10), long_from=1, part_tokens=4 * TOKENS)

    assert [part_of(parts, number) for number in (1, 4, 5, 10, 99, None)] == [0, 0, 1, 2, 0, 0]
