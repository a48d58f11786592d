"""A temperament is named on the command line, and what it gets wrong is drawn the same way every time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.errors import EvaluationError
from smallprint.evaluation.temperaments import HOSTILE, PERFECT, SLOPPY, Dice, temperaments


@pytest.mark.parametrize(
    ("words", "agents"),
    [
        ("", (PERFECT, PERFECT)),
        ("sloppy", (SLOPPY, SLOPPY)),
        ("sloppy,perfect", (SLOPPY, PERFECT)),
        (" Hostile , sloppy ", (HOSTILE, SLOPPY)),
        ("hostile,", (HOSTILE, HOSTILE)),
    ],
)
def test_one_word_is_for_both_agents_two_are_for_analyst_and_reviewer(words, agents):
    assert temperaments(words) == agents


@pytest.mark.parametrize("words", ["careful", "perfect,careful", "perfect,sloppy,hostile", ","])
def test_an_unknown_temperament_is_answered_with_those_there_are(words):
    with pytest.raises(EvaluationError, match="perfect, sloppy, hostile"):
        temperaments(words)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_draw_depends_on_the_seed_and_its_purpose_alone(seed, purpose):
    assert 0 <= Dice(seed).draw(*purpose) < 1
    assert Dice(seed).draw(*purpose) == Dice(seed).draw(*purpose)


def test_draws_for_many_purposes_hit_about_as_often_as_they_should():
    dice = Dice("seed")
    hits = sum(dice.hits(0.3, "misses", number) for number in range(2_000))
    assert 500 < hits < 700
    assert not any(dice.hits(0, number) for number in range(100))
    assert all(dice.hits(1, number) for number in range(100))
