from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.blocks.elements import actions, button
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Block
from smallprint.slack.blocks.repeat import AGAIN_ACTION, CONSENT, CONSENT_ACTION, cost_question, pressed

SENTENCE = (
    "Analysing this document would cost about $3.10, more than the $1.00 that may be spent without asking."
)


def test_the_question_says_the_amount_and_the_button_says_yes():
    message = cost_question(SENTENCE, "doc-1")
    assert SENTENCE in json.dumps(message.blocks)
    assert "$3.10" in message.text
    assert message.blocks[-1]["elements"] == [button(CONSENT_ACTION, CONSENT, "doc-1")]


@given(st.text(), st.text())
def test_any_sentence_and_id_make_a_message_that_slack_accepts(sentence: str, job_id: str):
    message = cost_question(sentence, job_id)
    assert validate_blocks(message.blocks) == []
    assert "<" not in message.text
    assert validate_blocks(pressed(message.blocks, CONSENT_ACTION, "U02ANN7")) == []


def test_who_pressed_stands_where_the_button_was_and_other_buttons_stay():
    other = button("receipt", "What was read", "doc-1")
    text: Block = {"type": "context", "elements": [{"type": "plain_text", "text": "x"}]}
    row = actions(other, button(AGAIN_ACTION, "Run again", "doc-1"))
    before, who, after, last = pressed([text, row, text], AGAIN_ACTION, "U02ANN7")
    assert before == last == text
    assert who["elements"][0]["elements"][0] == {"type": "user", "user_id": "U02ANN7"}
    assert after == actions(other)


def test_a_message_whose_button_is_gone_already_stays_as_it_is():
    once = pressed(cost_question(SENTENCE, "doc-1").blocks, CONSENT_ACTION, "U02ANN7")
    assert pressed(once, CONSENT_ACTION, "U03BOB8") == once
