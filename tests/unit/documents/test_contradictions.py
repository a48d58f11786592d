from __future__ import annotations

import pytest

from smallprint.documents.quotes.contradictions import contradicts, negated, same_figures, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pay 1,000 now", "pay 1000 now"),
        ("pay $ 5", "pay $5"),
        ("they can't", "they cannot"),
        ("a non-exclusive right", "a non-\nexclusive right"),
        ("2020–2021", "2020-2021"),
    ],
)
def test_other_ways_to_write_the_same_are_the_same(one: str, other: str) -> None:
    assert same_figures(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5", "15"),
        ("$5", "5"),
        ("5%", "5"),
        ("-5 degrees", "5 degrees"),
        ("1.000,5", "1.0005"),
        ("$5", "€5"),
        ("not able", "notable"),
    ],
)
def test_what_letters_and_digits_hide_is_compared_too(one: str, other: str) -> None:
    assert not same_figures(one, other)


@pytest.mark.parametrize(
    ("quotation", "text"),
    [
        ("the licensor may audit", "the licensee may audit"),
        ("the seller is able to pay", "the seller is unable to pay"),
        ("within ten days of notice", "within two days of notice"),
        ("more than the fee", "less than the fee"),
        ("the fee is due", "the fee is not due"),
    ],
)
def test_words_that_turn_a_sentence_contradict(quotation: str, text: str) -> None:
    assert contradicts(quotation, "", text, "")


def test_a_negation_just_outside_the_similar_stretch_counts() -> None:
    assert contradicts("may be terminated at once", "The agreement may not ", "be terminated at once", "")


def test_a_slip_of_the_pen_does_not_contradict() -> None:
    assert not contradicts("the agrement ends with the terms", "", "the agreement ends with the term", "")


def test_a_text_that_ends_with_not_negates_what_follows() -> None:
    assert negated("The Supplier shall not ")
    assert not negated("The Supplier shall ")


def test_words_are_lower_case_with_numbers_and_signs() -> None:
    assert words("Pay $1,250.50 or 5 % — don't!") == ["pay", "$", "1250.50", "or", "5", "%", "do", "not"]
