from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from smallprint.documents.sheets.cells import Grid
from smallprint.documents.sheets.table_profile import profile

if TYPE_CHECKING:
    from smallprint.documents.sheets.cells import Cell


def lines(*rows: list[Cell], name: str = "Budget") -> list[str]:
    return profile(Grid(name, list(enumerate(rows, 1)))).text.splitlines()


ITEMS: list[list[Cell]] = [[f"Item {number}", float(number)] for number in range(1, 21)]


def test_a_table_is_described_for_people() -> None:
    assert lines(
        ["Item", "Price", "Start", "Share"],
        ["Cap", 1200.5, "2024-01-02", "5%"],
        ["Fee", 0.1, "2024-03-01", "7%"],
        ["Fee", 0.2, "", "7%"],
    ) == [
        "Sheet Budget: 3 rows of data in 4 columns (A2:D4), headers in row 1.",
        "Column A “Item”: text; 2 distinct.",
        "Column B “Price”: numbers from 0.1 to 1,200.5, sum 1,200.8; all distinct.",
        "Column C “Start”: dates from 2024-01-02 to 2024-03-01; all distinct, 1 blank.",
        "Column D “Share”: numbers from 5% to 7%; 2 distinct.",
    ]


def test_a_file_without_sheets_is_a_table() -> None:
    assert lines(["Item", "Price"], *ITEMS, name="")[0] == (
        "Table: 20 rows of data in 2 columns (A2:B21), headers in row 1."
    )


def test_headers_may_stand_below_a_title() -> None:
    found = lines(["Price list 2024"], ["Item", "Price"], *ITEMS)
    assert found[0].endswith("(A3:B22), headers in row 2.")


def test_numbers_in_the_first_row_are_no_headers() -> None:
    assert lines([1.0, 2.0], [3.0, 4.0])[0].endswith("no row of headers found.")


def test_one_column_has_a_header_only_if_its_values_are_of_another_type() -> None:
    assert lines(["Year"], [2024.0], [2025.0])[0].endswith("headers in row 1.")
    assert lines(["Ann"], ["Bob"], ["Eve"])[0].endswith("no row of headers found.")


def test_years_are_not_added_up_and_equal_numbers_are_said_once() -> None:
    found = lines(["Year", "Rate"], [2024.0, 5.0], [2025.0, 5.0])
    assert found[1:] == [
        "Column A “Year”: years from 2024 to 2025; all distinct.",
        "Column B “Rate”: numbers, all 5; 1 distinct.",
    ]


def test_a_sum_beyond_all_numbers_is_left_out() -> None:
    assert lines(["Id", "Size"], ["a", 1e308], ["b", 1.5e308])[2].endswith("e+308; all distinct.")


def test_totals_are_left_out_of_the_figures() -> None:
    found = lines(["Item", "Price"], *ITEMS, ["Total", 210.0])
    assert found[2] == "Column B “Price”: numbers from 1 to 20, sum 210; all distinct."
    assert found[3] == "Row 22 seems to be totals and is left out of these figures."


def test_repeated_rows_are_named() -> None:
    found = lines(["Item", "Price"], *ITEMS, ["Item 3", 3.0], ["Item 4", 4.0])
    assert found[-1] == "2 rows repeat an earlier row: 22, 23."


def test_a_value_far_from_the_others_is_named_and_worth_showing() -> None:
    rows: list[list[Cell]] = [["Item", "Price"], *ITEMS, ["Slip", 120_000.0]]
    found = profile(Grid("Budget", list(enumerate(rows, 1))))
    assert found.text.splitlines()[-1] == "Far outside the rest of their column: B22 (120,000)."
    assert found.notable == [22]


def test_many_far_values_are_the_shape_of_the_data_and_no_outliers() -> None:
    big: list[list[Cell]] = [[f"Big {number}", 1e6 * number] for number in range(1, 5)]
    found = lines(["Item", "Price"], *ITEMS, *big)
    assert not any(line.startswith("Far outside") for line in found)


def test_formula_errors_are_named_with_their_cells() -> None:
    rows: list[list[Cell]] = [["Item", "Price"], ["Cap", "#REF!"], ["Fee", "#DIV/0!"], ["Tax", 3.0]]
    found = profile(Grid("Budget", list(enumerate(rows, 1))))
    assert found.text.splitlines()[-2:] == [
        "Column B “Price”: one number, 3; 1 distinct, 2 errors.",
        "Formula errors: B2 #REF!, B3 #DIV/0!.",
    ]
    assert found.notable == [2, 3]


def test_long_lists_are_counted_and_not_written_out() -> None:
    same: list[list[Cell]] = [["Cap", 1.0]] * 31
    found = lines(["Item", "Price"], *same)
    assert found[-1] == "30 rows repeat an earlier row: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 20 more."


def test_a_very_wide_table_is_described_in_part() -> None:
    found = lines([f"H{n}" for n in range(80)], [float(n) for n in range(80)], [0.5] * 80)
    assert found[-1] == "20 further columns are not described."


CELLS = st.one_of(
    st.text(max_size=8), st.floats(), st.booleans(), st.sampled_from(["", "#REF!", "Total", "5%", "1.2.2024"])
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=12))
def test_any_table_has_a_profile(rows: list[list[Cell]]) -> None:
    found = profile(Grid("A", list(enumerate(rows, 1))))
    assert found.text.startswith("Sheet A: ")
    assert found.data_rows + len(found.totals) <= len(rows)
