from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Step
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.progress import analyse_help, answer_message, failure_message, progress_message


@pytest.mark.parametrize(
    ("step", "steps"),
    [
        (Step.WAITING, ["○ Read", "○ Analyse", "○ Review"]),
        (Step.READING, ["● Read", "○ Analyse", "○ Review"]),
        (Step.ANALYSING, ["✓ Read", "● Analyse", "○ Review"]),
        (Step.REVIEWING, ["✓ Read", "✓ Analyse", "● Review"]),
    ],
)
def test_the_placeholder_shows_what_is_done_and_what_comes(step: Step, steps: list[str]):
    message = progress_message(step)
    assert [element["text"] for element in message.blocks[1]["elements"]][:3] == steps
    assert validate_blocks(message.blocks) == []
    assert not message.overflow


@given(st.text(), st.text())
def test_any_sentence_and_name_make_messages_that_slack_accepts(sentence: str, name: str):
    for message in (
        failure_message(sentence, document_name=name),
        answer_message(sentence),
        progress_message(Step.ANALYSING, document_name=name),
    ):
        assert validate_blocks(message.blocks) == []
        assert message.text
        assert "<" not in message.text


def test_a_failure_names_the_document_and_says_what_to_do():
    message = failure_message("Remove the protection and share it again.", document_name="a.pdf")
    assert message.text == "No analysis: a.pdf. Remove the protection and share it again."
    assert "Remove the protection" in json.dumps(message.blocks)


def test_the_command_alone_explains_itself_with_an_example():
    message = analyse_help()
    assert validate_blocks(message.blocks) == []
    assert "/analyse https://" in json.dumps(message.blocks)
