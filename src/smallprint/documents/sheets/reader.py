"""XLSX, XLS, XLSB and ODS → blocks: every sheet, hidden ones too, with the results of formulas. Child process only."""

from __future__ import annotations

import io

from smallprint.documents.archive import Archive
from smallprint.documents.native import load_native
from smallprint.documents.office_package import OfficePackage
from smallprint.documents.reading import Block, Reading, Refused, split_long
from smallprint.documents.sheets.cells import Grid, column_letters, quoted_name
from smallprint.documents.sheets.table_passages import Hidden, TableWriter
from smallprint.documents.sheets.workbook_facts import SheetFacts, WorkbookFacts

TYPE_CHECKING = False  # importing typing costs 5 ms per document
if TYPE_CHECKING:
    from collections.abc import Callable

    import python_calamine

    from smallprint.documents.sheets.cells import Cell

MAX_SHEETS = 50
MAX_CELLS = 1_000_000
MAX_AREA = 5_000_000
TOO_MANY_SHEETS = (
    "This workbook has {sheets} sheets; my limit is {limit}. Please share the sheets that matter."
)
TOO_MANY_CELLS = "This workbook has more than {limit:,} filled cells, which is my limit. Please share the sheets or rows that matter."
SAVE_AS_XLSX = "I can't read this workbook. Please save it as an Excel workbook (.xlsx) and share that."
RANGE_TOO_LARGE = (
    "The used range of sheet {sheet} is too large (it reaches to cell {cell})."
    " Please delete the empty rows and columns, or copy what matters into a new workbook, and share that."
)

