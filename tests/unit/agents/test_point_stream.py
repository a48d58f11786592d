"""The points of an answer are known as soon as each is complete, and never before."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.point_stream import PointStream
from smallprint.models.domain import Quotation, StatedPoint
from tests.fakes.asked import a_point, an_answer

TEXTS = st.text(max_size=40).map(lambda text: text.strip() or "x")
SAID = st.text(alphabet='ab"\\{}[]:,points \u00e9\u4e2d', min_size=1, max_size=30).filter(str.strip)
POINTS = st.lists(
    st.tuples(SAID, st.lists(SAID, max_size=3)).map(lambda said: a_point(said[0], *said[1])), max_size=6
)


def whole(points: list[dict[str, object]]) -> list[StatedPoint]:
    stream = PointStream()
    return stream.feed(an_answer(*points))


def test_a_point_is_given_once_its_last_brace_has_come() -> None:
    text = an_answer(a_point("One.", "first words"), a_point("Two."))
    end_of_first = text.index("One.") + len('One."}')
    stream = PointStream()
    assert stream.feed(text[: end_of_first - 1]) == []
    assert stream.feed(text[:end_of_first]) == [StatedPoint("One.", (Quotation("first words", 1),))]
    assert stream.feed(text) == [StatedPoint("Two.")]
    assert stream.feed(text) == []


@given(POINTS, st.data())
def test_however_the_text_is_cut_the_points_are_those_of_the_whole(points, data) -> None:
    text = an_answer(*points)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    stream, found = PointStream(), []
    for cut in [*cuts, len(text)]:
        found += stream.feed(text[:cut])
    assert found == whole(points)
    assert len(found) == len(points)


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_that_it_is_fed_makes_it_stumble(first, second) -> None:
    stream = PointStream()
    stream.feed(first)
    stream.feed(first + second)
    stream.feed(second)


def test_an_answer_that_begins_anew_is_read_from_its_beginning() -> None:
    stream = PointStream()
    stream.feed(an_answer(a_point("One."))[:40])
    assert stream.feed(an_answer(a_point("Two."))) == [StatedPoint("Two.")]


def test_what_is_no_point_is_passed_over() -> None:
    text = json.dumps({"points": [{"statement": 7}, a_point("Two.")], "in_the_document": True})
    assert PointStream().feed(text) == [StatedPoint("Two.")]


def test_only_the_list_of_points_counts() -> None:
    text = json.dumps({"other": [a_point("No.")], "points": [a_point("Yes.")], "more": [a_point("No.")]})
    assert PointStream().feed(text) == [StatedPoint("Yes.")]
