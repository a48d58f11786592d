"""Tables as rows of cells, from the passages that hold them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from textwrap import shorten

from smallprint.models.domain import Document, Passage, PassageKind, Quotation

CELL_BORDER = " | "
"""What our readers put between the cells of a row."""
MAX_QUOTATION_CHARS = 500
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    text: str
    """Verbatim."""
    cells: tuple[str, ...]
    passage: int

    @property
    def label(self) -> str:
        """Its first cell, lower case."""
        return self.cells[0].lower()

    @property
    def name(self) -> str:
        """Its first cell, short enough to stand in a sentence."""
        return shorten(self.cells[0], _LONGEST_NAME, placeholder="…")

    @property
    def quotation(self) -> Quotation:
        """The row, or as much of it as shows what it is."""
        if len(self.text) <= MAX_QUOTATION_CHARS:
            return Quotation(self.text, self.passage)
        return Quotation(self.text[:MAX_QUOTATION_CHARS].rsplit(None, 1)[0], self.passage)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below one row of headers; a long table of a spreadsheet stands in several passages."""

    headers: tuple[str, ...]
    """Lower case; empty when the table has none."""
    rows: tuple[Row, ...]

    def column(self, *words: str) -> int | None:
        """The first column whose header holds one of these words (lower case)."""
        return next(
            (at for at, header in enumerate(self.headers) if any(word in header for word in words)), None
        )


def tables_of(document: Document) -> Iterator[Table]:
    """In the order of the document."""
    for passages in _together(document):
        rows = [row for passage in passages for row in _rows(passage)]
        header = next((at for at, row in enumerate(rows) if _is_header(row)), None)
        if header is None:
            yield Table((), tuple(rows))
        else:
            headers = tuple(cell.lower() for cell in rows[header].cells)
            yield Table(headers, tuple(rows[header + 1 :]))


# --- rows ----------------------------------------------------------------------------------------------------

_FEWEST_CELLS = 2
_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)[-−(]?(?:[A-Z]{3}|[$€£])? ?\d[\d.,' ]*%?\)?")
"""Not a year: those are names of columns."""


def _together(document: Document) -> Iterator[list[Passage]]:
    """Passages of one table: of the same sheet, one right after the other. Elsewhere each is a table of its own."""
    group: list[Passage] = []
    tables = [passage for passage in document.passages if passage.kind is PassageKind.TABLE]
    for before, passage in pairwise([None, *tables]):
        if before is not None and passage is not None and not _continues(before, passage):
            yield group
            group = []
        if passage is not None:
            group.append(passage)
    if group:
        yield group


def _continues(before: Passage, after: Passage) -> bool:
    sheet, border, _ = before.place.rpartition("!")
    return bool(border) and after.place.startswith(f"{sheet}!") and after.number == before.number + 1


def _rows(passage: Passage) -> Iterator[Row]:
    for line in passage.text.split("\n"):
        if text := line.strip():
            yield Row(text, tuple(cell.strip() for cell in line.split(CELL_BORDER.rstrip())), passage.number)


def _is_header(row: Row) -> bool:
    """Names for most columns, and no cell that is a bare number."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) >= _FEWEST_CELLS and not any(_NUMBER.fullmatch(cell) for cell in filled[1:])
