"""The headline over several files."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.errors import DocumentError, FileError, ModelError, SmallprintError
from smallprint.models.domain import RiskLevel
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.summary import (
    FALLBACK_REASON,
    REASONS,
    FileLine,
    headline,
    reason,
    summary_message,
)
from tests.fakes.reports import HOSTILE
from tests.fakes.slack import block_rules

LOW, HIGH, CRITICAL = RiskLevel.LOW, RiskLevel.HIGH, RiskLevel.CRITICAL


def lines_of(message: Message) -> list[str]:
    parts: list[dict[str, Any]] = message.blocks[0]["elements"]
    (listed,) = [part for part in parts if part["type"] == "rich_text_list"]
    return ["".join(word["text"] for word in item["elements"]) for item in listed["elements"]]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([FileLine("a", LOW), FileLine("b", LOW)], "2 documents: 2 low"),
        (
            [
                FileLine("a", LOW),
                FileLine("b", CRITICAL),
                FileLine("c", None, "scanned"),
                FileLine("d", HIGH),
            ],
            "4 documents: 1 critical, 1 high, 1 low; 1 could not be read",
        ),
        (
            [
                FileLine("a", None, "link_closed"),
                FileLine("b", None, "model_refused"),
                FileLine("c", None, "given_up"),
            ],
            "3 documents: 1 could not be read, 2 could not be analysed",
        ),
    ],
)
def test_the_headline_counts_levels_and_failures(lines, expected) -> None:
    assert headline(lines) == expected


def test_a_file_that_waits_for_a_yes_is_neither_unreadable_nor_failed() -> None:
    message = summary_message([FileLine("a.pdf", HIGH), FileLine("b.pdf", None, "cost_needs_consent")])
    assert message.text == "2 documents: 1 high; 1 not analysed yet"
    assert lines_of(message)[1] == "⚪ not analysed yet, because of what it would cost: b.pdf"


def test_each_file_has_its_line_in_order() -> None:
    message = summary_message([FileLine("b.pdf", None, "encrypted"), FileLine("a.pdf", HIGH)])
    assert lines_of(message) == ["⚪ password-protected: b.pdf", "🟠 High: a.pdf"]


@given(
    st.lists(
        st.builds(
            FileLine,
            st.text(max_size=300),
            st.sampled_from([*RiskLevel, None]),
            st.sampled_from(["empty", "x"]),
        ),
        min_size=1,
        max_size=120,
    )
)
def test_any_number_of_files_with_any_names_keeps_slacks_limits(lines) -> None:
    message = summary_message(lines)
    assert validate_blocks(message.blocks) == []
    assert block_rules.problems(message.blocks) == []
    assert not block_rules.total_too_long(message.blocks)


def test_what_does_not_fit_is_counted() -> None:
    message = summary_message([FileLine("𝔸" * 300, LOW)] * 100)
    left = 100 - len(lines_of(message))
    assert left > 0
    assert f"… and {left} more" in str(message.blocks)


def test_names_of_files_can_neither_mention_nor_link() -> None:
    message = summary_message([FileLine(HOSTILE, LOW), FileLine(HOSTILE, None, "empty")])
    leaves = [word for item in message.blocks[0]["elements"][1]["elements"] for word in item["elements"]]
    assert {leaf["type"] for leaf in leaves} == {"text"}
    assert "<" not in message.text


def family(kind: type[SmallprintError]) -> set[str]:
    return {kind.code}.union(*(family(child) for child in kind.__subclasses__()))


@pytest.mark.parametrize("code", sorted(family(DocumentError) | family(FileError) | family(ModelError)))
def test_every_error_of_a_document_has_a_short_reason(code) -> None:
    assert 3 < len(reason(code)) <= 80
    assert reason(code) != FALLBACK_REASON


def test_reasons_are_given_for_errors_that_exist_only() -> None:
    assert REASONS.keys() <= family(SmallprintError)
    assert reason("given_up") == FALLBACK_REASON
