from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Brief, Profile
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.progress import analyse_help, answer_message, wishes_help
from smallprint.slack.blocks.request import request_message
from smallprint.slack.blocks.wishes import understood, wishes_line
from smallprint.slack.wishes import parse_wishes
from tests.fakes.reports import HOSTILE

EVERYTHING = Brief(
    profile=Profile.THOROUGH,
    side="the tenant",
    focus="exit",
    language="English",
    cost_accepted=True,
    again=True,
)
briefs = st.builds(
    Brief, st.none() | st.sampled_from(Profile), st.text(), st.text(), st.text(), again=st.booleans()
)


def test_wishes_are_told_in_the_words_of_the_command():
    line = wishes_line(EVERYTHING)
    assert line == "for “the tenant”, focus “exit”, in English, thorough, again"
    assert understood(EVERYTHING) == f"I understood: {line}."
    assert understood(Brief()) == wishes_line(Brief()) == ""


@given(briefs)
def test_whatever_was_wished_for_slack_accepts_the_messages_that_repeat_it(brief: Brief):
    for message in (request_message("U02ANN7", brief), answer_message(f"On it. {understood(brief)}")):
        assert validate_blocks(message.blocks) == []
        assert "<" not in message.text


def test_a_colleague_s_words_stay_words():
    message = request_message("U02ANN7", Brief(side=HOSTILE))
    assert {block["type"] for block in message.blocks} == {"rich_text", "context"}
    assert [element["type"] for element in message.blocks[1]["elements"]] == ["plain_text"]
    assert "<" not in answer_message(understood(Brief(side=HOSTILE))).text


def test_the_thread_of_a_command_without_wishes_names_none():
    assert len(request_message("U02ANN7", Brief()).blocks) == 1


def test_what_is_no_wish_is_named_with_all_that_would_be_one():
    message = wishes_help("<!channel> quickly")
    told = json.dumps(message.blocks)
    assert "“<!channel> quickly”" in json.dumps(message.blocks, ensure_ascii=False)
    assert validate_blocks(message.blocks) == []
    assert "<" not in message.text
    for wish in (
        "for the tenant",
        "focus liability and exit",
        "in English",
        "economy",
        "balanced",
        "thorough",
        "again",
    ):
        assert wish in told
        assert wish in json.dumps(analyse_help().blocks)
        assert parse_wishes(f"https://example.com/a.pdf {wish}").unknown == ""
