from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from smallprint.models.domain import Evidence, Match, Outcome, PassageKind, RiskLevel, Verdict
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
    ("match", "expected"),
    [
        (Match.EXACT, "✓ verified"),
        (Match.APPROXIMATE, "≈ close match"),
        (Match.UNVERIFIED, "from a scan, not machine-verified"),
    ],
)
def test_a_quotation_says_how_well_it_was_found(match: Match, expected: str):
    assert wording.verification(Evidence(match, "words")) == expected


@pytest.mark.parametrize(
    ("where", "kind", "expected"),
    [
        ("p. 3", PassageKind.BODY, "p. 3"),
        ("p. 3", PassageKind.DELETION, "p. 3, deleted text"),
        ("Budget!A5:F5", PassageKind.TABLE, "Budget!A5:F5"),
        ("slide 7, notes", PassageKind.NOTES, "slide 7, notes"),
        ("slide 7", PassageKind.NOTES, "slide 7, speaker notes"),
        ("deletion by Ann · 14.2 Liability", PassageKind.DELETION, "deletion by Ann · 14.2 Liability"),
        ("14.2 Deletion of data", PassageKind.DELETION, "14.2 Deletion of data, deleted text"),
        ("p. 3, comment by Ann", PassageKind.COMMENT, "p. 3, comment by Ann"),
        ("page header", PassageKind.HEADER, "page header"),
        ("hidden sheet Old!A1", PassageKind.HIDDEN, "hidden sheet Old!A1"),
        ("", PassageKind.COMMENT, "in the document, comment"),
    ],
)
def test_a_quotation_says_where_it_stands_and_what_it_is(where: str, kind: PassageKind, expected: str):
    assert wording.locator(Evidence(Match.EXACT, "words", locator=where, kind=kind)) == expected


def test_every_kind_of_passage_but_the_text_itself_has_a_name():
    plain_text = Evidence(Match.EXACT, "words", locator="p. 1")
    named = {wording.locator(replace(plain_text, kind=kind)) for kind in PassageKind}
    assert len(named) == len(PassageKind) - 1  # a table is part of the text


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
