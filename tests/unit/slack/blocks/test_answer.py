"""Answers within Slack's limits, whatever the document, the model and the names say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.models.domain import AnswerPoint, Evidence, Match
from smallprint.reports.answers import NOT_IN_THE_DOCUMENT, UNVERIFIED
from smallprint.slack.blocks.answer import (
    SHORTENED,
    answer_message,
    looking_block,
    looking_message,
    points_blocks,
    points_message,
    sentence_message,
)
from smallprint.slack.blocks.limits import MAX_FALLBACK, validate_blocks
from tests.fakes.asked import a_verified_point, a_whole_answer, an_agent_run

NASTY = [
    "",
    "x" * 10_000,
    "שלום עולם " * 300,
    "合同" * 4_000,
    "\u202e<!channel> <@U1> *bold* `code` _it_ ~no~ https://evil.example/\u2066",
    "🧨" * 3_000,
    "a\n\n> quote\n```x```",
]


def texts_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for inner in value.values() for text in texts_of(inner)]
    return [text for inner in value for text in texts_of(inner)] if isinstance(value, list) else []


def shown(answer) -> str:
    return "\n".join(texts_of(answer_message(answer).blocks))


def test_a_quotation_stands_in_a_quote_with_its_page_and_that_it_was_verified() -> None:
    blocks = answer_message(a_whole_answer()).blocks
    quotes = [part for block in blocks for part in block["elements"] if part["type"] == "rich_text_quote"]
    assert texts_of(quotes) == ["“ninety days' written notice”", "\np. 3 · ✓ verified"]


def test_the_last_line_names_model_prompt_version_and_cost() -> None:
    last = shown(a_whole_answer()).splitlines()[-1]
    for told in ("AI-generated", "claude-sonnet-5-5", "follow_up v1", "$0.01"):
        assert told in last


def test_an_unknown_cost_is_not_free() -> None:
    assert "cost unknown" in shown(a_whole_answer(agents=(an_agent_run(None),)))


def test_a_point_without_words_is_marked_and_quotes_nothing() -> None:
    answer = a_whole_answer(AnswerPoint("The supplier pays."))
    assert UNVERIFIED in shown(answer)
    assert "“" not in shown(answer)


def test_what_is_not_in_the_document_is_said_first() -> None:
    answer = a_whole_answer(AnswerPoint("It does not say who pays."), found=False)
    assert shown(answer).startswith(f"{NOT_IN_THE_DOCUMENT}.")
    assert UNVERIFIED not in shown(answer)


def test_a_missing_quotation_is_never_shown() -> None:
    invented = AnswerPoint("So it is.", (Evidence(Match.MISSING, "invented words"),))
    assert "invented words" not in shown(a_whole_answer(invented))


def test_of_several_documents_a_quotation_says_whose_it_is() -> None:
    answer = a_whole_answer(a_verified_point(document=1), documents=("lease.pdf", "order.pdf"))
    assert "order.pdf, p. 3" in shown(answer)


def test_a_long_answer_says_where_the_rest_is() -> None:
    message = answer_message(a_whole_answer(*[a_verified_point("so " * 400, "word " * 400)] * 8))
    assert message.overflow
    assert SHORTENED in texts_of(message.blocks)
    assert validate_blocks(message.blocks) == []


@pytest.mark.parametrize("text", NASTY)
def test_no_text_breaks_a_limit(text) -> None:
    point = AnswerPoint(text, (Evidence(Match.EXACT, text, 1, 3, text),) * 3, 1)
    for found, count in ((True, 8), (False, 2)):
        answer = a_whole_answer(*[point] * count, found=found, documents=(text, text), notes=(text,) * 9)
        message = answer_message(answer)
        assert validate_blocks(message.blocks) == []
        assert len(message.text) <= MAX_FALLBACK
    for blocks in (
        points_blocks([point] * 3),
        points_message([point] * 3).blocks,
        sentence_message(text).blocks,
    ):
        assert validate_blocks(blocks) == []


@settings(max_examples=40)
@given(st.text(max_size=400), st.text(max_size=400))
def test_nothing_that_is_said_is_read_as_slacks_markup(statement, quotation) -> None:
    point = AnswerPoint(statement, (Evidence(Match.EXACT, quotation, 1, 1, "p. 1"),))
    message = answer_message(a_whole_answer(point, documents=(quotation,)))
    assert validate_blocks(message.blocks) == []
    assert "mrkdwn" not in str([block.get("type") for block in message.blocks])
    assert "<!" not in message.text
    assert "<@" not in message.text


def test_before_the_answer_there_is_a_sign_of_life() -> None:
    assert validate_blocks(looking_message().blocks) == []
    assert validate_blocks([looking_block("question-ask-1")]) == []


def test_an_answer_without_points_says_so() -> None:
    assert "no words in the document" in shown(replace(a_whole_answer(), points=()))
