from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.reading import Reading, Refused
from smallprint.documents.sheets import delimited
from smallprint.documents.sheets.delimited import FIELD_TOO_LONG, TOO_MANY_CELLS, read_delimited


def table(reading: Reading) -> str:
    return "\n".join(block.text for block in reading.blocks if block.kind == "table")


def refusal(content: bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        read_delimited(content)
    return refused.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = f"Item{delimiter}Price\nCap{delimiter}5\nFee{delimiter}7\n"
    reading = read_delimited(text.encode())
    assert table(reading) == "Item | Price\nCap | 5\nFee | 7"
    assert [block.place for block in reading.blocks if block.kind == "table"] == ["A1:B3"]


def test_a_comma_inside_numbers_is_no_delimiter() -> None:
    text = "Ding;Preis\nKappe;1.200,50\nGebühr;7,25\nSteuer;0,30\n"
    reading = read_delimited(text.encode("cp1252"))
    assert table(reading).startswith("Ding | Preis\nKappe | 1.200,50\nGebühr")
    assert "Column B “Preis”: numbers from 0.3 to 1,200.5, sum 1,208.05" in reading.blocks[0].text


def test_quoted_cells_may_hold_delimiters_and_ends_of_lines() -> None:
    reading = read_delimited(b'Item,Note\nCap,"dear, very\nso"\nFee,"say ""no"""\n')
    assert table(reading) == 'Item | Note\nCap | dear, very so\nFee | say "no"'


def test_excels_own_first_line_names_the_delimiter_and_shifts_the_rows() -> None:
    reading = read_delimited(b"sep=|\r\nItem|Price, net\r\nCap|5,00\r\n")
    assert table(reading) == "Item | Price, net\nCap | 5,00"
    assert reading.blocks[-1].place == "A2:B3"


def test_formulas_are_read_as_text_and_said_to_be_formulas() -> None:
    reading = read_delimited(b"Item,Price\n=cmd|'/c calc'!A0,5\nFee,-7\nTax,+3.5\n")
    assert "=cmd|'/c calc'!A0 | 5" in table(reading)
    assert reading.warnings == [
        "One cell would be run as a formula by a spreadsheet; here it is read as text."
    ]
    assert reading.notes["external_links"] == 1


def test_functions_that_fetch_count_as_links_and_others_do_not() -> None:
    reading = read_delimited(b'a,b\n"=HYPERLINK(""http://x.example"")",=SUM(A1:A2)\n@x,ok\n')
    assert reading.notes["external_links"] == 1
    assert reading.warnings == [
        "3 cells would be run as formulas by a spreadsheet; here they are read as text."
    ]


def test_a_field_that_never_ends_and_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = refusal(b'a,b\n"' + b"word " * 40_000)
    assert (endless.code, endless.message) == ("too_large", FIELD_TOO_LONG.format(limit=131_072))
    monkeypatch.setattr(delimited, "MAX_CELLS", 5)  # so that the test needs no million
    assert refusal(b"a,b\n1,2\n3,4\n").message == TOO_MANY_CELLS.format(limit=5)


def test_empty_rows_and_columns_at_the_end_are_nothing() -> None:
    reading = read_delimited(b"a,b,,\n,,,\n1,2,,\n,,,\n")
    assert table(reading) == "a | b\n1 | 2"
    assert reading.blocks[-1].place == "A1:B3"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        read_delimited(content)
    except Refused as refused:
        assert refused.code in {"too_large", "corrupt"}  # noqa: PT017 - either way is right
