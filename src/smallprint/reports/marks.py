"""What to highlight in a PDF, and the comment beside each highlight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smallprint.models.domain import Report, ReportFinding, RiskLevel
from smallprint.reports import verdicts, wording
from smallprint.reports.text import plain

COLOURS = {
    RiskLevel.LOW: (180, 230, 180),
    RiskLevel.MEDIUM: (255, 240, 130),
    RiskLevel.HIGH: (255, 205, 120),
    RiskLevel.CRITICAL: (255, 170, 170),
}
"""Pale, so that the words under them stay legible in print."""
ASK = "Ask for: {ask}"


@dataclass(frozen=True, slots=True)
class ReportMark:
    """A quotation's words on their page."""

    page: int
    text: str
    note: str
    colour: tuple[int, int, int]


def report_marks(report: Report) -> Iterator[ReportMark]:
    """One for each quotation that was looked up in the document and has a page."""
    for number, finding in enumerate(report.findings, 1):
        for evidence in finding.evidence:
            if evidence.match.grounded and evidence.page is not None and evidence.text:
                note = _note(number, finding, report)
                yield ReportMark(evidence.page, evidence.text, note, COLOURS[finding.severity])


def _note(number: int, finding: ReportFinding, report: Report) -> str:
    stated = finding.finding
    lines = [
        f"{number}. {wording.level_name(finding.severity)}: {wording.title(finding)}",
        plain(stated.statement),
        plain(stated.why_it_matters),
        ASK.format(ask=plain(stated.recommendation)) if stated.recommendation else "",
        verdicts.review_note(finding, reviewed=report.reviewed),
        wording.AI_NOTICE if not report.offline else wording.OFFLINE_NOTICE,
    ]
    return "\n".join(line for line in lines if line)
