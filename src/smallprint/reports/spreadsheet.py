"""The findings as CSV, a row each, for whoever works through them in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from smallprint.models.domain import Decisions, Report, ReportFinding
from smallprint.reports import verdicts, wording
from smallprint.reports.text import plain

COLUMNS = (
    "number", "severity", "title", "category", "statement", "why_it_matters", "ask_for", "quotation", "where",
    "verification", "review", "decision", "decided_because", "counted",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute a cell (owasp.org, CSV Injection); some take the wide signs of Japanese for them."""


def findings_csv(report: Report, decisions: Decisions | None = None) -> str:
    """With a header; UTF-8 with a mark in front, or Excel takes it for its own code page."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, finding in enumerate(report.findings, 1):
        writer.writerow(_safe(_row(str(number), finding, report, decisions or {}, counted="yes")))
    for finding in report.rejected:
        writer.writerow(_safe(_row("", finding, report, decisions or {}, counted="no")))
    return f"\ufeff{sheet.getvalue()}"


def _row(
    number: str, finding: ReportFinding, report: Report, decisions: Decisions, *, counted: str
) -> Iterator[str]:
    stated, held = finding.finding, decisions.get(finding.finding.id)
    shown = [evidence for evidence in finding.evidence if evidence.match.shown]
    yield number
    yield finding.severity.value
    yield wording.title(finding)
    yield stated.category
    yield stated.statement
    yield stated.why_it_matters
    yield stated.recommendation
    yield "\n".join(plain(evidence.text) for evidence in shown)
    yield "\n".join(wording.locator(evidence) for evidence in shown)
    yield "\n".join(wording.verification(evidence) for evidence in shown)
    yield verdicts.review_note(finding, reviewed=report.reviewed)
    yield held.decision.value if held else ""
    yield held.reason if held else ""
    yield counted


def _safe(cells: Iterator[str]) -> Iterator[str]:
    """Text that a spreadsheet takes as text: a document must not write formulas."""
    for cell in cells:
        text = "\n".join(plain(line) for line in cell.splitlines())
        yield f"'{text}" if text.startswith(_FORMULA) else text
