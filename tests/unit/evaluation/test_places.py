"""Where a report's words stand in the labelled text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smallprint.evaluation.places import Places, overlap
from smallprint.models.domain import Evidence, Match

CLAUSE = "Either party may terminate this Agreement for convenience upon thirty days’ written notice."
FURNITURE = "\n\n12\n\nExhibit 10.5\n\n"


def at(text: str, words: str, start: int | None = None, characters: int = 0) -> list[str]:
    found = Places(text).locate(Evidence(Match.EXACT, words, start=start), characters)
    return [text[first:last] for first, last in found]


def test_words_are_found_as_the_text_spells_them():
    assert at(f"1. {CLAUSE}", "EITHER PARTY\nMAY TERMINATE") == ["Either party may terminate"]


def test_words_that_are_not_there_have_no_place():
    assert (
        at(CLAUSE, "Neither party may ever terminate this Agreement, whatever the other one does or leaves.")
        == []
    )
    assert at(CLAUSE, "") == at("", CLAUSE) == at(CLAUSE, " … ") == []


def test_of_several_places_it_is_the_one_nearest_to_where_it_was_read():
    text = f"As is. {'x' * 100} As is. {'y' * 100} As is."
    places = Places(text)
    third = places.locate(Evidence(Match.EXACT, "As is", start=215), len(text))
    assert third == ((text.rindex("As is"), text.rindex("As is") + 5),)
    assert places.locate(Evidence(Match.EXACT, "As is"), len(text)) == ((0, 5),)


def test_what_an_ellipsis_leaves_out_is_no_part_of_the_places():
    assert at(CLAUSE, "Either party … written notice.") == ["Either party", "written notice"]


def test_a_page_number_in_the_middle_of_the_labelled_text_is_stepped_over():
    broken = CLAUSE.replace("for convenience", f"for{FURNITURE}convenience")
    assert at(f"Intro. {broken} End.", CLAUSE) == [broken.rstrip(".")]


def test_two_ends_that_are_far_apart_are_not_one_quotation():
    apart = CLAUSE.replace("for convenience", f"for{' another matter altogether' * 20} convenience")
    assert at(apart, CLAUSE) == []


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_words_of_the_text_are_always_found(before, words, after):
    text = before + words + after
    found = Places(text).locate(Evidence(Match.EXACT, words, start=len(before)), len(text))
    assert bool(found) == any(character.isalnum() for character in words) or not found
    assert all(0 <= first < last <= len(text) for first, last in found)


@given(st.text("ab c", min_size=1, max_size=40), st.data())
def test_the_place_of_a_slice_is_the_slice_again(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : start + data.draw(st.integers(1, len(text)))]
    for found in at(text, words):
        assert found.replace(" ", "") == words.replace(" ", "")


def test_half_of_the_shorter_span_is_an_overlap():
    assert overlap([(0, 10)], [(5, 100)])
    assert not overlap([(0, 10)], [(6, 100)])
    assert overlap([(40, 42)], [(0, 100)])
    assert not overlap([(0, 10)], [(10, 20)])
    assert not overlap([], [(0, 10)])
    assert not overlap([(0, 10)], [])
