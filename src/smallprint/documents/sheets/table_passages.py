"""A grid of cells → passages of a few rows each, with the range they stand in. Child process only."""

from __future__ import annotations

from smallprint.documents.reading import Block, split_long
from smallprint.documents.sheets.cells import Grid, cell_text
from smallprint.documents.sheets.table_profile import Profile, profile

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell

SUMMARISED = "{what}: {rows:,} rows were summarised; {shown:,} are shown."

_CHARACTERS = 1_000  # a passage ends with the row that passes this
_ROWS_IN_FULL = 500
_ROWS_OF_A_DOCUMENT = 1_500
_FIRST_ROWS, _LAST_ROWS = 40, 10
_FEW_FIRST_ROWS, _FEW_LAST_ROWS = 10, 5  # once the document's share is used up
_FEWEST_PROFILED = 3


class Hidden:
    """What of a sheet nobody sees: all of it, rows by number, columns by index from A."""

    __slots__ = ("columns", "everything", "rows")

    def __init__(
        self,
        *,
        everything: bool = False,
        rows: frozenset[int] = frozenset(),
        columns: frozenset[int] = frozenset(),
    ) -> None:
        self.everything = everything
        self.rows = rows
        self.columns = columns


class TableWriter:
    """Writes the tables of one document and keeps count: none brings thousands of raw rows to a model."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.warnings: list[str] = []
        self._left = _ROWS_OF_A_DOCUMENT

    def write(self, grid: Grid, page: int | None = None, hidden: Hidden | None = None) -> None:
        """The profile, then the rows."""
        if not grid.rows:
            return
        found = profile(grid)
        if found.data_rows >= _FEWEST_PROFILED:
            place = grid.place(grid.rows[0][0], grid.rows[-1][0], grid.width)
            self.blocks.append(Block(found.text, page, grid.name, "profile", place))
        shown = self._choose(grid, found)
        self.blocks += _RowWriter(grid, page, hidden or Hidden()).write(shown)

    def _choose(self, grid: Grid, found: Profile) -> list[int]:
        """Indexes of the rows to show: all of a small table; of a large one the start, the end, and what is notable."""
        rows = grid.rows
        if len(rows) <= min(_ROWS_IN_FULL, self._left):
            shown = list(range(len(rows)))
        else:
            few = self._left <= 0
            first, last = (_FEW_FIRST_ROWS, _FEW_LAST_ROWS) if few else (_FIRST_ROWS, _LAST_ROWS)
            start = len(rows) - found.data_rows - len(found.totals)  # titles and headers stand above the data
            notable = set(found.notable)
            shown = [
                index
                for index, (number, _) in enumerate(rows)
                if index < start + first or index >= len(rows) - last or number in notable
            ]
        self._left -= len(shown)
        if len(shown) < len(rows):
            what = f"Sheet {grid.name}" if grid.name else "The table"
            self.warnings.append(SUMMARISED.format(what=what, rows=found.data_rows, shown=len(shown)))
        return shown


class _RowWriter:
    """Gathers neighbouring rows into passages; hidden rows and columns stay apart from what a reader sees."""

    def __init__(self, grid: Grid, page: int | None, hidden: Hidden) -> None:
        self._grid = grid
        self._page = page
        self._hidden = hidden
        self._columns = {column - grid.first_column for column in hidden.columns}
        self._blocks: list[Block] = []
        self._lines: list[str] = []
        self._numbers: list[int] = []
        self._kind = "table"

    def write(self, shown: list[int]) -> list[Block]:
        previous = -1
        for index in shown:
            number, cells = self._grid.rows[index]
            kind = "hidden" if self._hidden.everything or number in self._hidden.rows else "table"
            if index != previous + 1 or kind != self._kind:
                self._finish()
            self._kind = kind
            self._add(number, self._line(cells))
            previous = index
        self._finish()
        for column in sorted(self._columns):
            self._write_column(column, shown)
        return self._blocks

    def _line(self, cells: list[Cell]) -> str:
        texts = [cell_text(cell) for index, cell in enumerate(cells) if index not in self._columns]
        return " | ".join(texts).rstrip(" |")

    def _add(self, number: int, line: str) -> None:
        if not line:
            return
        self._lines.append(line)
        self._numbers.append(number)
        if sum(map(len, self._lines)) > _CHARACTERS:
            self._finish()

    def _finish(self) -> None:
        if self._lines:
            place = self._grid.place(self._numbers[0], self._numbers[-1], self._grid.width)
            self._append("\n".join(self._lines), self._kind, place)
        self._lines, self._numbers = [], []

    def _write_column(self, column: int, shown: list[int]) -> None:
        """The cells of a hidden column, of the rows that are shown."""
        rows = [self._grid.rows[index] for index in shown]
        cells = [
            (number, text)
            for number, row in rows
            if 0 <= column < len(row) and (text := cell_text(row[column]))
        ]
        if cells:
            place = self._grid.place(cells[0][0], cells[-1][0], 1, column)
            self._append("\n".join(text for _, text in cells), "hidden", place)

    def _append(self, text: str, kind: str, place: str) -> None:
        self._blocks += [Block(piece, self._page, self._grid.name, kind, place) for piece in split_long(text)]