_MOST_RANGES = 5
_WORKBOOK_START = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # BOF of a BIFF8 workbook; streams begin at sectors
_SECTOR_BYTES = 512
_RECORDS_BEFORE_PASSWORD = 5
_OLD_MACROS = ("_VBA_PROJECT_CUR".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le"))


def read_workbook(content: bytes, kind: str) -> Reading:
    """Raises Refused: corrupt, encrypted, unsafe_archive, too_many_pages, too_large, too_complex."""
    package = OfficePackage(content) if kind in ("xlsx", "xlsb") else None
    facts = WorkbookFacts(package) if package and kind == "xlsx" else None
    archive = package.archive if package else Archive(content) if kind == "ods" else None
    workbook = _open(content, kind)
    reader = _WorkbookReader(workbook, facts)
    reader.read()
    dangers = package.dangers() if package else {"macros": _has_macros(content, archive)}
    if reader.has_macro_sheet:
        dangers["macros"] = True
    return Reading(
        reader.blocks,
        pages=len(workbook.sheets_metadata) or None,
        warnings=reader.warnings,
        notes={"unit": "sheet", "hidden": reader.hidden, "comments": reader.comments, **dangers},
    )


def _open(content: bytes, kind: str) -> python_calamine.CalamineWorkbook:
    if kind == "xls" and _has_password(content):
        raise Refused("encrypted")
    calamine = load_native("python_calamine", "_python_calamine")
    try:
        workbook: python_calamine.CalamineWorkbook = calamine.CalamineWorkbook.from_filelike(
            io.BytesIO(content)
        )
    except calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("corrupt") from error
    except BaseException as error:  # a panic in Rust is a BaseException, and has no type to name
        if type(error).__name__ != "PanicException" or kind == "xlsx":
            raise
        raise Refused("corrupt", SAVE_AS_XLSX) from error
    if len(workbook.sheets_metadata) > MAX_SHEETS:
        sheets = len(workbook.sheets_metadata)
        raise Refused("too_many_pages", TOO_MANY_SHEETS.format(sheets=sheets, limit=MAX_SHEETS))
    return workbook


def _has_password(content: bytes) -> bool:
    """A record FILEPASS among the first of the workbook's stream; the parser reads on and finds noise. [MS-XLS] §2.4.117."""
    start = content.find(_WORKBOOK_START)
    while start >= 0 and start % _SECTOR_BYTES:
        start = content.find(_WORKBOOK_START, start + 1)
    for _ in range(_RECORDS_BEFORE_PASSWORD if start >= 0 else 0):
        kind, size = content[start : start + 2], int.from_bytes(content[start + 2 : start + 4], "little")
        if kind == b"\x2f\x00":
            return True
        start += 4 + size
    return False


def _has_macros(content: bytes, archive: Archive | None) -> bool:
    if archive is not None:  # ODF 1.3 part 2, §3.1: macros lie in a folder of their own
        return any(name.startswith(("Basic/", "Scripts/")) for name in archive.names)
    return any(mark in content for mark in _OLD_MACROS)


class _WorkbookReader:
    """Reads sheet by sheet and keeps count of cells."""

    def __init__(self, workbook: python_calamine.CalamineWorkbook, facts: WorkbookFacts | None) -> None:
        self._workbook = workbook
        self._facts = facts
        self._writer = TableWriter()
        self._cells = 0
        self.hidden: list[str] = []
        self.comments = 0
        self.has_macro_sheet = False

    @property
    def blocks(self) -> list[Block]:
        return self._writer.blocks

    @property
    def warnings(self) -> list[str]:
        return self._writer.warnings

    def read(self) -> None:
        for number, sheet in enumerate(self._workbook.sheets_metadata, 1):
            self.has_macro_sheet |= _word(sheet.typ) in ("MacroSheet", "Vba")
            self._read_sheet(number, sheet.name, visible=_word(sheet.visible) == "Visible")

    def _read_sheet(self, number: int, name: str, *, visible: bool) -> None:
        facts = self._facts.sheet(name) if self._facts else SheetFacts()
        _check_range(name, facts)
        grid = self._grid(name, facts)
        if not visible and (grid.rows or facts.comments):
            self.hidden.append(f"sheet {name}")
        if visible:
            self._note_hidden(grid, facts)
        self._writer.write(
            grid,
            number,
            Hidden(
                everything=not visible,
                rows=frozenset(facts.hidden_rows),
                columns=frozenset(facts.hidden_columns),
            ),
        )
        for address, said in facts.comments:
            self.comments += 1
            place = f"{quoted_name(name)}!{address}, comment"
            self.blocks.extend(Block(piece, number, name, "comment", place) for piece in split_long(said))

    def _grid(self, name: str, facts: SheetFacts) -> Grid:
        """The filled rows, with errors and percentages as a reader of the sheet sees them."""
        sheet = self._workbook.get_sheet_by_name(name)
        if sheet.start is None:
            return Grid(name, _with_errors({}, 0, facts))
        top, left = sheet.start
        rows: dict[int, list[Cell]] = {}
        # Rows come with those above the first filled one, columns without those before it.
        for offset, cells in enumerate(sheet.to_python(skip_empty_area=True)):
            filled = sum(cell != "" for cell in cells)
            if filled:
                self._count(filled)
                rows[top + offset + 1] = list(cells)
        for row, column in facts.percentages:
            _show_percentage(rows.get(row), column - left)
        return Grid(name, _with_errors(rows, left, facts), left)

    def _count(self, filled: int) -> None:
        self._cells += filled
        if self._cells > MAX_CELLS:
            raise Refused("too_large", TOO_MANY_CELLS.format(limit=MAX_CELLS))

    def _note_hidden(self, grid: Grid, facts: SheetFacts) -> None:
        """Only what holds something: an empty hidden column hides nothing."""
        rows = sorted(number for number, _ in grid.rows if number in facts.hidden_rows)
        columns = sorted(
            column
            for column in facts.hidden_columns
            if any(
                0 <= column - grid.first_column < len(cells) and cells[column - grid.first_column] != ""
                for _, cells in grid.rows
            )
        )
        if rows:
            self.hidden.append(f"{_ranges('row', rows, str)} of sheet {grid.name}")
        if columns:
            self.hidden.append(f"{_ranges('column', columns, column_letters)} of sheet {grid.name}")


def _check_range(name: str, facts: SheetFacts) -> None:
    """Before the parser allocates it: one stray cell in the last corner of a sheet asks for 549 GB."""
    if facts.area > MAX_AREA:
        cell = f"{column_letters(facts.last_column - 1)}{facts.last_row}"
        raise Refused("too_complex", RANGE_TOO_LARGE.format(sheet=name, cell=cell))


def _word(member: object) -> str:
    """The name of an enum's member: the native ones compare unequal across loads."""
    return str(member).rpartition(".")[2]


def _with_errors(rows: dict[int, list[Cell]], left: int, facts: SheetFacts) -> list[tuple[int, list[Cell]]]:
    """The parser leaves cells with errors empty."""
    for (row, column), error in facts.errors.items():
        cells = rows.setdefault(row, [])
        index = column - left
        if index >= 0:
            cells += [""] * (index + 1 - len(cells))
            cells[index] = error
    return sorted(rows.items())


def _show_percentage(cells: list[Cell] | None, index: int) -> None:
    if cells is not None and 0 <= index < len(cells):
        value = cells[index]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            cells[index] = f"{value * 100:.10g}%"


def _ranges(noun: str, numbers: list[int], label: Callable[[int], str]) -> str:
    """ "rows 5–8, 12", "column C"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    named = [label(first) if first == last else f"{label(first)}–{label(last)}" for first, last in spans]
    more = f" and {len(named) - _MOST_RANGES} more places" if len(named) > _MOST_RANGES else ""
    return f"{noun}{'' if len(numbers) == 1 else 's'} {', '.join(named[:_MOST_RANGES])}{more}"
