"""Cells of tables: what they hold as text, and where they stand. Child process only."""

from __future__ import annotations

from smallprint.documents.reading import tidy

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    import datetime as dt

    Cell = str | float | bool | dt.date | dt.time | dt.timedelta

_EXCEL_DIGITS = 15  # what spreadsheets keep and show; the rest of a float is noise
_WHOLE_BELOW = 1e15
_MIDNIGHT = "T00:00:00"


class Grid:
    """The filled rows of a sheet or of a delimited file."""

    __slots__ = ("first_column", "name", "rows")

    def __init__(self, name: str, rows: list[tuple[int, list[Cell]]], first_column: int = 0) -> None:
        """`rows` are (number, 1-based, and cells); every row's first cell stands in `first_column`, 0-based."""
        self.name = name
        self.rows = rows
        self.first_column = first_column

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(cells) for _, cells in self.rows), default=0)

    def address(self, row: int, index: int) -> str:
        """ "B7" for the cell with this index in row 7."""
        return f"{column_letters(self.first_column + index)}{row}"

    def place(self, first: int, last: int, width: int, start: int = 0) -> str:
        """ "Budget!A5:F9", "Budget!B7" for a single cell; a range of a file without sheets has no name before it."""
        cells, end = self.address(first, start), self.address(last, start + max(width, 1) - 1)
        if cells != end:
            cells = f"{cells}:{end}"
        return f"{quoted_name(self.name)}!{cells}" if self.name else cells


def column_letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        letters = chr(ord("A") + letter) + letters
        index -= 1
    return letters


def quoted_name(sheet: str) -> str:
    """As spreadsheets write it before a range, so that it can be pasted into their name box."""
    plain = sheet.replace("_", "").replace(".", "").isalnum() and not sheet[:1].isdigit()
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def cell_text(value: Cell) -> str:
    """As a reader sees it: dates in ISO, numbers without noise."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    if hasattr(value, "total_seconds"):
        return _duration(value.total_seconds())
    text = value.isoformat()
    return text.removesuffix(_MIDNIGHT).replace("T", " ").partition(".")[0]


def number_text(value: float, *, grouped: bool = False) -> str:
    """`grouped` puts commas between thousands, for sentences; never in what stands for a cell."""
    text = f"{value:.{_EXCEL_DIGITS}g}"
    if "e" not in text and "n" not in text:  # neither scientific nor inf, nan
        whole, dot, fraction = text.partition(".")
        return f"{int(whole):,}" + dot + fraction if grouped and _plain(whole) else text
    return f"{value:.0f}" if _WHOLE_BELOW <= abs(value) < _WHOLE_BELOW * 1e6 else text


def _plain(whole: str) -> bool:
    return whole not in ("-0", "")  # "-0.5" keeps its sign, which int() would drop


def _duration(seconds: float) -> str:
    """Hours may exceed 24, as [h]:mm:ss shows them."""
    sign, rest = ("-" if seconds < 0 else ""), round(abs(seconds))
    return f"{sign}{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
