from __future__ import annotations

import pytest

from smallprint.documents.reading import Block, Reading, Refused
from smallprint.documents.sheets import reader as sheets
from smallprint.documents.sheets.reader import (
    RANGE_TOO_LARGE,
    SAVE_AS_XLSX,
    TOO_MANY_CELLS,
    TOO_MANY_SHEETS,
    read_workbook,
)
from tests.fakes import documents, legacy_office, office
from tests.fakes.office import SheetOf

ROWS: office.Rows = [["Item", "Price"], ["Cap", 5.0], ["Fee", 12.5], ["Tax", 0.3]]
SHEET = "xl/worksheets/sheet1.xml"


def refusal(content: bytes, kind: str = "xlsx") -> Refused:
    with pytest.raises(Refused) as refused:
        read_workbook(content, kind)
    return refused.value


def told(reading: Reading, *kinds: str) -> list[tuple[str, str]]:
    return [(block.place, block.text) for block in reading.blocks if block.kind in kinds]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("xlsx", office.workbook_of(ROWS)),
        ("xls", legacy_office.legacy_workbook({"Budget": ROWS})),
        ("xlsb", legacy_office.binary_workbook({"Budget": ROWS})),
        ("ods", office.open_sheets({"Budget": ROWS})),
    ],
)
def test_every_kind_of_workbook_is_read_alike(kind: str, content: bytes) -> None:
    reading = read_workbook(content, kind)
    assert told(reading, "table") == [("Budget!A1:B4", "Item | Price\nCap | 5\nFee | 12.5\nTax | 0.3")]
    assert told(reading, "profile")[0][1].startswith("Sheet Budget: 3 rows of data in 2 columns (A2:B4)")
    assert (reading.pages, reading.notes["unit"], reading.notes["macros"]) == (1, "sheet", False)
    assert {block.page for block in reading.blocks} == {1}


def test_formulas_give_their_results_and_their_errors() -> None:
    rows: office.Rows = [["Item", "Sum"], ["Cap", "=1+2\t3"], ["Fee", "=1/0\t#DIV/0!"], ["Tax", "=X\t#NAME?"]]
    reading = read_workbook(office.workbook_of(rows), "xlsx")
    assert told(reading, "table") == [("Budget!A1:B4", "Item | Sum\nCap | 3\nFee | #DIV/0!\nTax | #NAME?")]
    assert "Formula errors: B3 #DIV/0!, B4 #NAME?." in told(reading, "profile")[0][1]


def test_an_error_outside_the_other_cells_is_not_lost() -> None:
    reading = read_workbook(office.workbook_of([["=1/0\t#DIV/0!"]]), "xlsx")
    assert told(reading, "table") == [("Budget!A1", "#DIV/0!")]


def test_percentages_are_shown_as_their_readers_see_them() -> None:
    content = office.workbook({"Budget": SheetOf([["Rate"], [0.15], [0.075]], percent_columns=("A",))})
    assert told(read_workbook(content, "xlsx"), "table") == [("Budget!A1:A3", "Rate\n15%\n7.5%")]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "xlsx",
            office.workbook({"Budget": SheetOf(ROWS), "Old prices": SheetOf([["secret"]], very_hidden=True)}),
        ),
        (
            "xlsx",
            office.workbook({"Budget": SheetOf(ROWS), "Old prices": SheetOf([["secret"]], hidden=True)}),
        ),
        (
            "xls",
            legacy_office.legacy_workbook(
                {"Budget": ROWS, "Old prices": [["secret"]]}, hidden=["Old prices"]
            ),
        ),
        ("ods", office.open_sheets({"Budget": ROWS, "Old prices": [["secret"]]}, hidden=["Old prices"])),
    ],
)
def test_hidden_sheets_are_read_and_called_hidden(kind: str, content: bytes) -> None:
    reading = read_workbook(content, kind)
    assert told(reading, "hidden") == [("'Old prices'!A1", "secret")]
    assert reading.notes["hidden"] == ["sheet Old prices"]


def test_hidden_rows_and_columns_are_named() -> None:
    content = office.workbook(
        {"Budget": SheetOf(ROWS, hidden_rows=(3, 4), hidden_columns=("B", "F")), "Second": SheetOf([["a"]])}
    )
    reading = read_workbook(content, "xlsx")
    assert reading.notes["hidden"] == ["rows 3–4 of sheet Budget", "column B of sheet Budget"]
    assert told(reading, "hidden") == [("Budget!A3:B4", "Fee\nTax"), ("Budget!B1:B4", "Price\n5\n12.5\n0.3")]


