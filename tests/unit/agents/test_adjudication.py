"""A third opinion decides between two; it never goes outside them, and never against both."""

import itertools

import pytest

from smallprint.agents.adjudication import apply_rulings, disputed
from smallprint.agents.merge import ADDRESSES_AI, Merged, level_of
from smallprint.models.domain import (
    Evidence,
    Finding,
    FindingReview,
    Match,
    Outcome,
    Quotation,
    ReportFinding,
    RiskLevel,
    Ruling,
    Verdict,
)

LOW, MEDIUM, HIGH, CRITICAL = RiskLevel
WORDS = (Evidence(Match.EXACT, "words", 1, 1, "p. 1", 0, 10),)


def finding(
    analyst: RiskLevel,
    reviewer: RiskLevel | None,
    *,
    finding_id: str = "F1",
    final: RiskLevel | None = None,
    outcome: Outcome = Outcome.KEPT,
    category: str = "liability.uncapped",
) -> ReportFinding:
    stated = Finding(finding_id, category, "Title", "States.", "Why.", "Ask.", analyst, (Quotation("words"),))
    verdict = Verdict.UNSUPPORTED if outcome is Outcome.REJECTED else Verdict.SUPPORTED
    review = None if reviewer is None else FindingReview(finding_id, verdict, reviewer, "Because.")
    return ReportFinding(stated, final or analyst, outcome, WORDS, review)


def merged(*kept: ReportFinding, rejected: tuple[ReportFinding, ...] = ()) -> Merged:
    return Merged(tuple(kept), rejected, level_of(kept))


def ruling(
    severity: RiskLevel, verdict: Verdict = Verdict.SUPPORTED, finding_id: str = "F1"
) -> tuple[Ruling, ...]:
    return (Ruling(finding_id, verdict, severity, "So it is."),)


# --- what is asked ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("analyst", "reviewer"), list(itertools.product(RiskLevel, RiskLevel)))
def test_two_steps_apart_is_asked_about_and_so_is_what_makes_a_document_high_or_critical(analyst, reviewer):
    final = max(analyst, reviewer, key=lambda level: level.rank)
    asked = disputed(merged(finding(analyst, reviewer, final=final)))

    expected = abs(analyst.rank - reviewer.rank) >= 2 or final in {HIGH, CRITICAL}
    assert bool(asked) is expected


@pytest.mark.parametrize(("analyst", "expected"), [(LOW, 0), (MEDIUM, 0), (HIGH, 1), (CRITICAL, 1)])
def test_a_rejected_finding_is_asked_about_when_the_analyst_thought_it_serious(analyst, expected):
    rejected = finding(analyst, LOW, outcome=Outcome.REJECTED)

    assert len(disputed(merged(rejected=(rejected,)))) == expected


def test_what_rules_found_is_not_up_for_discussion():
    assert disputed(merged(finding(HIGH, None, finding_id="A1", category=ADDRESSES_AI))) == ()


def test_what_the_reviewer_added_is_asked_about_when_it_makes_the_level():
    added = finding(HIGH, None, finding_id="M1", outcome=Outcome.ADDED)

    assert disputed(merged(added)) == (added,)


# --- what a ruling does ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("analyst", "reviewer", "says", "becomes"),
    [
        (CRITICAL, LOW, HIGH, HIGH),
        (CRITICAL, LOW, LOW, LOW),
        (CRITICAL, LOW, CRITICAL, CRITICAL),
        (CRITICAL, MEDIUM, LOW, MEDIUM),
        (MEDIUM, HIGH, CRITICAL, HIGH),
        (HIGH, HIGH, LOW, HIGH),
    ],
)
def test_the_severity_is_the_adjudicators_within_what_the_two_said(analyst, reviewer, says, becomes):
    final = max(analyst, reviewer, key=lambda level: level.rank)

    ruled = apply_rulings(merged(finding(analyst, reviewer, final=final)), ruling(says))

    assert (ruled.kept[0].severity, ruled.level) == (becomes, becomes)
    assert ruled.kept[0].ruling is not None


def test_one_against_two_rejects_nothing_but_takes_the_lower_severity():
    ruled = apply_rulings(merged(finding(CRITICAL, MEDIUM)), ruling(LOW, Verdict.UNSUPPORTED))

    assert [(each.severity, each.outcome) for each in ruled.kept] == [(MEDIUM, Outcome.LOWERED)]


def test_a_rejected_finding_that_the_adjudicator_supports_is_restored():
    rejected = finding(CRITICAL, MEDIUM, outcome=Outcome.REJECTED)

    ruled = apply_rulings(merged(rejected=(rejected,)), ruling(HIGH))

    assert ([each.severity for each in ruled.kept], ruled.rejected, ruled.level) == ([HIGH], (), HIGH)


def test_two_against_one_keeps_a_rejection_and_says_who_agreed():
    rejected = finding(CRITICAL, MEDIUM, outcome=Outcome.REJECTED)

    ruled = apply_rulings(merged(rejected=(rejected,)), ruling(LOW, Verdict.UNSUPPORTED))

    assert (ruled.kept, ruled.level) == ((), LOW)
    assert ruled.rejected[0].ruling is not None


@pytest.mark.parametrize("given", [(), ruling(LOW, Verdict.NOT_CHECKABLE), ruling(LOW, finding_id="F9")])
def test_silence_doubt_and_rulings_on_other_findings_change_nothing(given):
    before = merged(finding(CRITICAL, LOW))

    after = apply_rulings(before, given)

    assert (after.level, after.kept[0].severity, after.kept[0].outcome) == (CRITICAL, CRITICAL, Outcome.KEPT)


@pytest.mark.parametrize(
    ("says", "verdict"), [(LOW, Verdict.SUPPORTED), (LOW, Verdict.OVERSTATED), (LOW, Verdict.UNSUPPORTED)]
)
def test_in_a_document_that_addresses_an_ai_no_ruling_takes_severity_away(says, verdict):
    address = finding(HIGH, None, finding_id="A1", category=ADDRESSES_AI)

    ruled = apply_rulings(merged(finding(CRITICAL, LOW), address), ruling(says, verdict))

    assert ruled.level is CRITICAL
    assert ruled.kept[0].outcome is Outcome.KEPT


def test_findings_stay_in_order_after_a_ruling():
    first, second = finding(CRITICAL, LOW), finding(HIGH, HIGH, finding_id="F2")

    ruled = apply_rulings(merged(first, second), ruling(LOW))

    assert [each.finding.id for each in ruled.kept] == ["F2", "F1"]
