from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallprint.errors import NotAllowed, PromptError
from smallprint.models.domain import Activation, ActivationAction, Gate, Scope
from smallprint.models.statistics import Period
from smallprint.prompts.diff import diff_prompts
from smallprint.slack.blocks.announcement import UNDO_ACTION, announcement, undone
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.prompt_answers import (
    HELP,
    prompt_changed,
    prompt_help,
    prompt_refused,
    refusal,
    rollback_choice,
    rollback_question,
)
from smallprint.slack.blocks.prompt_history import prompt_history
from smallprint.slack.blocks.prompt_statistics import prompt_statistics
from smallprint.slack.carried import Carried
from smallprint.slack.prompt_command import parse_prompt_command
from tests.fakes.listed_prompts import (
    activation,
    at,
    canary,
    history,
    pin,
    prompt,
    statistics,
    two_agents,
    two_versions,
)
from tests.unit.slack.blocks.prompt_words import ANY_WORDS, said, told

NOW = at(23)


def test_a_change_says_from_which_version_to_which_by_whom_and_why():
    message = prompt_changed(activation(), pins=(pin(3),))
    words = said(message.blocks)
    told(message)
    assert message.text == "document_analysis: v3 → v2. misses renewal clauses in leases"
    assert "✓ document_analysis: v3 → v2  rolled back by " in words
    assert "Reason: misses renewal clauses in leases" in words
    assert "Still pinned: v3 in " in words
    assert "The next analysis uses it" in words


def test_a_gate_that_was_passed_over_is_said():
    assert "Not proven" in told(prompt_changed(activation(gate=Gate.WARNED)))
    assert "The gate was overridden" in told(prompt_changed(activation(gate=Gate.OVERRIDDEN)))
    assert "gate" not in told(prompt_changed(activation(gate=Gate.PASSED))).lower()


def test_the_question_before_a_rollback_has_one_button_and_what_differs():
    message = rollback_question(two_versions(), after=41)
    words = said(message.blocks)
    told(message)
    assert "Roll back document_analysis from v2 to v3?" in words
    assert "+ effort: high" in words
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    (button,) = row["elements"]
    assert Carried.read(button["value"]) == Carried("rollback", "document_analysis", 3, 41)


def test_a_person_without_the_right_is_told_who_can_and_an_error_keeps_its_sentence():
    assert "Please ask an admin" in told(prompt_refused())
    assert refusal(NotAllowed()) == prompt_refused()
    assert "Because of the moon." in told(refusal(PromptError("Because of the moon.")))


def test_every_verb_has_an_example_that_is_understood():
    helped = said(prompt_help().blocks)
    for verb, _, example in HELP:
        assert f"/prompt-version {verb}" in helped
        assert parse_prompt_command(example).verb == verb


# --- announcements ---------------------------------------------------------------------------------------


def test_an_announcement_names_people_as_text_and_can_be_undone():
    message = announcement(activation(gate=Gate.OVERRIDDEN), "ann")
    words = told(message)
    assert "rolled back by ann" in words
    assert "user_id" not in words
    assert "🔴 ⚠️" in words
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    assert row["elements"][0]["action_id"] == UNDO_ACTION
    assert Carried.read(row["elements"][0]["value"]) == Carried("rollback", "document_analysis", 3, 41)


@pytest.mark.parametrize(
    ("row", "label"),
    [
        (activation(action=ActivationAction.SET), "Undo"),
        (activation(action=ActivationAction.PROMOTE), "Undo"),
        (activation(action=ActivationAction.SET, before=None), None),
        (canary(), "End the canary"),
        (pin(), "Unpin"),
        (replace(canary(), action=ActivationAction.ABORT), None),
        (replace(pin(), action=ActivationAction.UNPIN), None),
        (activation(action=ActivationAction.IMPORT), None),
    ],
)
def test_what_can_be_taken_back_has_a_button_for_it(row: Activation, label: str | None):
    blocks = announcement(row, "ann").blocks
    labels = [
        item["text"]["text"] for block in blocks if block["type"] == "actions" for item in block["elements"]
    ]
    assert labels == ([label] if label else [])


def test_once_undone_it_says_by_whom_and_has_no_button():
    message = announcement(activation(action=ActivationAction.SET), "ann")
    after = Message(message.text, undone(message.blocks, activation(before=2, after=3), "bob"))
    assert "Undone by bob: document_analysis: v2 → v3." in told(after)
    assert "actions" not in told(after)


# --- history and statistics ------------------------------------------------------------------------------


def test_the_history_says_who_when_from_where_why_and_by_which_gate():
    message = prompt_history(history(), "document_analysis", NOW)
    words = said(message.blocks)
    told(message)
    for expected in (
        "v1 in ", "v3 is tried on 10 % of the documents",
        "v3 → v2  rolled back by , 22 Nov 2026 09:00 (1 day ago)", "🔴 ⚠️ gate overridden",
        "v2  came with smallprint 0.1.0", "Older",
    ):  # fmt: skip
        assert expected in words
    assert "Newest" not in words
    assert "document_analysis" not in words.removeprefix("History of document_analysis")
    everything = prompt_history(history(), "", NOW, before=9)
    assert "Newest" in told(everything)
    assert "document_analysis: v3 → v2" in said(everything.blocks)


def test_few_analyses_stand_in_grey():
    message = prompt_statistics("document_analysis", statistics(), Period.parse("7d"))
    told(message)
    thin, thick = message.blocks[1], message.blocks[2]
    assert thin["type"] == "context"
    assert "v3 · n = 17 · too few to conclude anything" in said(thin)
    words = said(thick)
    for expected in (
        "v2 · n = 412 (live 398, pin 14)", "12 critical (3 %)", "Findings per document: 5.5", "rejected 6 %",
        "👍 38 👎 6; findings accepted 120 (85 %), dismissed 22", "$0.042 median, $0.118 p95, unknown for 2", "31 s median, 88 s p95", "4 (model_overloaded 3, invalid_answer 1)",
    ):  # fmt: skip
        assert expected in words
    assert "No analysis used it" in told(prompt_statistics("document_analysis", (), Period.parse("all")))


# --- any words -------------------------------------------------------------------------------------------


@given(ANY_WORDS, st.sampled_from(ActivationAction), st.sampled_from(Gate), st.sampled_from(Scope))
@settings(max_examples=25, deadline=None)
def test_any_words_of_people_make_messages_that_slack_accepts(words: str, action, gate, scope):
    row = activation(action=action, actor=words, reason=words, gate=gate, scope=scope, scope_id=words)
    pins = tuple(pin(1, words) for _ in range(12))
    change = announcement(row, words)
    figures = replace(statistics()[0].total, failures={words: 3, words + "x": 2})
    for message in (
        prompt_changed(row, pins, words),
        change,
        Message(change.text, undone(change.blocks, row, words)),
        refusal(PromptError(words)),
        rollback_question(diff_prompts(prompt(1, words), prompt(2, "x", note=words)), 3),
        rollback_choice(list(two_agents()) * 9),
        prompt_history(replace(history(), activations=(row,) * 10), "document_analysis", NOW, before=3),
        prompt_statistics(words, [replace(statistics()[0], total=figures, arms={words: figures, "live": figures})] * 12, Period.parse("7d")),
    ):  # fmt: skip
        told(message)
