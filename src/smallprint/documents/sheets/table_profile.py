"""Figures of a table, computed and not guessed: what each column holds, totals, repetitions, outliers, errors.

Pure, and light enough for the child process. The sentences are for people and for the model.
"""

from __future__ import annotations

import math
import re

from smallprint.documents.sheets.cells import Grid, cell_text, number_text
from smallprint.documents.sheets.column_types import TypedColumn, is_blank, is_error, is_numeric

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell

SHEET = "{name}: {rows} of data in {columns} ({range}), {header}."
HEADER = "headers in row {row}"
NO_HEADER = "no row of headers found"
COLUMN = "Column {letter}{header}: {description}."
MORE_COLUMNS = "{count} further columns are not described."
TOTALS = "{rows} to be totals and {verb} left out of these figures."
REPEATED = "{rows} an earlier row: {numbers}."
OUTLIERS = "Far outside the rest of their column: {cells}."
ERRORS = "Formula errors: {cells}."

_TOTAL = re.compile(r"(?:grand\s+|sub-?\s?)?totals?\b|sum(?:me)?\b|gesamt\w*|zwischensumme", re.IGNORECASE)
_HEADER_WITHIN = 15  # rows from the top
_HEADER_SHARE = 0.6  # of the widest row
_LONGEST_HEADER = 80
_MOST_COLUMNS = 60
_MOST_LISTED = 10
_MOST_NOTABLE = 50
_FIRST_YEAR, _LAST_YEAR = 1900, 2100  # whole numbers between these are years: nobody adds them up
_FEWEST_FOR_OUTLIERS = 8
_FAR = 3  # interquartile ranges beyond the quartiles: "far out" in Tukey, Exploratory Data Analysis, 1977
_MOST_OUTLIERS_SHARE = 0.05  # more are no outliers but the shape of the data


class Profile:
    """`text` describes the table; `notable` and `totals` are numbers of rows: worth showing, and left out of the figures."""

    __slots__ = ("data_rows", "notable", "text", "totals")

    def __init__(self, text: str, notable: list[int], data_rows: int, totals: list[int]) -> None:
        self.text = text
        self.notable = notable
        self.data_rows = data_rows
        self.totals = totals


def profile(grid: Grid) -> Profile:
    """Of a grid with at least one filled row."""
    return _Profiler(grid).profile()


class _Profiler:
    def __init__(self, grid: Grid) -> None:
        header = _header_index(grid.rows)
        self._grid = grid
        self._header = None if header is None else grid.rows[header]
        self._width = grid.width
        data = grid.rows if header is None else grid.rows[header + 1 :]
        self._totals = [number for number, cells in data if _is_total(cells)]
        left_out = set(self._totals)
        self._data = [(number, cells) for number, cells in data if number not in left_out]
        self._outliers: list[tuple[int, str]] = []
        self._repeated = _repeated(self._data)
        self._errors = [
            (number, f"{grid.address(number, index)} {cell}")
            for number, cells in data
            for index, cell in enumerate(cells)
            if is_error(cell)
        ]

    def profile(self) -> Profile:
        columns = self._columns()  # first: it finds the outliers
        lines = [self._opening(), *columns, *self._remarks()]
        marked = [*(number for number, _ in self._errors + self._outliers), *self._totals[-_MOST_LISTED:]]
        notable = sorted(dict.fromkeys(marked))[:_MOST_NOTABLE]
        return Profile("\n".join(lines), notable, len(self._data), self._totals)

    def _opening(self) -> str:
        rows = self._data or self._grid.rows
        place = self._grid.place(rows[0][0], rows[-1][0], self._width).rpartition("!")[2]
        return SHEET.format(
            name=f"Sheet {self._grid.name}" if self._grid.name else "Table",
            rows=_count(len(self._data), "row"),
            columns=_count(self._width, "column"),
            range=place,
            header=HEADER.format(row=self._header[0]) if self._header else NO_HEADER,
        )

    def _columns(self) -> list[str]:
        lines = [self._column(index) for index in range(min(self._width, _MOST_COLUMNS))]
        if self._width > _MOST_COLUMNS:
            lines.append(MORE_COLUMNS.format(count=self._width - _MOST_COLUMNS))
        return [line for line in lines if line]

    def _column(self, index: int) -> str:
        values: list[Cell] = [cells[index] if index < len(cells) else "" for _, cells in self._data]
        column = TypedColumn(values)
        header = cell_text(self._header[1][index]) if self._header and index < len(self._header[1]) else ""
        if column.blanks == len(values) and not header:
            return ""
        self._outliers += self._far_values(index, column.numbers)
        return COLUMN.format(
            letter=self._grid.address(0, index)[:-1],
            header=f" “{header[:_LONGEST_HEADER]}”" if header else "",
            description=_description(column, len(values)),
        )

    def _far_values(self, index: int, numbers: list[tuple[int, float]]) -> list[tuple[int, str]]:
        far = _far_out(numbers)
        rows = [(self._data[row][0], value) for row, value in far]
        return [
            (row, f"{self._grid.address(row, index)} ({number_text(value, grouped=True)})")
            for row, value in rows
        ]

    def _remarks(self) -> list[str]:
        lines = []
        if self._totals:
            verbs = ("Row", "seems", "is") if len(self._totals) == 1 else ("Rows", "seem", "are")
            rows = f"{verbs[0]} {_listed([str(number) for number in self._totals])} {verbs[1]}"
            lines.append(TOTALS.format(rows=rows, verb=verbs[2]))
        if self._repeated:
            verb = "repeats" if len(self._repeated) == 1 else "repeat"
            rows = f"{_count(len(self._repeated), 'row')} {verb}"
            numbers = _listed([str(number) for number in self._repeated])
            lines.append(REPEATED.format(rows=rows, numbers=numbers))
        if self._outliers:
            lines.append(OUTLIERS.format(cells=_listed([cell for _, cell in self._outliers])))
        if self._errors:
            cells = [cell for _, cell in self._errors]
            lines.append(ERRORS.format(cells=_listed(cells, 2 * _MOST_LISTED)))
        return lines


