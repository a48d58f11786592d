from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.prompts.diff import diff_prompts
from smallprint.slack.blocks.limits import json_size
from smallprint.slack.blocks.prompt_diff import diff_blocks, prompt_diff
from tests.fakes.listed_prompts import prompt, two_versions
from tests.unit.slack.blocks.prompt_words import ANY_WORDS, said, told


def test_settings_come_first_and_then_the_changed_places():
    (message,) = prompt_diff(two_versions())
    words = said(message.blocks)
    assert message.text.startswith("document_analysis: v2 → v3. Text: +3 −1 lines")
    assert "− effort: medium" in words
    assert "+ effort: high" in words
    assert "− 1. quote the words of the document, and nothing else;" in words
    assert "+ 1. quote at most forty words;" in words
    assert words.index("effort: high") < words.index("quote at most")


def test_no_difference_is_a_sentence():
    one = prompt(1, "The same.")
    (message,) = prompt_diff(diff_prompts(one, replace(one, version=2)))
    assert "There is no difference" in told(message)


def test_a_long_diff_loses_no_line_as_a_command_and_says_what_a_modal_leaves_out():
    after = "\n".join(
        f"{number}. a rule with enough words to fill a line of the prompt" for number in range(80)
    )
    diff = diff_prompts(prompt(1, "Old."), prompt(2, after))
    messages = prompt_diff(diff)
    assert 1 < len(messages) <= 5
    words = "\n".join(said(message.blocks) for message in messages)
    assert all(f"+ {number}. a rule" in words for number in range(80))
    blocks = diff_blocks(diff)
    assert json_size(blocks) < 7_000
    assert "more lines. All of them: /prompt-version diff document_analysis v1 v2" in said(blocks)


@given(ANY_WORDS, st.lists(ANY_WORDS, max_size=5).map("\n".join), st.text())
@settings(max_examples=40, deadline=None)
def test_any_texts_make_a_diff_that_slack_accepts(one: str, other: str, setting: str):
    diff = diff_prompts(
        prompt(1, one, agent=one),
        prompt(2, other, agent=other, effort=setting, model=one, variables=(other,)),
    )
    messages = prompt_diff(diff)
    assert 1 <= len(messages) <= 5
    for message in messages:
        told(message)
    told(replace(messages[0], blocks=diff_blocks(diff)))
    assert json_size(diff_blocks(diff)) < 10_000
