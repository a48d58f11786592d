"""The complete report as GitHub-flavoured Markdown: everything that a Slack message may have no room for.

Text of the document or of a model is escaped: it can't make HTML, links, images, mentions or headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from smallprint.models.domain import Evidence, Report, ReportFinding
from smallprint.reports import comparison_wording, receipt, verdicts, wording
from smallprint.reports.comparison import ReportComparison
from smallprint.reports.facts import KEY_FACTS, fact_lines
from smallprint.reports.text import plain

SET_ASIDE = "Set aside by the reviewer"
SET_ASIDE_WHY = "These have no part in the risk level."
LOOKED_FOR = "Looked for, not found"
HOW_MADE = "How this was made"

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|#$]")
_AT_START = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|@|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def report_markdown(report: Report) -> str:
    """Every finding with every quotation, what was rejected, looked for and read, and how it was made."""
    parts = [
        _head(report),
        _facts(report),
        _findings(report),
        _rejected(report),
        _looked_for(report),
        _receipt(report),
        _made_by(report),
    ]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def comparison_markdown(comparison: ReportComparison) -> str:
    """Two reports beside each other, a line per finding and fact."""
    return "\n".join(_comparison(comparison)).rstrip() + "\n"


def escape_markdown(text: str) -> str:
    """`text` as literal words on one line; an invisible word joiner keeps addresses from becoming links."""
    escaped = _SPECIAL.sub(r"\\\g<0>", plain(text))
    started = _AT_START.sub(lambda at: f"\\{at[1]}" if at[1] else f"{at[2]}\\{at[3]}", escaped)
    return _ADDRESS.sub(lambda address: address[0] + _WORD_JOINER, started)


def _comparison(comparison: ReportComparison) -> Iterator[str]:
    yield f"# {comparison_wording.headline(comparison)}: {escape_markdown(wording.document_name(comparison.after))}"
    yield ""
    yield f"{comparison_wording.title(comparison)}."
    yield ""
    yield f"**{comparison_wording.counts_line(comparison)}.**"
    yield ""
    for caution in comparison_wording.cautions(comparison):
        yield from _paragraph("⚠️ ", caution)
    for group in comparison_wording.groups(comparison):
        yield f"## {group.label}"
        yield ""
        yield from _bullets(group.lines)
    yield f"## {HOW_MADE}"
    yield ""
    yield from _bullets(comparison_wording.made_line(comparison))


def _head(report: Report) -> Iterator[str]:
    level = f"{wording.EMOJI[report.risk_level]} {wording.headline(report)}"
    yield f"# {level}: {escape_markdown(wording.document_name(report))}"
    yield ""
    yield from _paragraph("", wording.earlier_sentence(report))
    yield from _paragraph("", " · ".join(wording.about(report)))
    for note in wording.notes(report):
        yield from _paragraph("⚠️ ", note)
    if report.offline:
        yield f"**{wording.OFFLINE_NOTICE}.** {wording.OFFLINE_EXPLANATION}"
        yield ""
    yield escape_markdown(wording.summary(report))
    yield ""
    yield f"**{wording.counts_line(report)}.** {escape_markdown(verdicts.review_line(report))}"
    yield ""


def _facts(report: Report) -> Iterator[str]:
    lines = fact_lines(report)
    if not lines:
        return
    yield f"## {KEY_FACTS}"
    yield ""
    for line in lines:
        value, where = escape_markdown(line.value), escape_markdown(line.where)
        yield f"- **{escape_markdown(line.label)}:** {value} ({where})"
    yield ""


def _findings(report: Report) -> Iterator[str]:
    if not report.findings:
        yield wording.NOTHING_FOUND
        yield ""
    before = None
    for number, finding in enumerate(report.findings, 1):
        if finding.severity is not before:
            before = finding.severity
            yield f"## {wording.EMOJI[before]} {wording.level_name(before)}"
            yield ""
        yield from _finding(f"{number}. ", finding, reviewed=report.reviewed)


def _finding(number: str, finding: ReportFinding, *, reviewed: bool) -> Iterator[str]:
    yield f"### {number}{escape_markdown(wording.title(finding))}"
    yield ""
    yield from _paragraph("", finding.finding.statement)
    for evidence in finding.evidence:
        yield from _quotation(evidence)
    yield from _paragraph("**Why it matters:** ", finding.finding.why_it_matters)
    yield from _paragraph("**Ask for:** ", finding.finding.recommendation)
    yield from _paragraph("**Review:** ", _review(finding, reviewed=reviewed))
    yield from _paragraph("**Ruling:** ", verdicts.ruling_note(finding))
    if finding.finding.category:
        yield from _paragraph("Category: ", finding.finding.category)


def _review(finding: ReportFinding, *, reviewed: bool) -> str:
    """Here the reviewer's agreement is told too; in Slack only its doubts."""
    if reviewed and verdicts.is_confirmed(finding) and finding.review:
        return f"Confirmed. {finding.review.comment}"
    return verdicts.review_note(finding, reviewed=reviewed)


def _quotation(evidence: Evidence) -> Iterator[str]:
    """Evidence without words, or that was not found, is never shown as a quotation."""
    words = escape_markdown(evidence.text)
    if not words or not evidence.match.shown:
        return
    yield f"> “{words}”"
    yield ">"
    yield f"> — {escape_markdown(wording.locator(evidence))} · {wording.verification(evidence)}"
    yield ""


def _paragraph(label: str, text: str) -> Iterator[str]:
    words = escape_markdown(text)
    if words:
        yield f"{label}{words}"
        yield ""


def _rejected(report: Report) -> Iterator[str]:
    if report.rejected:
        yield f"## {SET_ASIDE}"
        yield ""
        yield SET_ASIDE_WHY
        yield ""
    for finding in report.rejected:
        yield from _finding("", finding, reviewed=report.reviewed)


def _looked_for(report: Report) -> Iterator[str]:
    if items := wording.looked_for(report):
        yield f"## {LOOKED_FOR}"
        yield ""
        yield from _bullets(items)


def _receipt(report: Report) -> Iterator[str]:
    yield f"## {receipt.WHAT_WAS_READ}"
    yield ""
    for part in receipt.full_receipt(report.receipt):
        yield f"- **{part.label}:** {escape_markdown(part.text)}".rstrip()
        yield from (f"  - {escape_markdown(item)}" for item in part.items)
    for told in (wording.ungrounded_sentence(report), wording.repaired_sentence(report)):
        if told:
            yield f"- {escape_markdown(told)}"
    yield ""


def _made_by(report: Report) -> Iterator[str]:
    yield f"## {HOW_MADE}"
    yield ""
    made = [*wording.made_by(report), f"{report.created_at:%Y-%m-%d %H:%M} UTC"]
    identity = [f"SHA-256 of the file: {report.document_sha256}", f"Analysis {report.analysis_id}"]
    yield from _bullets([*made, *identity])


def _bullets(items: Iterable[str]) -> Iterator[str]:
    for item in items:
        yield f"- {escape_markdown(item)}"
    yield ""
