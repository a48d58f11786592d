"""Whatever the bytes and the name are: a kind, or one of our errors."""

from __future__ import annotations

from fuzz.running import run
from smallprint.documents.kinds import detect_kind
from smallprint.errors import DocumentError
from smallprint.models.domain import DocumentKind

NAMES = (
    "",
    "a",
    "a.pdf",
    "a.docx",
    "a.doc",
    "a.pptx",
    "a.xlsx",
    "a.csv",
    "a.html",
    "a.md",
    "a.txt",
    "a.eml",
    "a.png",
)


def check(data: bytes) -> None:
    """The first byte chooses the name."""
    name = NAMES[data[0] % len(NAMES)] if data else ""
    try:
        kind = detect_kind(name, data[1:])
    except DocumentError:
        return
    assert isinstance(kind, DocumentKind)  # noqa: S101 - what is fuzzed for


if __name__ == "__main__":
    run(check)
