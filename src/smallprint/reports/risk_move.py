"""Did the risk move? The findings of two reports on two versions of a document, laid beside each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from smallprint.models.domain import Evidence, FindingMove, Report, ReportFinding, RiskMove
from smallprint.reports.comparison import compare_reports

Spans = Mapping[int, tuple[int, int]]
"""Number of an old passage → where its counterpart stands in the new document's text."""


def risk_move(before: Report, after: Report, spans: Spans) -> RiskMove:
    """Levels before and after, and which findings are gone, new or still there.

    Findings of the old report count as standing where their passages stand now, so that those on the same clause
    are known for the same matter.
    """
    placed = replace(before, findings=tuple(_placed(finding, spans) for finding in before.findings))
    compared = compare_reports(placed, after)
    return RiskMove(
        before=before.risk_level,
        after=after.risk_level,
        gone=tuple(_move(each.finding, None) for each in compared.gone),
        new=tuple(_move(None, each.finding) for each in compared.new),
        stayed=tuple(_move(pair.before, pair.after) for pair in (*compared.changed, *compared.same)),
    )


def _placed(finding: ReportFinding, spans: Spans) -> ReportFinding:
    return replace(finding, evidence=tuple(_evidence(each, spans) for each in finding.evidence))


def _evidence(evidence: Evidence, spans: Spans) -> Evidence:
    """The whole passage that holds the words now; without a place where there is none."""
    start, end = spans.get(evidence.passage or 0, (None, None))
    return replace(evidence, start=start, end=end)


def _move(before: ReportFinding | None, after: ReportFinding | None) -> FindingMove:
    shown = [each for each in (after, before) if each]
    return FindingMove(
        title=shown[0].finding.title,
        category=shown[0].finding.category,
        before=before.severity if before else None,
        after=after.severity if after else None,
    )
