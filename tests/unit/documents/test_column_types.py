from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.sheets.column_types import TypedColumn, is_numeric

if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell


def numbers(*values: Cell) -> list[float]:
    return [value for _, value in TypedColumn(list(values)).numbers]


def dates(*values: Cell) -> list[str]:
    return [value for _, value in TypedColumn(list(values)).dates]


def test_values_are_sorted_by_type() -> None:
    column = TypedColumn([1.5, "two", "", dt.date(2024, 1, 2), True, "#REF!", " ", "two"])
    assert (len(column.numbers), column.texts, len(column.dates), column.others) == (1, 2, 1, 1)
    assert (column.errors, column.blanks, column.distinct) == (1, 2, 4)


def test_numbers_kept_as_text_are_numbers() -> None:
    assert numbers("1,234.50", "-7", "(12)", "1e3", "$5") == [1234.5, -7, -12, 1000, 5]


def test_the_decimal_comma_is_recognised_by_the_column() -> None:
    assert numbers("1.234,50", "7,5", "12 000,25") == [1234.5, 7.5, 12000.25]


def test_a_unit_counts_if_every_number_has_it() -> None:
    assert TypedColumn(["5%", "7 %"]).unit == "%"
    assert TypedColumn(["$5", "-$7"]).unit == "$"
    assert TypedColumn(["$5", "7"]).unit == ""
    assert TypedColumn(["5%", 7.0]).unit == ""


@pytest.mark.parametrize("text", ["00123", "+4930123456", "12-34", "1.2.3", "A1", "", "1,2,3"])
def test_identifiers_are_no_numbers(text: str) -> None:
    assert not is_numeric(text)


def test_dates_come_out_in_iso() -> None:
    assert dates("2024-01-31", "2024-01-31T10:00:00Z", "31.1.2024") == ["2024-01-31"] * 3
    assert dates(dt.datetime(2024, 1, 31, 5)) == ["2024-01-31"]  # noqa: DTZ001 - spreadsheets know no time zones


def test_slashed_dates_are_told_apart_by_their_column() -> None:
    assert dates("3/4/2024", "31/1/2024") == ["2024-04-03", "2024-01-31"]
    assert dates("3/4/2024", "1/31/2024") == ["2024-03-04", "2024-01-31"]
    assert dates("3/4/2024", "5/6/2024") == ["", ""]


@given(st.lists(st.one_of(st.text(max_size=12), st.floats(), st.booleans())))
def test_every_value_is_counted_once(values: list[Cell]) -> None:
    column = TypedColumn(values)
    counted = len(column.numbers) + len(column.dates) + column.texts + column.others + column.errors
    assert counted + column.blanks == len(values)
