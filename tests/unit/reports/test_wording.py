from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from smallprint.models.domain import Outcome, ReadingReceipt, RiskLevel, Verdict
from smallprint.reports import wording
from tests.fakes.reports import finding, low_report, medium_report, unreviewed_report


@pytest.mark.parametrize(
    ("cost_usd", "expected"),
    [
        (None, "cost unknown"),
        ("0", "no cost"),
        ("0.004", "<$0.01"),
        ("0.01", "$0.01"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_costs_are_told_without_pretending(cost_usd: str | None, expected: str):
    assert wording.cost(None if cost_usd is None else Decimal(cost_usd)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (38.4, "38 s"), (125, "2 min 5 s"), (119.7, "2 min 0 s")],
)
def test_durations_are_told_as_people_say_them(seconds: float, expected: str):
    assert wording.duration(seconds) == expected


@pytest.mark.parametrize(
    ("pages", "expected"),
    [((), ""), ((3,), "3"), ((7, 3, 5, 6, 5), "3, 5–7"), ((1, 2, 4, 8, 9), "1–2, 4, 8–9")],
)
def test_pages_are_told_in_ranges(pages: tuple[int, ...], expected: str):
    assert wording.page_ranges(pages) == expected


@pytest.mark.parametrize(
    ("receipt", "expected"),
    [
        (ReadingReceipt(pages=1), "the only page."),
        (ReadingReceipt(pages=12), "all 12 pages."),
        (ReadingReceipt(passages=1, characters=1_200), "1 passage (1,200 characters)."),
        (ReadingReceipt(pages=5, pages_without_text=(2,)), "4 of 5 pages; there is no text on page 2, so no finding covers it."),
    ],
)  # fmt: skip
def test_the_receipt_says_what_was_read_and_what_was_not(receipt: ReadingReceipt, expected: str):
    assert wording.what_was_read(receipt) == expected


@pytest.mark.parametrize(
    ("outcome", "verdict", "expected"),
    [
        (Outcome.KEPT, Verdict.SUPPORTED, ""),
        (Outcome.KEPT, None, "No verdict from the reviewer"),
        (Outcome.KEPT, Verdict.OVERSTATED, "The reviewer finds this overstated: because"),
        (Outcome.KEPT, Verdict.NOT_CHECKABLE, "The reviewer could not check this: because"),
        (Outcome.LOWERED, Verdict.OVERSTATED, "Lowered from high by the reviewer: because"),
        (Outcome.RAISED, Verdict.SUPPORTED, "Raised from high by the reviewer: because"),
        (Outcome.ADDED, None, "Added by the reviewer"),
    ],
)
def test_what_the_reviewer_changed_is_told(outcome: Outcome, verdict: Verdict | None, expected: str):
    changed = finding(
        1, RiskLevel.MEDIUM, outcome=outcome, verdict=verdict, comment="because", before=RiskLevel.HIGH
    )
    assert wording.review_note(changed, reviewed=True) == expected
    assert wording.review_note(changed, reviewed=False) == ""


def test_the_review_is_told_in_one_line():
    assert wording.review_line(medium_report()) == (
        "Reviewer: 1 confirmed, 1 lowered, 1 added, 1 not checkable, 1 set aside"
    )
    assert wording.review_line(low_report()) == "Reviewer: nothing to add"
    assert wording.review_line(replace(unreviewed_report(), review_note="")) == wording.NOT_REVIEWED


def test_findings_that_could_not_be_quoted_are_counted():
    assert wording.ungrounded_sentence(low_report()) == ""
    assert wording.ungrounded_sentence(replace(low_report(), ungrounded=3)).startswith(
        "3 findings are not shown"
    )


def test_what_has_no_name_gets_one():
    nameless = finding(1, title="\u200b", category="")
    assert wording.title(nameless) == wording.UNTITLED_FINDING
    assert wording.document_name(replace(low_report(), document_name=" ")) == wording.UNTITLED_DOCUMENT
