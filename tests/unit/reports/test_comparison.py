from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from smallprint.models.domain import (
    AgentRun,
    EarlierAnalysis,
    Evidence,
    FactKind,
    KeyFact,
    Match,
    Outcome,
    Report,
    ReportFact,
    ReportFinding,
    RiskLevel,
    Usage,
)
from smallprint.reports import comparison_wording as told
from smallprint.reports.as_json import comparison_json
from smallprint.reports.comparison import ReportComparison, compare_reports
from smallprint.reports.markdown import comparison_markdown
from smallprint.reports.terminal import print_comparison
from tests.fakes.reports import NOW, finding, hostile_report, low_report, medium_report, offline_report
from tests.unit.reports.strategies import reports

LOW, MEDIUM, HIGH, CRITICAL = RiskLevel
TERM, LIABILITY = "term.auto_renewal", "liability.uncapped"


def at(start: int, end: int, *, match: Match = Match.EXACT) -> Evidence:
    return Evidence(match, f"words {start} to {end}", page=4, locator="p. 4", start=start, end=end)


def scan(text: str) -> Evidence:
    return Evidence(Match.UNVERIFIED, text, page=2, locator="p. 2")


def stated(
    category: str, *evidence: Evidence, title: str = "A title", severity: RiskLevel = HIGH, number: int = 1
) -> ReportFinding:
    return finding(number, severity, title=title, category=category, quotations=evidence)


def with_findings(*findings: ReportFinding, rejected: tuple[ReportFinding, ...] = ()) -> Report:
    level = max((each.severity for each in findings), key=lambda each: each.rank, default=LOW)
    return replace(low_report(), findings=findings, rejected=rejected, risk_level=level, facts=())


def counts(comparison: ReportComparison) -> tuple[int, int, int, int]:
    return len(comparison.same), len(comparison.changed), len(comparison.gone), len(comparison.new)


SAME, CHANGED, TWO = (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # the same category, some of the same words
        (stated(TERM, at(100, 200)), stated(TERM, at(190, 400), title="Other words"), SAME),
        (stated(TERM, at(100, 200)), stated(TERM, at(190, 400), severity=LOW), CHANGED),
        (stated(TERM, at(100, 200)), stated("TERM.Auto_Renewal", at(150, 160), title="Other"), SAME),
        # another category: half of the shorter, or it is another matter
        (stated(TERM, at(100, 200)), stated(LIABILITY, at(150, 400)), SAME),
        (stated(TERM, at(100, 200)), stated(LIABILITY, at(151, 400)), TWO),
        (stated(TERM, at(100, 200)), stated(LIABILITY, at(120, 130)), SAME),
        (stated(TERM, at(0, 40), at(100, 160)), stated(LIABILITY, at(10, 40), at(140, 170)), SAME),
        # words that meet end to end do not overlap
        (stated(TERM, at(100, 200)), stated(TERM, at(200, 300), title="Penalty"), TWO),
        # without common words the category and the title decide
        (
            stated(TERM, at(1, 9), title="Renews for 36 months"),
            stated(TERM, at(50, 60), title="Renews for 36 months unless cancelled"),
            SAME,
        ),
        (
            stated(TERM, at(1, 9), title="Renews for 36 months"),
            stated(LIABILITY, at(50, 60), title="Renews for 36 months"),
            TWO,
        ),
        (
            stated(TERM, title="Renews for 36 months"),
            stated(TERM, title="The supplier may raise its fees"),
            TWO,
        ),
        # read off a picture: no place, so the words themselves
        (
            stated(TERM, scan("Thirty days")),
            stated(LIABILITY, scan("thirty  DAYS"), title="Something else"),
            SAME,
        ),
        (stated(TERM, scan("Thirty days")), stated(LIABILITY, scan("sixty days"), title="Else"), TWO),
        # what is not shown is no evidence
        (
            stated(TERM, at(100, 200, match=Match.CONTRADICTED), title="One"),
            stated(LIABILITY, at(100, 200, match=Match.CONTRADICTED), title="Other"),
            TWO,
        ),
    ],
)
def test_what_is_taken_for_the_same_matter(before, after, expected):
    assert counts(compare_reports(with_findings(before), with_findings(after))) == expected


def test_of_several_partners_the_surest_is_chosen():
    before = with_findings(
        stated(TERM, at(100, 200), number=1), stated(TERM, at(0, 300), severity=LOW, number=2)
    )
    after = with_findings(
        stated(TERM, at(0, 300), severity=LOW, number=8), stated(TERM, at(100, 200), number=9)
    )
    pairs = compare_reports(before, after).same
    assert [(pair.before.finding.id, pair.after.finding.id) for pair in pairs] == [("F2", "F8"), ("F1", "F9")]


