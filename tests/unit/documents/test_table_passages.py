from __future__ import annotations

from typing import TYPE_CHECKING

from smallprint.documents.sheets.cells import Grid
from smallprint.documents.sheets.table_passages import SUMMARISED, Hidden, TableWriter

if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell


def grid(count: int, name: str = "Budget") -> Grid:
    rows: list[list[Cell]] = [["Id", "Name"]]
    rows += [[f"K{number}", f"Name {number}"] for number in range(2, count + 2)]
    return Grid(name, list(enumerate(rows, 1)))


def written(*grids: Grid) -> TableWriter:
    writer = TableWriter()
    for each in grids:
        writer.write(each)
    return writer


def shown(writer: TableWriter) -> int:
    return sum(len(block.text.splitlines()) for block in writer.blocks if block.kind == "table")


def test_a_small_table_is_shown_whole_after_its_profile() -> None:
    writer = written(
        Grid("Budget", [(5, ["Item", "Price"]), (7, ["Cap", 5.0]), (8, ["Fee", ""]), (9, ["Tax", 1.0])])
    )
    assert [(block.kind, block.place, block.section) for block in writer.blocks] == [
        ("profile", "Budget!A5:B9", "Budget"),
        ("table", "Budget!A5:B9", "Budget"),
    ]
    assert writer.blocks[1].text == "Item | Price\nCap | 5\nFee\nTax | 1"


def test_rows_are_gathered_into_passages_of_moderate_length() -> None:
    blocks = [block for block in written(grid(200)).blocks if block.kind == "table"]
    assert all(len(block.text) < 1_200 for block in blocks)
    assert blocks[0].place.startswith("Budget!A1:B")
    assert blocks[-1].place.endswith(":B201")


def test_a_large_table_is_summarised_and_says_so() -> None:
    writer = written(grid(12_345))
    assert shown(writer) == 51
    assert writer.warnings == [SUMMARISED.format(what="Sheet Budget", rows=12_345, shown=51)]
    assert writer.warnings[0] == "Sheet Budget: 12,345 rows were summarised; 51 are shown."
    assert writer.blocks[-1].text.endswith("K12346 | Name 12346")


def test_rows_worth_showing_are_shown_from_the_middle_too() -> None:
    table = grid(2_000)
    table.rows[1_000][1][1] = "#REF!"
    blocks = [block for block in written(table).blocks if block.kind == "table"]
    assert ("Budget!A1001:B1001", "K1001 | #REF!") in [(block.place, block.text) for block in blocks]


def test_many_tables_together_never_bring_thousands_of_rows() -> None:
    writer = written(*(grid(450, f"Sheet{n}") for n in range(50)))
    assert shown(writer) < 2_500
    assert len(writer.warnings) == 47


def test_hidden_rows_and_columns_stand_apart() -> None:
    writer = TableWriter()
    table = Grid("Budget", [(1, ["Item", "Cost", "Price"]), (2, ["Cap", 3.0, 5.0]), (3, ["Fee", 4.0, 6.0])])
    writer.write(table, 1, Hidden(rows=frozenset({3}), columns=frozenset({1})))
    assert [(block.kind, block.place, block.text) for block in writer.blocks] == [
        ("table", "Budget!A1:C2", "Item | Price\nCap | 5"),
        ("hidden", "Budget!A3:C3", "Fee | 6"),
        ("hidden", "Budget!B1:B3", "Cost\n3\n4"),
    ]


def test_all_of_a_hidden_sheet_is_hidden_but_for_its_profile() -> None:
    writer = TableWriter()
    writer.write(grid(5), 1, Hidden(everything=True))
    assert {block.kind for block in writer.blocks} == {"profile", "hidden"}


def test_a_cell_with_a_long_text_is_cut_into_passages_of_the_same_place() -> None:
    writer = written(Grid("Notes", [(1, ["This clause is long. " * 200])]))
    assert len(writer.blocks) > 2
    assert {block.place for block in writer.blocks} == {"Notes!A1"}
