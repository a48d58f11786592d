"""What a request shows of a document is recognised, and quoted from the place that the label means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.document_text import numbered
from smallprint.agents.windows import windows
from smallprint.evaluation.shown import Shown
from smallprint.evaluation.values import ExpectedFinding
from smallprint.models.domain import RiskLevel
from tests.fakes.labelled import CLAUSES, LIABILITY, PAYMENT, as_read, labelled

TOTALS = ("Costs of the first year", "Total | 11.4", "Costs of the second year", "Total | 11.4", "t.b.d.")


def label(text: str, quote: str, occurrence: int = 0) -> ExpectedFinding:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(quote, start + 1)
    return ExpectedFinding(
        "a.b", RiskLevel.LOW, absent=False, spans=((start, start + len(quote)),), quotes=(quote,)
    )


def test_passages_have_the_numbers_and_the_words_of_the_request(tmp_path):
    shown = Shown(numbered(as_read(labelled(tmp_path))))
    assert [(passage.number, passage.text) for passage in shown.passages] == list(enumerate(CLAUSES, start=1))


@given(st.text())
def test_any_text_can_be_looked_at(text):
    shown = Shown(text)
    assert shown.find("some words that are not there") is None
    assert all(passage.text in text for passage in shown.passages)


def test_words_of_a_window_keep_their_passages_numbers(tmp_path):
    shown = Shown(numbered(windows(as_read(labelled(tmp_path)), [6], around=0)))
    found = shown.find(PAYMENT)
    assert found is not None
    assert (found.passage, found.text) == (6, PAYMENT)
    assert not shown.begins
    assert shown.find(LIABILITY) is None


@pytest.mark.parametrize(("occurrence", "passage"), [(0, 2), (1, 4)])
def test_words_that_stand_twice_are_quoted_from_the_place_that_was_labelled(tmp_path, occurrence, passage):
    text = "\n\n".join(TOTALS)
    shown = Shown("\n\n".join(f"[P{number}] {words}" for number, words in enumerate(TOTALS, start=1)))
    found = shown.find_label(label(text, "Total | 11.4", occurrence), text)
    assert found is not None
    assert (found.passage, found.text) == (passage, "Total | 11.4")


def test_a_few_letters_are_found_where_they_are_said_to_stand_and_nowhere_else(tmp_path):
    text = "\n\n".join(TOTALS)
    shown = Shown("\n\n".join(f"[P{number}] {words}" for number, words in enumerate(TOTALS, start=11)))
    labelled_words = shown.find_label(label(text, "t.b.d."), text)
    assert labelled_words is not None
    assert labelled_words.passage == 15
    assert shown.find("t.b.d.", 15) is not None
    assert shown.find("t.b.d.", 5) is None