def test_a_finding_has_one_partner_at_most():
    one = with_findings(stated(TERM, at(1, 9)))
    three = with_findings(*(stated(TERM, at(1, 9), number=number) for number in range(3)))
    assert counts(compare_reports(one, three)) == (1, 0, 0, 2)
    assert counts(compare_reports(three, one)) == (1, 0, 2, 0)


def test_what_the_other_reviewer_set_aside_is_told_as_such():
    matter = stated(TERM, at(1, 9))
    doubted = replace(matter, outcome=Outcome.REJECTED)
    kept, rejected = with_findings(matter), with_findings(rejected=(doubted,))
    (gone,), (new,) = compare_reports(kept, rejected).gone, compare_reports(rejected, kept).new
    assert (gone.set_aside, new.set_aside) == (True, True)
    assert not compare_reports(kept, with_findings()).gone[0].set_aside
    assert "now set aside by the reviewer" in shown(compare_reports(kept, rejected))
    assert "then set aside by the reviewer" in shown(compare_reports(rejected, kept))


def fact(value: str, label: str = "Notice period", kind: FactKind = FactKind.NOTICE_PERIOD) -> ReportFact:
    return ReportFact(KeyFact(kind, label, value), (at(1, 9),))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((fact("90 days"),), (fact("90  DAYS"),), []),
        ((fact("90 days"),), (fact("90 days", "Notice"),), []),
        ((fact("90 days"),), (fact("60 days"),), [("90 days", "60 days")]),
        ((fact("90 days"),), (), [("90 days", None)]),
        ((), (fact("60 days"),), [(None, "60 days")]),
        ((fact("90 days", "Notice"),), (fact("60 days"),), [("90 days", None), (None, "60 days")]),
        ((fact("90 days"), fact("30 days")), (fact("30 days"), fact("60 days")), [("90 days", "60 days")]),
        ((fact("Acme", "Party", FactKind.PARTY),) * 2, (fact("Acme", "Party", FactKind.PARTY),), [("Acme", None)]),
    ],
)  # fmt: skip
def test_key_facts_differ_by_their_values(before, after, expected):
    one, other = replace(low_report(), facts=before), replace(low_report(), facts=after)
    changes = compare_reports(one, other).facts
    assert [
        (each.before and each.before.fact.value, each.after and each.after.fact.value) for each in changes
    ] == expected


# --- whatever the reports are ----------------------------------------------------------------------------

unhurried = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@unhurried
@given(reports)
def test_a_report_compared_with_itself_is_all_the_same(report):
    comparison = compare_reports(report, report)
    assert counts(comparison) == (len(report.findings), 0, 0, 0)
    assert comparison.facts == ()
    assert all(pair.before is pair.after for pair in comparison.same)


places = st.integers(0, 60)
near = st.builds(
    stated,
    st.sampled_from((TERM, LIABILITY)),
    st.builds(lambda start, length: at(start, start + length), places, st.integers(1, 30)),
    title=st.sampled_from(("Renews by itself", "Renews by itself for years", "No cap")),
    severity=st.sampled_from(RiskLevel),
)
near_reports = st.builds(
    lambda kept, rejected: with_findings(*kept, rejected=tuple(rejected)),
    st.lists(near, max_size=8),
    st.lists(near, max_size=3),
)


@unhurried
@given(near_reports | reports, near_reports | reports)
def test_swapping_the_reports_swaps_gone_and_new_and_nothing_else(one, other):
    there, back = compare_reports(one, other), compare_reports(other, one)
    assert (there.gone, there.new) == (back.new, back.gone)
    assert len(there.same) == len(back.same)
    assert {(id(pair.before), id(pair.after)) for pair in (*there.same, *there.changed)} == {
        (id(pair.after), id(pair.before)) for pair in (*back.same, *back.changed)
    }
    assert len(there.facts) == len(back.facts)


@unhurried
@given(near_reports | reports, near_reports | reports)
def test_every_finding_is_told_once(one, other):
    comparison = compare_reports(one, other)
    same, changed, gone, new = counts(comparison)
    assert same + changed + gone == len(one.findings)
    assert same + changed + new == len(other.findings)


# --- in words --------------------------------------------------------------------------------------------


