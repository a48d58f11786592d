"""What a format reader hands over. Runs in the child process, one start per document.

Therefore no dataclasses, typing, pydantic or domain models here and in the readers: each costs between
5 and 40 ms of CPU per document at import.
"""

from __future__ import annotations

import re

_TOO_LONG = 1_600
_NEAR = 1_200
_SHORTEST = 400
_LONGEST_WORD = 3_000
_SENTENCE_END = re.compile(r"[.;:!?。][\"”’')\]]*\s+(?=[^a-z\s])|。")
# Control characters (NUL above all: databases refuse it), soft hyphens, byte order marks, unpaired surrogates.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u00ad\ufeff\ufffe\uffff\ud800-\udfff]")


class Refused(Exception):
    """The document cannot be read; `code` is that of a DocumentError, `message` its sentence if not the usual one."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.message = message
        super().__init__(code)


class Block:
    """A paragraph, heading, list item or table, in reading order."""

    __slots__ = ("kind", "page", "place", "section", "text")

    def __init__(
        self, text: str, page: int | None = None, section: str = "", kind: str = "body", place: str = ""
    ) -> None:
        """`kind` is a PassageKind's value; `place` as in Passage."""
        self.text = text
        self.page = page
        self.section = section
        self.kind = kind
        self.place = place


class Reading:
    """Everything that was read of a document, and what is to be said about it.

    `notes` are further fields of ReadingReceipt by name: unit, insertions, deletions, comments, hidden, macros,
    external_links, attachments_read, attachments_skipped.
    """

    def __init__(
        self,
        blocks: list[Block],
        *,
        pages: int | None = None,
        pages_without_text: list[int] | None = None,
        warnings: list[str] | None = None,
        notes: dict[str, object] | None = None,
        pictures: list[tuple[int | None, str, str]] | None = None,
    ) -> None:
        """`pages_without_text` where the reader knows better than that a page without a block has no text."""
        self.blocks = blocks
        self.pages = pages
        self._pages_without_text = pages_without_text
        self.warnings = warnings or []
        self.notes = notes or {}
        self.pictures = pictures or []
        """Page (None: the file itself), media type and base64 of what can only be looked at."""

    @property
    def pages_without_text(self) -> list[int]:
        """1-based; empty where parts are no pages (a sheet may be empty without anything being lost)."""
        if self._pages_without_text is not None:
            return self._pages_without_text
        if self.notes.get("unit", "page") != "page":
            return []
        with_text = {block.page for block in self.blocks}
        return [page for page in range(1, (self.pages or 0) + 1) if page not in with_text]


class Outline:
    """Keeps the headings above the current place: `section` is "1. Fees › 1.2 Late payment"."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []

    def enter(self, level: int, heading: str) -> None:
        self._headings = [(above, text) for above, text in self._headings if above < level]
        if heading:
            self._headings.append((level, heading[:120]))

    @property
    def section(self) -> str:
        return " › ".join(text for _, text in self._headings)


def tidy(text: str) -> str:
    """One line, single spaces, without characters that nobody can see or store."""
    return " ".join(_UNWANTED.sub("", text).split())


def tidy_lines(text: str) -> str:
    """As tidy(), but line by line: for tables and preformatted text."""
    return "\n".join(line for line in map(tidy, text.splitlines()) if line)


def letters(text: str) -> str:
    """Letters and digits only, lower case: for telling whether two texts are the same words."""
    return "".join(filter(str.isalnum, text.lower()))


def split_long(text: str) -> list[str]:
    """Cut a long paragraph at ends of sentences (or lines, or words), near 1,200 characters a piece."""
    pieces = []
    while len(text) > _TOO_LONG:
        cut = _cut(text)
        pieces.append(text[:cut].strip())
        text = text[cut:].strip()
    pieces.append(text)
    return [piece for piece in pieces if piece]


def table_blocks(rows: list[list[str]], page: int | None, section: str) -> list[Block]:
    """A table as lines of cells, in passages of whole rows."""
    lines = [" | ".join(cells) for row in rows if any(cells := [tidy(cell) for cell in row])]
    return [Block(piece, page, section, "table") for piece in split_long("\n".join(lines))]


def _cut(text: str) -> int:
    ends = [match.end() for match in _SENTENCE_END.finditer(text, _SHORTEST, _TOO_LONG)]
    if ends:
        return min(ends, key=lambda end: abs(end - _NEAR))
    for separator in ("\n", " "):
        cut = text.rfind(separator, _SHORTEST, _NEAR)
        if cut > 0:
            return cut
    space = text.find(" ", _NEAR, _LONGEST_WORD)
    return space if space > 0 else min(len(text), _LONGEST_WORD)
