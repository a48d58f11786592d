from __future__ import annotations

from dataclasses import replace

from smallprint.models.domain import Evidence, Match, Report, ReportFinding, RiskLevel
from smallprint.reports.risk_move import risk_move
from tests.fakes.reports import finding, medium_report

REPORT = medium_report()


def on_passage(number: int, start: int, title: str, severity: RiskLevel = RiskLevel.HIGH) -> ReportFinding:
    """A finding on twenty characters of a passage."""
    evidence = Evidence(Match.EXACT, f"words of {title}", number, 1, start=start, end=start + 20)
    return finding(severity=severity, title=title, category="liability.cap", quotations=(evidence,))


def with_findings(*findings: ReportFinding) -> Report:
    return replace(REPORT, findings=findings)


def test_findings_on_the_same_clause_are_the_same_matter_wherever_it_stands_now():
    before = with_findings(on_passage(3, 40, "A cap on liability"))
    after = with_findings(on_passage(7, 510, "Losses are limited", RiskLevel.LOW))

    moved = risk_move(before, after, {3: (500, 600)})

    (stayed,) = moved.stayed
    assert (stayed.before, stayed.after, stayed.title) == (
        RiskLevel.HIGH,
        RiskLevel.LOW,
        "Losses are limited",
    )
    assert (moved.gone, moved.new) == ((), ())


def test_a_finding_whose_clause_is_gone_is_gone_and_one_on_a_new_clause_is_new():
    before = with_findings(on_passage(3, 40, "A cap on liability"))
    after = with_findings(on_passage(7, 40, "Something else entirely"))

    moved = risk_move(before, after, {})

    assert [(each.title, each.before, each.after) for each in moved.gone] == [
        ("A cap on liability", RiskLevel.HIGH, None)
    ]
    assert [(each.title, each.before, each.after) for each in moved.new] == [
        ("Something else entirely", None, RiskLevel.HIGH)
    ]


def test_the_levels_are_those_of_the_reports():
    moved = risk_move(replace(REPORT, risk_level=RiskLevel.CRITICAL), REPORT, {})
    assert (moved.before, moved.after) == (RiskLevel.CRITICAL, REPORT.risk_level)