def two() -> ReportComparison:
    before = replace(
        medium_report(),
        findings=(
            stated(TERM, at(1, 9), title="Renews by itself"),
            stated(LIABILITY, at(20, 29), title="No cap", number=2),
            stated("fees.increase", at(40, 49), title="Fees may rise", severity=LOW, number=3),
        ),
        facts=(fact("90 days"),),
        risk_level=HIGH,
    )
    run = AgentRun("document_analysis", "claude-sonnet-5-5", 3, Usage(), 90_000_000, 31.0)
    after = replace(
        before,
        findings=(
            stated(TERM, at(1, 9), title="Renews by itself", severity=MEDIUM),
            stated("fees.increase", at(40, 49), title="Fees may rise", severity=LOW, number=3),
            stated("audit.notice", at(60, 69), title="Audits at 24 hours’ notice", severity=MEDIUM, number=4),
        ),
        facts=(fact("60 days"),),
        risk_level=MEDIUM,
        agents=(run,),
        seconds=31.0,
    )
    return compare_reports(before, after)


def printed(comparison: ReportComparison) -> str:
    out = io.StringIO()
    print_comparison(comparison, Console(file=out, width=110))
    return out.getvalue()


def shown(comparison: ReportComparison) -> str:
    """The words of the terminal on one line, which are those of Markdown too."""
    return re.sub(r"\s+", " ", printed(comparison))


SENTENCES = (
    "🟠 High risk → 🟡 Medium risk",
    "Compared with the analysis of 23 Nov 2026, 10:30 UTC",
    "Findings: 1 the same, 1 of another severity, 1 gone, 1 new",
    "🟠 High → 🟡 Medium: Renews by itself (p. 4)",
    "🟡 Medium: Audits at 24 hours’ notice (p. 4)",
    "🟠 High: No cap (p. 4)",
    "🟢 Low: Fees may rise (p. 4)",
    "Notice period: 90 days (p. 4) → 60 days (p. 4)",
    "Analyst prompt v2 → v3",
    "$0.04 → $0.09",
    "27 s → 31 s",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_terminal_and_markdown_say_what_differs(sentence):
    assert sentence in shown(two())
    assert sentence in comparison_markdown(two()).replace("\\", "")


def test_what_differs_comes_before_what_is_the_same():
    labels = [group.label for group in told.groups(two())]
    assert labels == [told.CHANGED, told.NEW, told.GONE, told.FACTS, told.SAME]


def test_two_that_agree_are_told_shortly():
    out = shown(compare_reports(low_report(), low_report()))
    assert "🟢 Low risk in both" in out
    assert told.NO_FINDINGS in out
    assert "→" not in out


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda report: replace(report, document_sha256="0" * 64), told.OTHER_DOCUMENT),
        (lambda report: replace(report, offline=True), told.ONE_OFFLINE),
        (lambda report: replace(report, reviewed=False), told.ONE_UNREVIEWED),
    ],
)
def test_other_reasons_for_a_difference_are_said(change: Callable[[Report], Report], sentence: str):
    comparison = compare_reports(medium_report(), change(medium_report()))
    assert f"! {sentence}" in shown(comparison)
    assert sentence in comparison_markdown(comparison)
    assert told.cautions(compare_reports(medium_report(), medium_report())) == ()


def test_a_report_that_is_shown_again_cost_something_once():
    again = replace(medium_report(), earlier=EarlierAnalysis("a1", NOW, "U1"))
    assert "no cost" not in shown(compare_reports(again, medium_report()))


def test_an_agent_that_took_no_part_has_no_version():
    comparison = compare_reports(offline_report(), medium_report())
    assert "Analyst prompt none → v2" in shown(comparison)


def test_json_names_the_findings_by_their_ids():
    envelope = json.loads(comparison_json(two()))
    assert envelope["schema"] == "smallprint.comparison/1"
    assert envelope["severity_changed"] == [{"before": "F1", "after": "F1"}]
    assert envelope["gone"] == [{"finding": "F2", "set_aside": False}]
    assert envelope["new"] == [{"finding": "F4", "set_aside": False}]
    assert envelope["after"]["schema"] == "smallprint.report/1"


@unhurried
@given(reports, reports)
def test_no_document_steers_the_terminal_or_markdown(one, other):
    for comparison in (compare_reports(one, other), compare_reports(hostile_report(), one)):
        assert "\x1b" not in printed(comparison)
        text = comparison_markdown(comparison)
        assert not re.search(r"(?<!\\)(?:<|\]\()", text)
        assert "\u202e" not in text
