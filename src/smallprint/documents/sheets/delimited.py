"""CSV and TSV → blocks: a profile and rows. Child process only."""

from __future__ import annotations

import csv
import re

from smallprint.documents.plain import decode
from smallprint.documents.reading import Reading, Refused
from smallprint.documents.sheets.cells import Grid
from smallprint.documents.sheets.table_passages import TableWriter

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell

MAX_FIELD_CHARACTERS = 131_072
MAX_CELLS = 1_000_000
FIELD_TOO_LONG = (
    "A field of this file is longer than {limit:,} characters: a quotation mark may never be closed."
    " Please export it again and share the new copy."
)
TOO_MANY_CELLS = "This file has more than {limit:,} filled cells, which is my limit. Please share the rows or columns that matter."
FORMULAS = "{count} would be run as {formulas} by a spreadsheet; here {they} read as text."

_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_LINES = 50
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line
_FORMULA = re.compile(r"\s*(?:[=@]|[+\-](?![\d.,\s]|$))\s*[\w('\"]")
# Formulas that start programs or load from elsewhere: DDE (=cmd|'/c calc'!A0) and functions that fetch.
_REACHES_OUT = re.compile(
    r"\|\s*['\"]?[^|]*!|\b(?:HYPERLINK|WEBSERVICE|IMPORT(?:XML|DATA|HTML|FEED|RANGE)|IMAGE|RTD|DDE|CALL)\s*\(",
    re.IGNORECASE,
)


def read_delimited(content: bytes) -> Reading:
    """Raises Refused: too_large, corrupt."""
    text, warnings = decode(content)
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    rows = _rows(text, declared[1] if declared else _delimiter(text), 2 if declared else 1)
    formulas = [cell for _, cells in rows for cell in cells if isinstance(cell, str) and _FORMULA.match(cell)]
    writer = TableWriter()
    writer.write(Grid("", rows))
    return Reading(
        writer.blocks,
        warnings=[*warnings, *writer.warnings, *_formula_warning(len(formulas))],
        notes={"external_links": sum(bool(_REACHES_OUT.search(formula)) for formula in formulas)},
    )


def _rows(text: str, delimiter: str, first: int) -> list[tuple[int, list[Cell]]]:
    """Filled rows with their numbers, as a spreadsheet that opens the file counts them."""
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    rows: list[tuple[int, list[Cell]]] = []
    filled = 0
    # Line by line as the reader wants them, with their ends: a quoted field may go over several.
    lines = text.replace("\x00", "").splitlines(keepends=True)
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), first):
            while cells and not cells[-1].strip():
                cells.pop()
            filled += len(cells)
            if filled > MAX_CELLS:
                raise Refused("too_large", TOO_MANY_CELLS.format(limit=MAX_CELLS))
            if cells:
                rows.append((number, list(cells)))
    except csv.Error as error:
        if "field larger" in str(error):
            raise Refused("too_large", FIELD_TOO_LONG.format(limit=MAX_FIELD_CHARACTERS)) from error
        raise Refused("corrupt") from error
    return rows


def _delimiter(text: str) -> str:
    """The one that parts most lines into the same number of columns; more columns win, then the usual order."""
    lines = text[:200_000].splitlines()[:_SNIFFED_LINES]
    return max(_DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def _regularity(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Share of the rows that have the commonest number of columns (at least two), and that number."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0)
    parted = [width for width in widths if width > 1]
    if not parted:
        return (0, 0)
    commonest = max(set(parted), key=lambda width: (parted.count(width), width))
    return (round(parted.count(commonest) / len(widths), 1), commonest)


def _formula_warning(formulas: int) -> list[str]:
    if not formulas:
        return []
    one = formulas == 1
    return [
        FORMULAS.format(
            count="One cell" if one else f"{formulas:,} cells",
            formulas="a formula" if one else "formulas",
            they="it is" if one else "they are",
        )
    ]
