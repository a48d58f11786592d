from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import DocumentKind, Expected, Progress, Step
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.progress import analyse_help, answer_message, failure_message, progress_message
from smallprint.slack.blocks.stop import STOP_ACTION

BEGAN = datetime(2026, 11, 26, 10, tzinfo=UTC)
KNOWN = Progress(
    Step.ANALYSING,
    since=BEGAN,
    document_name="lease.pdf",
    kind=DocumentKind.PDF,
    pages=412,
    expected=Expected(3, 1_234_000_000),
)


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
    message = progress_message(Progress(step))
    assert [element["text"] for element in message.blocks[1]["elements"]][:3] == steps
    assert validate_blocks(message.blocks) == []
    assert not message.overflow


def test_what_is_known_stands_in_one_line():
    message = progress_message(KNOWN, now=BEGAN + timedelta(seconds=130))
    (known,) = (element["text"] for element in message.blocks[2]["elements"])
    assert known == "PDF · 412 pages · read in 3 parts · will cost about $1.23 · at it for 2 min 10 s"
    assert "lease.pdf" in message.text


def test_nothing_is_said_of_what_is_not_known():
    message = progress_message(Progress(Step.READING, since=BEGAN), now=BEGAN)
    assert [block["type"] for block in message.blocks] == ["rich_text", "context"]


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (None, "Waiting for my turn…"),
        (0, "Waiting for my turn…"),
        (1, "Waiting: 1 document before this one"),
        (3, "Waiting: 3 documents before this one"),
    ],
)
def test_who_waits_reads_how_many_come_before(ahead: int | None, said: str):
    assert progress_message(Progress(Step.WAITING, ahead=ahead)).text == said


def test_a_running_job_can_be_stopped_by_its_id_and_nothing_else():
    message = progress_message(KNOWN, job_id="doc-1", now=BEGAN)
    (button,) = message.blocks[-1]["elements"]
    assert (button["action_id"], button["value"]) == (STOP_ACTION, "doc-1")


@given(st.text(), st.text(), st.integers(0), st.text())
def test_any_sentence_and_name_make_messages_that_slack_accepts(sentence, name, number, unit):
    known = Progress(
        Step.ANALYSING,
        since=BEGAN,
        document_name=name,
        kind=DocumentKind.DOCX,
        pages=number,
        unit=unit[:20],
        expected=Expected(number, number),
    )
    for message in (
        failure_message(sentence, document_name=name),
        answer_message(sentence),
        progress_message(known, job_id=name, now=BEGAN + timedelta(days=1)),
    ):
        assert validate_blocks(message.blocks) == []
        assert message.text
        assert "<" not in message.text


@pytest.mark.parametrize("name", ["", "x" * 10_000, "<!channel> *a* `b`", "\u202egnp.exe", "עברית " * 500])
def test_hostile_names_change_nothing(name: str):
    message = progress_message(Progress(Step.READING, document_name=name), job_id="doc-1")
    assert validate_blocks(message.blocks) == []
    assert "<!" not in message.text


def test_a_failure_names_the_document_and_says_what_to_do():
    message = failure_message("Remove the protection and share it again.", document_name="a.pdf")
    assert message.text == "No analysis: a.pdf. Remove the protection and share it again."
    assert "Remove the protection" in json.dumps(message.blocks)


def test_the_command_alone_explains_itself_with_an_example():
    message = analyse_help()
    assert validate_blocks(message.blocks) == []
    assert "/analyse https://" in json.dumps(message.blocks)
