"""The words in which every form of a report (Slack, Markdown, terminal) says the same thing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from smallprint.models.domain import (
    Agent,
    AgentRun,
    Evidence,
    Match,
    Outcome,
    PassageKind,
    Report,
    ReportFinding,
    RiskLevel,
    Verdict,
)
from smallprint.reports.text import plain

EMOJI = {RiskLevel.LOW: "🟢", RiskLevel.MEDIUM: "🟡", RiskLevel.HIGH: "🟠", RiskLevel.CRITICAL: "🔴"}
"""Circles differ in colour only, so the level's name always stands beside them."""

AI_NOTICE = "AI-generated, verify before you rely on it"
OFFLINE_NOTICE = "Made by offline rules, not an AI"
OFFLINE_EXPLANATION = "They look for known clauses by their wording and miss what is said in other words."
NOT_REVIEWED = "Not checked by a second agent."
NOTHING_FOUND = "Nothing to flag. That is no guarantee: below is what was looked for and what was read."
UNTITLED_DOCUMENT = "document without a name"
UNTITLED_FINDING = "Finding without a title"
NO_SUMMARY = "There is no summary."


@dataclass(frozen=True, slots=True)
class _What:
    """A kind of passage in words, and how a reader's own words for the place may say it already."""

    name: str
    said: str


_ROLES: dict[str, str] = {Agent.ANALYST: "Analyst", Agent.REVIEWER: "Reviewer"}
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
_PARTS = re.compile(r" · |, ")
_KINDS = {
    PassageKind.HEADER: _What("page header", r".*\bheader"),
    PassageKind.FOOTER: _What("page footer", r".*\bfooter"),
    PassageKind.FOOTNOTE: _What("footnote", r"(?:foot|end)notes?(?: \d+)?"),
    PassageKind.COMMENT: _What("comment", r"(?:comment|annotation)s?(?: by .*| \d+.*| on .*)?"),
    PassageKind.INSERTION: _What("inserted text", r"(?:insertion|inserted|moved here)(?: text)?(?: by .*)?"),
    PassageKind.DELETION: _What("deleted text", r"(?:deletion|deleted|moved away)(?: text)?(?: by .*)?"),
    PassageKind.HIDDEN: _What("hidden text", r".*\bhidden\b.*"),
    PassageKind.FORM: _What("form field", r"form fields?.*"),
    PassageKind.NOTES: _What("speaker notes", r".*\bnotes"),
    PassageKind.PROFILE: _What("computed from the table", r"computed .*"),
    PassageKind.MAIL_HEADER: _What("e-mail header", r"e-mail header"),
    PassageKind.ATTACHMENT: _What("attachment", r"attachment.*"),
}
"""What a quotation is when it isn't simply the text: deleted or hidden words read differently."""
_VERIFICATIONS = {
    Match.APPROXIMATE: "≈ close match",
    Match.UNVERIFIED: "from a scan, not machine-verified",
}
_LONG_SECONDS = 90
_SHORT_SECONDS = 10
_CENT = Decimal("0.01")


def document_name(report: Report) -> str:
    return plain(report.document_name) or UNTITLED_DOCUMENT


def summary(report: Report) -> str:
    return plain(report.summary) or NO_SUMMARY


def level_name(level: RiskLevel) -> str:
    """Critical"""
    return level.value.capitalize()


def headline(report: Report) -> str:
    """High risk"""
    return f"{level_name(report.risk_level)} risk"


def title(finding: ReportFinding) -> str:
    return plain(finding.finding.title) or plain(finding.finding.category) or UNTITLED_FINDING


def counts_line(report: Report) -> str:
    """4 findings: 1 critical, 2 high, 1 low"""
    if not report.findings:
        return "No findings"
    each = ", ".join(f"{count} {level.value}" for level, count in report.counts().items())
    return f"{counted(len(report.findings), 'finding')}: {each}"


