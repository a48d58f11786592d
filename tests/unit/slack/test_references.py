"""Permalinks in a command's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.slack.references import FileReference, MessageReference, WebReference, parse_reference


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
        ("https://example.com/terms.pdf", WebReference("https://example.com/terms.pdf")),
        ("<https://example.com/a?x=1&amp;y=2|a>", WebReference("https://example.com/a?x=1&y=2")),
        ("is (https://example.com/terms) fine?", WebReference("https://example.com/terms")),
        ("https://en.example.org/wiki/Lease_(law).", WebReference("https://en.example.org/wiki/Lease_(law)")),
        ("https://example.com/files/U01AB/F02CD", WebReference("https://example.com/files/U01AB/F02CD")),
        ("https://slack.com.example.org/x", WebReference("https://slack.com.example.org/x")),
        ("https://acme.slack.com/team/U01AB", None),
        ("http://example.com/terms.pdf", None),
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
