"""Which passages a question is about, by its words alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.document_text import CHARACTERS_PER_TOKEN
from smallprint.agents.relevance import ranked, relevant_part
from tests.fakes.passages import document_of

FILLER = [f"Clause {number} deals with matters of the garden and its fences." for number in range(40)]
NOTICE = "Either party may terminate this agreement with ninety days' written notice."
LONG = document_of("Services Agreement", *FILLER[:20], NOTICE, *FILLER[20:])


def test_the_passage_that_answers_comes_first() -> None:
    assert ranked(LONG, "What is the notice period for termination?")[0].passage.text == NOTICE


def test_a_question_of_other_words_finds_nothing() -> None:
    assert ranked(LONG, "Who wrote Hamlet?") == ()


def test_scripts_without_spaces_are_found_too() -> None:
    document = document_of("本协议自签署之日起生效。", "任何一方可提前九十天书面通知终止本协议。")
    assert ranked(document, "终止通知期")[0].passage.number == 2


def test_the_part_that_is_read_holds_the_beginning_and_the_answer_with_its_neighbours() -> None:
    part = relevant_part(LONG, "notice period", 300)
    numbers = [passage.number for passage in part.passages]
    assert {1, 21, 22, 23} <= set(numbers)
    assert numbers == sorted(numbers)


@given(st.text(max_size=60), st.integers(0, 2_000))
def test_the_part_never_exceeds_its_room(words, tokens) -> None:
    part = relevant_part(LONG, words, tokens)
    assert sum(len(passage.text) for passage in part.passages) <= tokens * CHARACTERS_PER_TOKEN
