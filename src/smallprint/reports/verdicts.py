"""What reviewer and adjudicator made of the findings, in words."""

from __future__ import annotations

from collections import Counter

from smallprint.models.domain import Outcome, Report, ReportFinding, Verdict
from smallprint.reports.text import plain
from smallprint.reports.wording import title

NOT_REVIEWED = "Not checked by a second agent."

_CHANGES = {
    Outcome.LOWERED: "Lowered from {before} by the reviewer",
    Outcome.RAISED: "Raised from {before} by the reviewer",
    Outcome.ADDED: "Added by the reviewer",
}
_DOUBTS = {
    Verdict.OVERSTATED: "The reviewer finds this overstated",
    Verdict.UNSUPPORTED: "The reviewer finds no support for this",
    Verdict.NOT_CHECKABLE: "The reviewer could not check this",
}
_NO_VERDICT = "No verdict from the reviewer"
_RATED = "The reviewer rates this {severity}"
_RULING = "Adjudicator: {verdict}, {severity}"
_RULED = {Outcome.LOWERED: "Lowered from {before}. ", Outcome.RAISED: "Raised from {before}. "}


def review_line(report: Report) -> str:
    """What the reviewer did, in one line; or why there was no review."""
    if not report.reviewed:
        return plain(report.review_note) or NOT_REVIEWED
    settled = sum(_is_settled(finding) for finding in report.findings)
    judged = [finding for finding in report.findings if not _is_settled(finding)]
    outcomes = Counter(finding.outcome for finding in judged)
    confirmed = sum(is_confirmed(finding) for finding in judged)
    parts = [
        (confirmed, "confirmed"),
        (outcomes[Outcome.LOWERED], "lowered"),
        (outcomes[Outcome.RAISED], "raised"),
        (outcomes[Outcome.ADDED], "added"),
        (sum(_is_uncheckable(finding) for finding in judged), "not checkable"),
        (settled, "settled by an adjudicator"),
        (len(report.rejected), "set aside"),
    ]
    told = ", ".join(f"{count} {what}" for count, what in parts if count)
    return f"Reviewer: {told or 'nothing to add'}"


def is_confirmed(finding: ReportFinding) -> bool:
    """True if the reviewer supports it and left its severity alone."""
    review = finding.review
    return finding.outcome is Outcome.KEPT and review is not None and review.verdict is Verdict.SUPPORTED


def review_note(finding: ReportFinding, *, reviewed: bool) -> str:
    """What the reviewer changed or doubts about a finding; empty when it simply agrees."""
    if not reviewed or is_confirmed(finding):
        return ""
    comment = plain(finding.review.comment) if finding.review else ""
    return _joined(disagreement(finding, reviewed=reviewed), comment)


def disagreement(finding: ReportFinding, *, reviewed: bool) -> str:
    """As `review_note`, without the reviewer's comment: "Lowered from high by the reviewer"."""
    if not reviewed or is_confirmed(finding):
        return ""
    return _opinion(finding) if _is_settled(finding) else _change(finding)


def ruling_note(finding: ReportFinding) -> str:
    """What the adjudicator made of a finding; empty when it was not asked."""
    ruling = finding.ruling
    if ruling is None:
        return ""
    change = _RULED.get(finding.outcome, "") if _is_settled(finding) else ""
    told = _RULING.format(verdict=ruling.verdict.value.replace("_", " "), severity=ruling.severity.value)
    return _joined(change.format(before=finding.finding.severity.value) + told, plain(ruling.comment))


def rejection(finding: ReportFinding) -> str:
    """One line: the title, why the reviewer set it aside, and what the adjudicator says of that."""
    comment = plain(finding.review.comment) if finding.review else ""
    why = " ".join(part for part in (comment, ruling_note(finding)) if part)
    return f"{title(finding)} ({why})" if why else title(finding)


def _change(finding: ReportFinding) -> str:
    if finding.outcome in _CHANGES:
        return _CHANGES[finding.outcome].format(before=finding.finding.severity.value)
    if finding.review is None:
        return _NO_VERDICT
    return _DOUBTS.get(finding.review.verdict, "")


def _opinion(finding: ReportFinding) -> str:
    """What the reviewer said, where somebody else decided."""
    review = finding.review
    if review is None:
        return _CHANGES[Outcome.ADDED] if finding.outcome is Outcome.ADDED else _NO_VERDICT
    return _DOUBTS.get(review.verdict) or _RATED.format(severity=review.severity.value)


def _is_settled(finding: ReportFinding) -> bool:
    """True if what became of it is the adjudicator's decision."""
    return finding.ruling is not None and finding.ruling.verdict is not Verdict.NOT_CHECKABLE


def _joined(said: str, comment: str) -> str:
    return f"{said}: {comment}" if said and comment else said or comment


def _is_uncheckable(finding: ReportFinding) -> bool:
    return finding.review is not None and finding.review.verdict is Verdict.NOT_CHECKABLE
