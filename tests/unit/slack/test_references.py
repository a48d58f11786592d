"""Permalinks in a command's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.references import FileReference, MessageReference, parse_reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://acme.slack.com/files/U01AB/F02CD/contract.pdf", FileReference("F02CD")),
        ("<https://acme.slack.com/files/U01AB/F02CD/contract.pdf|contract.pdf>", FileReference("F02CD")),
        ("please look at https://acme.slack.com/files/U01AB/F02CD thanks", FileReference("F02CD")),
        ("https://acme.slack.com/files/U01AB/F02CD", FileReference("F02CD")),
        (
            "https://acme.slack.com/archives/C0123/p1700000000000100",
            MessageReference("C0123", "1700000000.000100", None),
        ),
        (
            "https://acme.slack.com/archives/C0123/p1700000000000200?thread_ts=1700000000.000100&amp;cid=C0123",
            MessageReference("C0123", "1700000000.000200", "1700000000.000100"),
        ),
        ("", None),
        ("the contract", None),
        ("http://acme.slack.com/files/U01AB/F02CD/contract.pdf", None),
    ],
)
def test_permalinks_are_understood(text: str, expected: object) -> None:
    assert parse_reference(text) == expected


@given(st.text(max_size=200))
def test_any_text_is_either_a_permalink_or_nothing(text: str) -> None:
    parse_reference(text)
