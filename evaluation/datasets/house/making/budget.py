"""A theatre's budget: a typed-over total, one zero too many, a broken reference and a sheet that nobody was to see."""

from __future__ import annotations

from evaluation.datasets.house.making.labels import HouseDocument, harmless, neutral, risk
from evaluation.datasets.house.making.workbook import Cell, Formula, Sheet, workbook

from smallprint.models.domain import DocumentType, RiskLevel

_INCOME = (
    ("Ticket sales", (248_000, 196_000, 221_000, 305_000)),
    ("Arts Council grant", (90_000, 90_000, 90_000, 90_000)),
    ("Bar and café", (41_500, 33_200, 36_900, 58_400)),
    ("Hire of rooms", (12_000, 14_500, 9_000, 11_500)),
)
_COSTS = (
    ("Salaries", (152_000, 152_000, 152_000, 152_000)),
    ("Visiting companies", (98_000, 71_000, 84_000, 126_000)),
    ("Marketing", (18_200, 17_900, 184_000, 19_400)),
    ("Building and energy", (72_000, 58_500, 61_000, 92_500)),
    ("Insurance and fees", (14_200, 14_200, 14_200, 14_200)),
)
_TYPED_TOTAL = 1_534_300
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def _line(row: int, name: str, quarters: tuple[int, ...], note: str = "") -> tuple[Cell, ...]:
    return (name, *quarters, Formula(f"=SUM(B{row}:E{row})", sum(quarters)), note)


def _budget() -> Sheet:
    """The total of the costs was typed, 33,000 below the sum of its lines, and turns a deficit into a surplus."""
    notes = {
        "Marketing": "As agreed with the agency: the same every quarter",
        "Salaries": "Includes the pay rise of 5 %",
    }
    income = [_line(row, name, values) for row, (name, values) in enumerate(_INCOME, start=4)]
    costs = [
        _line(row, name, values, notes.get(name, "")) for row, (name, values) in enumerate(_COSTS, start=10)
    ]
    earned = sum(sum(values) for _, values in _INCOME)
    return Sheet(
        rows=(
            ("Wexcombe Theatre Trust: budget for the year from April 2026, in GBP",),
            ("Line", *_QUARTERS, "Year", "Note"),
            ("INCOME",),
            *income,
            ("Total income", "", "", "", "", Formula("=SUM(F4:F7)", earned)),
            ("COSTS",),
            *costs,
            ("Contingency", "", "", "", "", "t.b.d.", "To be settled with the treasurer"),
            ("Total costs", "", "", "", "", _TYPED_TOTAL),
            ("Surplus of the year", "", "", "", "", Formula("=F8-F16", earned - _TYPED_TOTAL)),
            ("Cost per visitor", "", "", "", "", Formula("=F16/#REF!", "#REF!"), "From the visitor sheet"),
            ("Reserves at the end of the year", "", "", "", "", 412_000, "Policy: at least 300,000. Met"),
        ),
        widths=(32, 11, 11, 11, 11, 13, 48),
        bold_rows=frozenset({0, 1, 2, 7, 8, 15, 16}),
    )  # fmt: skip


_ASSUMPTIONS = Sheet(
    rows=(
        ("Subject", "Assumption", "Basis"),
        ("Ticket sales", "18 % above last year", "Sales have stood still for three years; the team feels that the new season is stronger."),
        ("Pay", "Rise of 3 % from April", "Offer of the management"),
        ("Energy", "Fixed at 21.4 p per kWh until March 2027", "Contract of 3 November 2025"),
        ("Grant", "GBP 360,000", "Award letter of 12 January 2026, paid in four parts"),
        ("Visiting companies", "Fees as in the signed contracts", "Eleven contracts, signed"),
        ("Depreciation", "Straight line over ten years, as before", "Accounting policy, unchanged"),
    ),
    widths=(22, 44, 78),
    bold_rows=frozenset({0}),
)  # fmt: skip

_SCENARIO = Sheet(
    rows=(
        ("Scenario B, not for the board", ""),
        ("If ticket sales stay as last year", "minus GBP 148,000"),
        ("If the roof is repaired this year as the surveyor asks", "minus GBP 95,000"),
        ("Cash runs out in", "February 2027"),
    ),
    widths=(56, 24),
    bold_rows=frozenset({0}),
    hidden=True,
)

_EXPECTED = (
    risk(
        "document.figures_do_not_add_up",
        "The cost lines come to GBP 1,567,300; with that the surplus of 12,700 is a deficit of 20,300",
        "Total costs … 1534300",
        level="high",
    ),
    risk(
        "document.outlier",
        "Marketing in Q3 is ten times every other quarter, against its own note",
        "Marketing | 18200 | 17900 | 184000 | 19400 … the same every quarter",
    ),
    risk(
        "document.contradiction",
        "Marketing is not the same every quarter",
        "Marketing | 18200 | 17900 | 184000 | 19400 … the same every quarter",
        level="low",
    ),
    risk("document.formula_error", "The cost per visitor is a broken reference", "Cost per visitor … #REF!"),
    risk(
        "document.hidden_text",
        "A hidden sheet says that cash may run out",
        "Scenario B, not for the board",
        "February 2027",
        level="high",
    ),
    risk(
        "document.contradiction",
        "The pay rise is 5 % in the budget, 3 % in the assumptions",
        "Includes the pay rise of 5 %",
        "Rise of 3 % from April",
    ),
    risk(
        "proposal.optimistic_assumption",
        "18 % more sales after three flat years, on a feeling",
        "Sales have stood still for three years; the team feels that the new season is stronger.",
    ),
    risk("document.blank_or_placeholder", "No contingency is set", "t.b.d."),
)

_MUST_NOT_FLAG = (
    harmless("proposal.optimistic_assumption", "A fixed contract", "Fixed at 21.4 p per kWh until March 2027"),
    harmless("document.unsupported_claim", "An award letter", "Award letter of 12 January 2026, paid in four parts"),
    neutral("proposal.missing_downside", "Reserves above the policy", "Policy: at least 300,000. Met"),
    neutral("document.outlier", "The fourth quarter holds the Christmas season", "Ticket sales | 248000 | 196000 | 221000 | 305000"),
)  # fmt: skip

_ABSENT = (
    "document.missing_attachment",
    "document.addresses_ai",
    "proposal.conflict_of_interest",
    "liability.cap",
    "term.auto_renewal",
)


def document() -> HouseDocument:
    return HouseDocument(
        id="house-budget",
        title="Budget of the Wexcombe Theatre Trust",
        doc_type=DocumentType.FINANCIAL_REPORT,
        file="budget-2026-27.xlsx",
        content=workbook(
            {"Budget": _budget(), "Assumptions": _ASSUMPTIONS, "Scenario B": _SCENARIO},
            title="Budget 2026/27",
            author="Wexcombe Theatre Trust",
        ),
        perspective="trustee",
        level=RiskLevel.HIGH,
        expected=_EXPECTED,
        must_not_flag=_MUST_NOT_FLAG,
        labelled_absent=_ABSENT,
        facts={
            "parties": ["Wexcombe Theatre Trust"],
            "dates": {"start": "April 2026", "cash runs out": "February 2027"},
            "money": ["GBP 360,000", "412000"],
        },
    )
