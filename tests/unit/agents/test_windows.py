"""A window shows what stands round a place, numbered as in the whole document."""

from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.windows import beginning, windows
from tests.fakes.passages import document_of

DOCUMENT = document_of(*[f"Clause {number}." for number in range(1, 21)], pictures=(1,))


def numbers(*places: int, around: int = 2) -> list[int]:
    return [passage.number for passage in windows(DOCUMENT, places, around=around).passages]


def test_a_window_holds_the_place_and_its_neighbours():
    assert numbers(10) == [8, 9, 10, 11, 12]


def test_windows_that_touch_become_one_in_the_documents_order():
    assert numbers(12, 10, 1) == [1, 2, 3, 8, 9, 10, 11, 12, 13, 14]


def test_places_that_the_document_does_not_have_show_nothing():
    assert numbers(0, -3, 99) == []


def test_the_beginning_is_a_window_on_the_first_passages():
    assert [passage.number for passage in beginning(DOCUMENT).passages] == [1, 2, 3]


def test_a_window_has_no_pictures():
    assert windows(DOCUMENT, [10]).pictures == ()


@given(st.lists(st.integers(-5, 30)), st.integers(0, 4))
def test_what_is_shown_is_the_documents_own_and_near_a_place(places, around):
    for passage in windows(DOCUMENT, places, around=around).passages:
        assert passage is DOCUMENT.passages[passage.number - 1]
        assert any(abs(passage.number - place) <= around for place in places)
