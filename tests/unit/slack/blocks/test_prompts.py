from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.prompts import (
    age,
    prompt_changed,
    prompt_help,
    prompt_list,
    prompt_refused,
    prompt_shown,
    prompt_text,
    prompt_unchanged,
)
from tests.fakes.listed_prompts import activation, at, shown, two_agents, version
from tests.fakes.reports import HOSTILE

NOW = at(23)


def told(message: Message) -> str:
    assert validate_blocks(message.blocks) == []
    return json.dumps(message.blocks, ensure_ascii=False)


def test_the_list_shows_what_is_live_who_chose_it_and_what_waits():
    message = prompt_list(two_agents(), NOW)
    listed = told(message)
    assert message.text == "Prompt versions. Live: document_analysis v2, findings_review v1"
    assert listed.count("LIVE") == 2
    assert '{"type": "user", "user_id": "U02ANN7"}' in listed
    assert "misses renewal clauses in leases, 1 day ago" in listed.replace(
        '"}, {"type": "text", "text": "', ""
    )
    assert "It waits, because somebody chose this one by hand." in listed
    assert "⛔ can't be used: it answers in the form analysis/2" in listed


def test_a_long_list_keeps_the_live_version_and_counts_the_others():
    agent = two_agents()[0]
    many = tuple(version(number, f"note {number} " * 10, live=number == 1) for number in range(90, 0, -1))
    listed = told(prompt_list([replace(agent, versions=many)], NOW))
    assert "LIVE" in listed
    assert "older" in listed


def test_an_empty_list_says_what_to_do():
    assert "Start Smallprint once" in told(prompt_list((), NOW))


def test_a_version_is_shown_with_its_text():
    message = prompt_shown(shown(), NOW)
    assert "rich_text_preformatted" in told(message)
    assert not message.overflow


@pytest.mark.parametrize("body", ["x" * 2_801, "契" * 2_500])
def test_a_long_text_is_said_to_follow(body: str):
    message = prompt_shown(shown(body), NOW)
    assert message.overflow
    assert "The text follows below" in told(message)
    assert all(validate_blocks(part.blocks) == [] for part in prompt_text(shown(body)))


def test_a_change_says_from_which_version_to_which_by_whom_and_why():
    message = prompt_changed(activation())
    changed = told(message)
    assert message.text == "document_analysis: v3 → v2. misses renewal clauses in leases"
    assert "rolled back by" in changed
    assert "Reason: misses renewal clauses in leases" in changed
    assert "The next analysis uses it" in changed


def test_a_person_without_the_right_is_told_who_can():
    assert "Please ask an admin" in told(prompt_refused())


def test_every_verb_has_an_example():
    helped = told(prompt_help())
    for verb in ("list", "show", "set", "rollback"):
        assert f"/prompt-version {verb}" in helped


@given(st.text() | st.just(HOSTILE * 20))
def test_any_words_of_people_make_messages_that_slack_accepts(words: str):
    agent = replace(
        two_agents()[0], versions=(replace(version(1, words), agent=words, why_not=words, usable=False),)
    )
    for message in (
        prompt_list([replace(agent, agent=words, waiting=words)], NOW),
        prompt_shown(shown(words), NOW),
        prompt_changed(activation(words, actor=words, reason=words)),
        prompt_unchanged(words),
    ):
        told(message)
        assert message.text
        assert "<" not in message.text


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-5, "just now"), (59, "just now"), (60, "1 minute ago"), (7_200, "2 hours ago"), (90_000, "1 day ago")]
)  # fmt: skip
def test_ages_are_told_in_the_largest_unit(seconds: int, expected: str):
    assert age(NOW - timedelta(seconds=seconds), NOW) == expected


def test_a_long_prompt_follows_in_parts_that_lose_no_line():
    body = "\n".join(
        f"Line {number} of a long prompt, with words enough to fill the row." for number in range(120)
    )
    parts = prompt_text(shown(body))
    assert len(parts) > 1
    assert all(validate_blocks(part.blocks) == [] for part in parts)
    text = "\n".join(part.blocks[0]["elements"][0]["elements"][0]["text"] for part in parts)
    assert text.splitlines() == body.splitlines()
