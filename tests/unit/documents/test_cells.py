from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.sheets.cells import Grid, cell_text, column_letters, number_text, quoted_name

if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell


def test_columns_have_letters() -> None:
    assert [column_letters(index) for index in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


def test_places_can_be_pasted_into_a_spreadsheet() -> None:
    grid = Grid("Old prices", [(5, ["a", "b"]), (9, ["c"])], first_column=1)
    assert (grid.address(7, 0), grid.width) == ("B7", 2)
    assert grid.place(5, 9, 2) == "'Old prices'!B5:C9"
    assert grid.place(5, 5, 1) == "'Old prices'!B5"
    assert Grid("", [(1, ["a"])]).place(1, 2, 1) == "A1:A2"
    assert [quoted_name(name) for name in ("Budget", "2024", "Ann's", "Q1_2024.final")] == [
        "Budget",
        "'2024'",
        "'Ann''s'",
        "Q1_2024.final",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (12.0, "12"),
        (-0.5, "-0.5"),
        (1e20, "100000000000000000000"),
        (1e-7, "1e-07"),
        (True, "TRUE"),
        (" two\n lines ", "two lines"),
        (dt.date(2024, 1, 2), "2024-01-02"),
        (dt.datetime(2024, 1, 2), "2024-01-02"),  # noqa: DTZ001 - spreadsheets know no time zones
        (dt.datetime(2024, 1, 2, 3, 4, 5, 600), "2024-01-02 03:04:05"),  # noqa: DTZ001
        (dt.time(3, 4), "03:04:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        (dt.timedelta(hours=-1), "-1:00:00"),
    ],
)
def test_values_are_written_as_a_reader_sees_them(value: Cell, text: str) -> None:
    assert cell_text(value) == text


def test_sentences_group_thousands() -> None:
    assert [number_text(value, grouped=True) for value in (1234567.5, -1234.0, -0.25, 12)] == [
        "1,234,567.5",
        "-1,234",
        "-0.25",
        "12",
    ]


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_grouping_changes_no_digit(value: float) -> None:
    assert number_text(value, grouped=True).replace(",", "") == number_text(value)
