from __future__ import annotations

from dataclasses import replace

import pytest

from smallprint.models.domain import FindingReview, Outcome, RiskLevel, Ruling, Verdict
from smallprint.reports import verdicts
from tests.fakes.reports import finding, low_report, medium_report, thorough_report, unreviewed_report


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
    assert verdicts.review_note(changed, reviewed=True) == expected
    assert verdicts.review_note(changed, reviewed=False) == ""


def test_the_review_is_told_in_one_line():
    assert verdicts.review_line(medium_report()) == (
        "Reviewer: 1 confirmed, 1 lowered, 1 added, 1 not checkable, 1 set aside"
    )
    assert verdicts.review_line(low_report()) == "Reviewer: nothing to add"
    assert verdicts.review_line(replace(unreviewed_report(), review_note="")) == verdicts.NOT_REVIEWED
    assert verdicts.review_line(thorough_report()) == (
        "Reviewer: 1 added, 1 not checkable, 2 settled by an adjudicator, 1 set aside"
    )


@pytest.mark.parametrize(
    ("outcome", "verdict", "ruled", "note", "ruling"),
    [
        (Outcome.KEPT, Verdict.SUPPORTED, Verdict.SUPPORTED, "", "Adjudicator: supported, low: so"),
        (Outcome.KEPT, Verdict.UNSUPPORTED, Verdict.SUPPORTED, "The reviewer finds no support for this: because", "Adjudicator: supported, low: so"),
        (Outcome.LOWERED, Verdict.OVERSTATED, Verdict.OVERSTATED, "The reviewer finds this overstated: because", "Lowered from high. Adjudicator: overstated, low: so"),
        (Outcome.RAISED, Verdict.SUPPORTED, Verdict.SUPPORTED, "The reviewer rates this medium: because", "Raised from high. Adjudicator: supported, low: so"),
        (Outcome.LOWERED, Verdict.OVERSTATED, Verdict.NOT_CHECKABLE, "Lowered from high by the reviewer: because", "Adjudicator: not checkable, low: so"),
        (Outcome.ADDED, None, Verdict.SUPPORTED, "Added by the reviewer", "Adjudicator: supported, low: so"),
    ],
)  # fmt: skip
def test_what_the_adjudicator_decided_stands_beside_what_the_reviewer_said(
    outcome: Outcome, verdict: Verdict | None, ruled: Verdict, note: str, ruling: str
):
    judged = replace(
        finding(
            1, RiskLevel.MEDIUM, outcome=outcome, verdict=verdict, comment="because", before=RiskLevel.HIGH
        ),
        ruling=Ruling("F1", ruled, RiskLevel.LOW, "so"),
    )
    assert verdicts.review_note(judged, reviewed=True) == note
    assert verdicts.ruling_note(judged) == ruling
    assert verdicts.ruling_note(replace(judged, ruling=None)) == ""


def test_what_was_set_aside_says_who_thought_so():
    aside = finding(1, title="A title", outcome=Outcome.REJECTED, verdict=Verdict.UNSUPPORTED, comment="No.")
    assert verdicts.rejection(aside) == "A title (No.)"
    ruled = replace(aside, ruling=Ruling("F1", Verdict.UNSUPPORTED, RiskLevel.LOW, ""))
    assert verdicts.rejection(ruled) == "A title (No. Adjudicator: unsupported, low)"
    silent = replace(aside, review=FindingReview("F1", Verdict.UNSUPPORTED, RiskLevel.LOW, " "))
    assert verdicts.rejection(silent) == "A title"