def _description(column: TypedColumn, rows: int) -> str:
    """ "numbers from 0.5 to 12,000, sum 48,211.3; 1,180 distinct, 4 blank"."""
    kinds = [
        (len(column.numbers), "number", _numbers(column)),
        (len(column.dates), "date", _dates(column)),
        (column.texts, "text", "text"),
        (column.others, "other value", "other values"),
    ]
    present = [kind for kind in kinds if kind[0]]
    errors = f", {_count(column.errors, 'error')}" if column.errors else ""
    if not present:
        return f"blank{errors}"
    if len(present) == 1:
        said = present[0][2]
    else:
        said = f"mixed ({', '.join(_count(count, name) for count, name, _ in present)})"
        said += f", {_numbers(column)}" if column.numbers else ""
    filled = rows - column.blanks - column.errors
    distinct = "all distinct" if 1 < column.distinct == filled else f"{column.distinct:,} distinct"
    blanks = f", {column.blanks:,} blank" if column.blanks else ""
    return f"{said}; {distinct}{blanks}{errors}"


def _numbers(column: TypedColumn) -> str:
    values = [value for _, value in column.numbers if math.isfinite(value)]
    if not values:
        return "numbers"

    def shown(value: float) -> str:
        text = number_text(value, grouped=True)
        return f"{text}%" if column.unit == "%" else f"{column.unit}{text}"

    if all(value.is_integer() and _FIRST_YEAR <= value <= _LAST_YEAR for value in map(float, values)):
        return f"years from {min(values):.0f} to {max(values):.0f}"
    if len(values) == 1:
        return f"one number, {shown(values[0])}"
    if min(values) == max(values):
        return f"numbers, all {shown(values[0])}"
    span = f"numbers from {shown(min(values))} to {shown(max(values))}"
    try:
        return span if column.unit == "%" else f"{span}, sum {shown(math.fsum(values))}"
    except OverflowError:  # beyond what a float holds
        return span


def _dates(column: TypedColumn) -> str:
    known = [date for _, date in column.dates if date]
    return f"dates from {min(known)} to {max(known)}" if known else "dates (day and month not told apart)"


def _header_index(rows: list[tuple[int, list[Cell]]]) -> int | None:
    """The first row near the top that is nearly full and holds nothing but different short texts."""
    near = rows[: _HEADER_WITHIN + 1]
    widest = max(sum(not is_blank(cell) for cell in cells) for _, cells in near)
    for index, (_, cells) in enumerate(near[:-1] if len(rows) > 1 else []):
        filled = [cell for cell in cells if not is_blank(cell)]
        texts = {cell.strip() for cell in filled if isinstance(cell, str) and _can_head(cell.strip())}
        if len(filled) == len(texts) >= max(1, _HEADER_SHARE * widest) and (
            widest > 1 or _differs(rows[index + 1][1])
        ):
            return index
    return None


def _can_head(text: str) -> bool:
    return len(text) <= _LONGEST_HEADER and not is_numeric(text) and not is_error(text)


def _differs(below: list[Cell]) -> bool:
    """In a table of one column only the type tells a header from a value."""
    return any(
        not is_blank(cell) and (not isinstance(cell, str) or is_numeric(cell.strip())) for cell in below
    )


def _is_total(cells: list[Cell]) -> bool:
    first = next((cell for cell in cells if not is_blank(cell)), None)
    return isinstance(first, str) and bool(_TOTAL.match(first.strip()))


def _repeated(rows: list[tuple[int, list[Cell]]]) -> list[int]:
    """Numbers of rows that equal an earlier one; rows with a single value often do, and mean nothing."""
    seen: set[tuple[str, ...]] = set()
    repeated = []
    for number, cells in rows:
        key = tuple(cell_text(cell) for cell in cells)
        if sum(map(bool, key)) > 1:
            if key in seen:
                repeated.append(number)
            seen.add(key)
    return repeated


def _far_out(numbers: list[tuple[int, float]]) -> list[tuple[int, float]]:
    values = sorted(value for _, value in numbers if math.isfinite(value))
    if len(values) < _FEWEST_FOR_OUTLIERS:
        return []
    low, high = values[len(values) // 4], values[-1 - len(values) // 4]
    reach = _FAR * (high - low)
    if not reach:
        return []
    far = [each for each in numbers if not low - reach <= each[1] <= high + reach]
    return far[:_MOST_LISTED] if len(far) <= max(1, _MOST_OUTLIERS_SHARE * len(values)) else []


def _listed(items: list[str], most: int = _MOST_LISTED) -> str:
    return ", ".join(items[:most]) + (f" and {len(items) - most:,} more" if len(items) > most else "")


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
