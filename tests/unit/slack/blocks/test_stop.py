from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Stop, StopAnswer
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.repeat import AGAIN_ACTION
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.stop import (
    ANSWERS,
    spent_sentence,
    stop_button,
    stopped_answer_message,
    stopped_message,
)
from tests.fakes.reports import low_report


@pytest.mark.parametrize(
    ("cost_nano_usd", "unpriced", "said"),
    [
        (0, 0, "Nothing was spent."),
        (123_000_000, 0, "It had cost $0.12 so far."),
        (123_000_000, 1, "It had cost $0.12 so far, and a little more for what the AI was just writing."),
        (0, 1, "It may have cost something: the AI was stopped before it said how much."),
    ],
)
def test_what_it_had_cost_is_never_less_than_what_is_known(cost_nano_usd, unpriced, said):
    assert spent_sentence(Stop("U0ANN", cost_nano_usd, unpriced)) == said


def test_it_says_who_stopped_it_and_offers_a_new_run():
    message = stopped_message(Stop("U0ANN", 0, 0), "doc-1", document_name="lease.pdf")
    assert {"type": "user", "user_id": "U0ANN"} in message.blocks[0]["elements"][0]["elements"]
    (again,) = message.blocks[1]["elements"]
    assert (again["action_id"], again["value"]) == (AGAIN_ACTION, "doc-1")
    assert message.text == "⏹️ Stopped: lease.pdf. Nothing was spent."


def test_a_question_that_was_stopped_keeps_what_was_found_by_then():
    found = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}]
    message = stopped_answer_message(Stop("U0ANN", 0, 0), found)
    assert message.blocks[0] is found[0]
    assert "there may be more to say" in str(message.blocks[1])


def test_a_question_that_was_stopped_says_who_did_it_and_what_it_had_cost():
    message = stopped_answer_message(Stop("U0ANN", 123_000_000, 0))
    assert {"type": "user", "user_id": "U0ANN"} in message.blocks[0]["elements"][0]["elements"]
    assert "It had cost $0.12 so far." in json.dumps(message.blocks)
    assert message.text == "⏹️ Stopped. It had cost $0.12 so far."


def test_every_answer_is_a_sentence():
    assert set(ANSWERS) == set(StopAnswer)
    assert all(sentence.endswith(".") for sentence in ANSWERS.values())


@given(st.text(), st.text(), st.text(), st.integers(0, 10**18))
def test_anything_makes_a_message_that_slack_accepts(user, job_id, name, cost):
    message = stopped_message(Stop(user, cost, 0), job_id, document_name=name)
    assert validate_blocks(message.blocks) == []
    assert "<" not in message.text


def test_an_id_that_slack_could_not_carry_back_has_no_button():
    assert list(stop_button("x" * 3_000)) == []
    assert "doc-1" in json.dumps(list(stop_button("doc-1")))


def test_a_result_that_was_stopped_says_who_did_it():
    report = replace(low_report(), stopped_by="U0ANN")
    assert {"type": "user", "user_id": "U0ANN"} in [
        word
        for block in report_message(report).blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        for word in part["elements"]
    ]
    nobody = report_message(replace(report, stopped_by="nobody"))
    assert nobody.blocks == report_message(low_report()).blocks
