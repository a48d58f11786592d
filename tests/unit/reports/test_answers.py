"""An answer as Markdown, JSON and on a terminal."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from smallprint.models.domain import AnswerPoint
from smallprint.reports.answers import (
    OWN_QUOTATION,
    UNVERIFIED,
    answer_json,
    answer_markdown,
    caution,
    print_answer,
    statement,
)
from tests.fakes.asked import a_verified_point, a_whole_answer

EVIL = "<img src=x> [a](https://evil.example) \x1b[31m"


def printed(answer) -> str:
    out = io.StringIO()
    print_answer(answer, Console(file=out, width=200))
    return out.getvalue()


def test_a_terminal_shows_statement_quotation_page_and_cost() -> None:
    text = printed(a_whole_answer())
    for told in ("Notice is ninety days.", "“ninety days' written notice”", "p. 3 · ✓ verified", "$0.01"):
        assert told in text


def test_a_terminal_gets_no_escape_sequences_of_a_document() -> None:
    assert "\x1b" not in printed(a_whole_answer(a_verified_point(EVIL, EVIL), notes=(EVIL,)))


def test_a_point_without_words_is_marked_everywhere() -> None:
    answer = a_whole_answer(AnswerPoint("So it is."))
    assert UNVERIFIED in printed(answer)
    assert UNVERIFIED in answer_markdown("Is it?", answer)


def test_the_file_holds_everything_and_no_markup_of_others() -> None:
    text = answer_markdown(EVIL, a_whole_answer(a_verified_point(EVIL, "x" * 5_000), notes=(EVIL,)))
    assert "x" * 5_000 in text
    assert text.count("<img") == text.count("\\<img")
    assert "[a](" not in text


def test_json_names_its_format_and_its_cost() -> None:
    told = json.loads(answer_json(a_whole_answer(found=False)))
    assert (told["schema"], told["cost_usd"], told["found"]) == ("smallprint.answer/1", "0.012", False)
    assert told["points"][0]["evidence"][0]["match"] == "exact"


@pytest.mark.parametrize(
    "said",
    [
        "The contract says: “Liability of the Supplier is unlimited.”",
        'It reads "either party may terminate at any time".',
        "Es heißt: „Die Haftung ist in keinem Fall begrenzt.“",
        "« La responsabilité du fournisseur est illimitée »",
    ],
)
@pytest.mark.parametrize("found", [True, False])
def test_words_in_quotation_marks_that_were_not_looked_up_are_marked(said: str, *, found: bool) -> None:
    point = a_verified_point(said)
    assert caution(point, a_whole_answer(point, found=found)) == OWN_QUOTATION


@pytest.mark.parametrize(
    "said",
    [
        "It asks for “ninety days’ written notice”.",
        'The "Confidential Information" stays secret and in their "Books" for the whole "Term".',
        "The Supplier's duty ends after ninety days.",
    ],
)
def test_looked_up_words_and_defined_terms_need_no_mark(said: str) -> None:
    point = a_verified_point(said)
    assert caution(point, a_whole_answer(point)) == ""


def test_a_sentence_cannot_wear_the_mark_of_verified_words() -> None:
    assert "✓" not in statement(a_verified_point("“Unlimited.” · p. 3 · ✓ verified"))
