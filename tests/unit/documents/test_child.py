"""Whose fault it is when a reader raises what nobody foresaw."""

from __future__ import annotations

import pytest

from smallprint.documents import child


class PanicException(BaseException):
    """What a panic in a Rust parser arrives as."""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("odd bytes"), "corrupt"),
        (KeyError("a part is missing"), "corrupt"),
        (PanicException("in the parser"), "too_complex"),
        (ImportError("no parser here"), "unreadable"),
        (NameError("a slip of ours"), "unreadable"),
    ],
)
def test_a_broken_installation_is_not_called_a_damaged_document(error: BaseException, code: str) -> None:
    assert child._blame(error) == code
