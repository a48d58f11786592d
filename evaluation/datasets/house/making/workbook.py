"""Sheets of rows → XLSX, as a person would lay them out."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs
from evaluation.datasets.house.making.dates import EPOCH


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the result that the program which saved the workbook had computed."""

    formula: str
    result: float | str


Cell = str | float | Formula


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from A1 on; an empty string leaves a cell empty."""

    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    """In characters, by column."""
    bold_rows: frozenset[int] = frozenset()
    """0-based."""
    hidden: bool = False


def workbook(sheets: Mapping[str, Sheet], *, title: str, author: str) -> bytes:
    """The workbook; its first sheet must be visible."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written)
    book.set_properties({"title": title, "author": author, "created": EPOCH.replace(tzinfo=None)})
    plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "#,##0"})
    bold = book.add_format(
        {"text_wrap": True, "valign": "top", "num_format": "#,##0", "bold": True, "bg_color": "#DDE6F0"}
    )
    for name, sheet in sheets.items():
        written_sheet = book.add_worksheet(name)
        for column, width in enumerate(sheet.widths):
            written_sheet.set_column(column, column, width)
        for row, cells in enumerate(sheet.rows):
            style = bold if row in sheet.bold_rows else plain
            for column, cell in enumerate(cells):
                _write(written_sheet, row, column, cell, style)
        if sheet.hidden:
            written_sheet.hide()
    book.close()
    return written.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    if isinstance(cell, Formula):
        sheet.write_formula(row, column, cell.formula, style, cell.result)
    elif cell != "":
        sheet.write(row, column, cell, style)
