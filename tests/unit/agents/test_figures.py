import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.figures import find_figures
from smallprint.models.domain import Finding, PassageKind, RiskLevel
from tests.fakes.passages import document_of

TABLE = PassageKind.TABLE


def figures(table: str) -> dict[str, Finding]:
    return {finding.category: finding for finding in find_figures(document_of((TABLE, table)))}


def test_a_total_that_its_rows_do_not_support_is_quoted_with_both_figures():
    found = figures("Item | Price\nDesign | EUR 38,000\nBuild | EUR 64,500\nTotal | EUR 110,000")
    finding = found["document.figures_do_not_add_up"]
    assert [quotation.text for quotation in finding.quotations] == ["Total | EUR 110,000"]
    assert "102,500" in finding.statement
    assert "110,000" in finding.statement


@pytest.mark.parametrize(
    "table",
    [
        "Item | Price\nDesign | 38,000\nBuild | 64,500\nTotal | 102,500",
        "Item | £ million\nShares | 9.14\nPlant | 2.14\nTotal | 11.3",  # rounded
        "INCOME\nItem | Sum\nA | 10\nB | 20\nTotal income | 30\nCOSTS\nC | 5\nD | 6\nTotal costs | 11",
        "Item | Sum\nA | 10\nB | 20\nSubtotal | 30\nC | 5\nD | 6\nSubtotal | 11\nTotal | 41",
        "Item | Average rate\nA | 10\nB | 20\nTotal | 15",
        "Item | Unit price\nA | 10\nB | 20\nTotal | 17",
        "Item | Sum\nA | 10\nTotal | 99",  # one row is nothing to add up
        "Item | Sum\nA | 10\nB | 20\nTotal | 9,000",  # so far off that the table means something else
        "Item | Sum\nA | n/a\nB | t.b.d.\nTotal | 17",
    ],
)
def test_totals_that_may_be_right_are_left_alone(table):
    assert not figures(table)


def test_a_failed_formula_is_quoted():
    finding = figures("Line | Year\nSales | 10\nPer visitor | #REF!")["document.formula_error"]
    assert finding.quotations[0].text == "Per visitor | #REF!"


def test_one_digit_too_many_stands_out_of_its_row():
    found = figures("Line | Q1 | Q2 | Q3 | Q4 | Year\nPost | 120 | 118 | 1,210 | 119 | 1,567")
    assert "10 times" in found["document.outlier"].statement


def test_a_row_that_grows_is_no_slip():
    assert not figures("Line | Q1 | Q2 | Q3 | Q4\nSales | 100 | 400 | 900 | 1,600")


def test_what_the_profile_calls_far_outside_is_told_as_a_low_risk():
    words = "Sheet Data: 40 rows.\nFar outside the rest of their column: B7 9,000."
    (finding,) = find_figures(document_of((PassageKind.PROFILE, words)))
    assert finding.severity is RiskLevel.LOW
    assert finding.quotations[0].text == "Far outside the rest of their column: B7 9,000."


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8))
def test_a_right_total_is_never_an_alarm(amounts):
    rows = "".join(f"Row {number} | {amount:,}\n" for number, amount in enumerate(amounts))
    assert "document.figures_do_not_add_up" not in figures(f"Item | Sum\n{rows}Total | {sum(amounts):,}")


@given(st.text(alphabet="total |0123456789.,-€#\n", max_size=200))
def test_no_table_stops_the_search(table):
    find_figures(document_of((TABLE, table)))
