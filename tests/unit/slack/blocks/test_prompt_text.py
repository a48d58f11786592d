from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from smallprint.slack.blocks.prompt_text import prompt_shown, prompt_text
from tests.fakes.listed_prompts import EVALUATED, at, canary, pin, shown
from tests.unit.slack.blocks.prompt_words import ANY_WORDS, said, told

NOW = at(23)


def test_a_version_is_shown_with_its_text_and_where_it_holds():
    version = replace(shown(), canary=canary(2), pins=(pin(2), pin(2, "C0LEGAL")), opinion=EVALUATED)
    message = prompt_shown(version, NOW)
    assert "rich_text_preformatted" in told(message)
    words = said(message.blocks)
    assert "Tried on 10 % of the documents" in words
    assert "Pinned to " in words
    assert "Evaluation: evaluated 3 days ago on house: not worse" in words
    assert not message.overflow


@pytest.mark.parametrize("body", ["x" * 2_801, "契" * 2_500])
def test_a_long_text_is_said_to_follow(body: str):
    message = prompt_shown(shown(body), NOW)
    assert message.overflow
    assert "The text follows below" in told(message)
    for part in prompt_text(shown(body)):
        told(part)


def test_a_long_prompt_follows_in_parts_that_lose_no_line():
    body = "\n".join(
        f"Line {number} of a long prompt, with words enough to fill the row." for number in range(110)
    )
    parts = prompt_text(shown(body))
    assert 1 < len(parts) <= 4
    assert "\n".join(said(part.blocks) for part in parts).splitlines() == body.splitlines()


@given(ANY_WORDS)
@settings(max_examples=40, deadline=None)
def test_any_words_are_shown_as_slack_accepts_them(words: str):
    version = shown(words)
    listed = replace(version.listed, note=words, author=words, why_not=words, usable=False)
    version = replace(
        version,
        listed=listed,
        prompt=replace(version.prompt, agent=words, model=words, effort=words, contract=words),
        pins=tuple(pin(1, words) for _ in range(12)),
        opinion=replace(EVALUATED, sentence=words),
    )
    told(prompt_shown(version, NOW))
    messages = prompt_text(version)
    assert len(messages) <= 4
    for message in messages:
        told(message)