def test_comments_have_their_cell_and_author() -> None:
    content = office.workbook({"Budget": SheetOf(ROWS, comments=(("B2", "Ann", "Too low?"),))})
    reading = read_workbook(content, "xlsx")
    assert told(reading, "comment") == [("Budget!B2, comment", "Ann: Too low?")]
    assert reading.notes["comments"] == 1


def test_threads_are_read_once_and_not_their_stand_in_too() -> None:
    threads = (
        b'<ThreadedComments><threadedComment ref="A1" personId="{1}"><text>Really?</text></threadedComment>'
        b'<threadedComment ref="A1" personId="{2}"><text>Yes.</text></threadedComment></ThreadedComments>'
    )
    people = (
        b'<personList><person id="{1}" displayName="Ann"/><person id="{2}" displayName="Bob"/></personList>'
    )
    stand_in = "[Threaded comment] Your version of Excel allows you to read this. Comment: Really?"
    content = office.workbook({"Budget": SheetOf(ROWS, comments=(("A1", "tc", stand_in),))})
    content = office.with_relation(
        content, SHEET, "threadedComment", "../threadedComments/threadedComment1.xml"
    )
    content = office.with_relation(content, "xl/workbook.xml", "person", "persons/person.xml")
    content = office.with_parts(
        content, {"xl/threadedComments/threadedComment1.xml": threads, "xl/persons/person.xml": people}
    )
    reading = read_workbook(content, "xlsx")
    assert told(reading, "comment") == [
        ("Budget!A1, comment", "Ann: Really?"),
        ("Budget!A1, comment", "Bob: Yes."),
    ]


def test_macros_and_links_are_noticed() -> None:
    content = office.with_parts(office.workbook_of(ROWS), {"xl/vbaProject.bin": b"macro"})
    content = office.with_relation(content, SHEET, "oleObject", "https://example.com/x", external=True)
    notes = read_workbook(content, "xlsx").notes
    assert (notes["macros"], notes["external_links"]) == (True, 1)


def test_a_cell_in_the_last_corner_is_refused_before_memory_is_asked_for() -> None:
    stray = office.part(office.workbook_of(ROWS), SHEET).replace(b'r="B4"', b'r="XFD1048576"')
    refused = refusal(office.with_parts(office.workbook_of(ROWS), {SHEET: stray}))
    assert refused.code == "too_complex"
    assert refused.message == RANGE_TOO_LARGE.format(sheet="Budget", cell="XFD1048576")


def test_sheets_and_cells_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    many = refusal(office.workbook({f"S{n}": SheetOf([["a"]]) for n in range(51)}))
    assert (many.code, many.message) == ("too_many_pages", TOO_MANY_SHEETS.format(sheets=51, limit=50))
    monkeypatch.setattr(sheets, "MAX_CELLS", 7)  # so that the test needs no million
    full = refusal(office.workbook_of(ROWS))
    assert (full.code, full.message) == ("too_large", TOO_MANY_CELLS.format(limit=7))


def test_a_password_is_noticed_before_noise_is_read() -> None:
    assert refusal(legacy_office.legacy_workbook({"A": ROWS}, protected=True), "xls").code == "encrypted"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_container_without_a_workbook_is_damaged(kind: str) -> None:
    assert (
        refusal(documents.zipped({"xl/workbook.xml": b"<x/>", "content.xml": b"<x"}), kind).code == "corrupt"
    )


def test_a_workbook_that_its_parser_gives_up_on_can_be_saved_otherwise() -> None:
    content = legacy_office.binary_workbook({"Budget": ROWS})
    broken = office.with_parts(content, {"xl/_rels/workbook.bin.rels": b"<Relationships/>"})
    refused = refusal(broken, "xlsb")
    assert (refused.code, refused.message) == ("corrupt", SAVE_AS_XLSX)


def test_blocks_know_their_sheet() -> None:
    reading = read_workbook(office.workbook({"A": SheetOf(ROWS), "B": SheetOf(ROWS)}), "xlsx")

    def where(block: Block) -> tuple[int | None, str]:
        return (block.page, block.section)

    assert list(dict.fromkeys(map(where, reading.blocks))) == [(1, "A"), (2, "B")]
