"""Whatever a child answers: a reading within our types, or one of our errors. It ran a parser on hostile bytes."""

from __future__ import annotations

import json

from fuzz.running import run
from smallprint.documents.passages import number_passages
from smallprint.documents.reader import _checked  # what a child answers has no other door
from smallprint.errors import DocumentError

VALID = json.dumps({
    "blocks": [["A clause.", 1, "1 Fees", "body", ""], ["deleted", None, "", "deletion", "Prices!A5"]],
    "pages": 2, "pages_without_text": [2], "warnings": ["Read in part."],
    "notes": {"unit": "page", "deletions": 1, "hidden": ["slide 7"], "macros": True},
}).encode()  # fmt: skip


def check(data: bytes) -> None:
    """The bytes are the child's standard output; or, after "@", the place, the length and the text of a change to a good one."""
    _check(_changed(data[1], data[2], data[3], data[4:]) if data[:1] == b"@" and len(data) > 4 else data)  # noqa: PLR2004 - as said


def _check(answer: bytes) -> None:
    try:
        reading = _checked(answer)
    except DocumentError:
        return
    assert reading.refused is None  # noqa: S101 - what is fuzzed for
    number_passages(reading.blocks)


def _changed(high: int, low: int, removed: int, text: bytes) -> bytes:
    place = (high << 8 | low) % len(VALID)
    return VALID[:place] + text + VALID[place + removed :]


if __name__ == "__main__":
    run(check)