def review_line(report: Report) -> str:
    """What the reviewer did, in one line; or why there was no review."""
    if not report.reviewed:
        return plain(report.review_note) or NOT_REVIEWED
    outcomes = Counter(finding.outcome for finding in report.findings)
    confirmed = sum(is_confirmed(finding) for finding in report.findings)
    parts = [
        (confirmed, "confirmed"),
        (outcomes[Outcome.LOWERED], "lowered"),
        (outcomes[Outcome.RAISED], "raised"),
        (outcomes[Outcome.ADDED], "added"),
        (sum(_is_uncheckable(finding) for finding in report.findings), "not checkable"),
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
    change = _change(finding)
    return f"{change}: {comment}" if change and comment else change or comment


def rejection(finding: ReportFinding) -> str:
    """One line: the title and why the reviewer set it aside."""
    comment = plain(finding.review.comment) if finding.review else ""
    return f"{title(finding)} ({comment})" if comment else title(finding)


def locator(evidence: Evidence) -> str:
    """p. 3; of anything but the text itself also what it is: "p. 3, deleted text"."""
    where = plain(evidence.locator) or (
        f"p. {evidence.page}" if evidence.page is not None else "in the document"
    )
    what = _KINDS.get(evidence.kind)
    if what is None or any(
        re.match(f"(?:{what.said})$", part, re.IGNORECASE) for part in _PARTS.split(where)
    ):
        return where
    return f"{where}, {what.name}"


def verification(evidence: Evidence) -> str:
    """How well the quotation was found; what is shown is the document's own wording, except off a picture."""
    return _VERIFICATIONS.get(evidence.match, "✓ verified")


def ungrounded_sentence(report: Report) -> str:
    """Empty when every finding could be quoted."""
    if not report.ungrounded:
        return ""
    if report.ungrounded == 1:
        return "1 finding is not shown: its quotation isn't in the document."
    return f"{report.ungrounded} findings are not shown: their quotations aren't in the document."


def looked_for(report: Report) -> tuple[str, ...]:
    """What was looked for and not found."""
    return tuple(shown for shown in map(plain, report.looked_for_not_found) if shown)


def made_by(report: Report) -> tuple[str, ...]:
    """The parts of the last line: what to think of it, agents with model and prompt version, time and cost."""
    notice = OFFLINE_NOTICE if report.offline else AI_NOTICE
    agents = tuple(_agent(run) for run in report.agents)
    return (notice, *agents, duration(report.seconds), cost(report.cost_usd))


def cost(cost_usd: Decimal | None) -> str:
    """$0.04; tiny costs as <$0.01; None is unknown, never free."""
    if cost_usd is None:
        return "cost unknown"
    if cost_usd == 0:
        return "no cost"
    return "<$0.01" if cost_usd < _CENT else f"${cost_usd:,.2f}"


def duration(seconds: float) -> str:
    """4.2 s, 38 s, 2 min 5 s"""
    if seconds < _SHORT_SECONDS:
        return f"{seconds:.1f} s"
    if seconds < _LONG_SECONDS:
        return f"{seconds:.0f} s"
    return f"{round(seconds) // 60} min {round(seconds) % 60} s"


def counted(count: int, noun: str) -> str:
    """1 finding, 2 findings"""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def page_ranges(pages: tuple[int, ...]) -> str:
    """3, 5–7, 12"""
    ranges: list[tuple[int, int]] = []
    for page in sorted(set(pages)):
        follows = bool(ranges) and page == ranges[-1][1] + 1
        first = ranges.pop()[0] if follows else page
        ranges.append((first, page))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges)


def _change(finding: ReportFinding) -> str:
    if finding.outcome in _CHANGES:
        return _CHANGES[finding.outcome].format(before=finding.finding.severity.value)
    if finding.review is None:
        return _NO_VERDICT
    return _DOUBTS.get(finding.review.verdict, "")


def _is_uncheckable(finding: ReportFinding) -> bool:
    return finding.review is not None and finding.review.verdict is Verdict.NOT_CHECKABLE


def _agent(run: AgentRun) -> str:
    role = _ROLES.get(run.agent) or plain(run.agent)
    prompt = "" if run.prompt_version is None else f" (prompt v{run.prompt_version})"
    return f"{role} {plain(run.model)}{prompt}"
