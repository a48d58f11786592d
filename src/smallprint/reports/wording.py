"""The words in which every form of a report (Slack, Markdown, terminal) says the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from smallprint.models.domain import (
    Agent,
    AgentRun,
    DocumentType,
    Evidence,
    Match,
    PassageKind,
    Report,
    ReportFinding,
    RiskLevel,
)
from smallprint.reports.text import plain

EMOJI = {RiskLevel.LOW: "🟢", RiskLevel.MEDIUM: "🟡", RiskLevel.HIGH: "🟠", RiskLevel.CRITICAL: "🔴"}
"""Circles differ in colour only, so the level's name always stands beside them."""

AI_NOTICE = "AI-generated, verify before you rely on it"
OFFLINE_NOTICE = "Made by offline rules, not an AI"
OFFLINE_EXPLANATION = "They look for known clauses by their wording and miss what is said in other words."
NOTHING_FOUND = "Nothing to flag. That is no guarantee: below is what was looked for and what was read."
UNTITLED_DOCUMENT = "document without a name"
UNTITLED_FINDING = "Finding without a title"
NO_SUMMARY = "There is no summary."
SEEN_BEFORE = "This document was analysed before: {when}"
SHOWN_AGAIN = ". This is that report; nothing was spent."
JUDGED_FOR = "Judged for: {side}"
IN_PARTS = "Read in {parts} parts"
REPAIRED = "{count} found its quotation only after the analyst was asked again."
ALL_REPAIRED = "{count} found their quotations only after the analyst was asked again."


@dataclass(frozen=True, slots=True)
class _What:
    """A kind of passage in words, and how a reader's own words for the place may say it already."""

    name: str
    said: str


_ROLES: dict[str, str] = {
    Agent.ANALYST: "Analyst",
    Agent.REVIEWER: "Reviewer",
    Agent.TRIAGE: "First look",
    Agent.REPAIR: "Quotations",
    Agent.REDUCER: "Parts joined by",
    Agent.ADJUDICATOR: "Adjudicator",
    Agent.CHANGES: "Changes explained by",
    Agent.FOLLOW_UP: "Answered by",
}
_ARMS = {"canary": ", canary", "pin": ", pinned", "asked": ", asked for"}
"""Why an agent worked with another prompt version than the live one."""
_TYPES = {
    DocumentType.CONTRACT: "Contract",
    DocumentType.NDA: "Non-disclosure agreement",
    DocumentType.POLICY: "Policy",
    DocumentType.PRIVACY_NOTICE: "Privacy notice",
    DocumentType.STATEMENT_OF_WORK: "Statement of work",
    DocumentType.SECURITY_QUESTIONNAIRE: "Security questionnaire",
    DocumentType.FINANCIAL_REPORT: "Financial report",
    DocumentType.PROPOSAL: "Proposal",
    DocumentType.INCIDENT_REPORT: "Incident report",
    DocumentType.OTHER: "",
}
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


def about(report: Report) -> tuple[str, ...]:
    """What it is, whose side was taken and in how many parts it was read, as far as there is something to say."""
    kind, side = _TYPES[report.document_type], plain(report.side)
    language = plain(report.language)
    what = f"{kind} in {language}" if kind and language else kind or (f"In {language}" if language else "")
    parts = (
        what,
        JUDGED_FOR.format(side=side) if side else "",
        IN_PARTS.format(parts=report.parts) if report.parts > 1 else "",
    )
    return tuple(part for part in parts if part)


def notes(report: Report) -> tuple[str, ...]:
    """Whole sentences that a reader must see: another model stepped in, the AI was down."""
    return tuple(shown for shown in map(plain, report.notes) if shown)


def seen_before(at: datetime) -> str:
    """This document was analysed before: 26 Nov 2026, 09:48 UTC"""
    return SEEN_BEFORE.format(when=moment(at))


def moment(at: datetime) -> str:
    """26 Nov 2026, 09:48 UTC"""
    then = at.astimezone(UTC)
    return f"{then.day} {then:%b %Y, %H:%M} UTC"


def earlier_sentence(report: Report) -> str:
    """Without who asked then; empty for a report that was made anew."""
    return "" if report.earlier is None else f"{seen_before(report.earlier.at)}{SHOWN_AGAIN}"


def title(finding: ReportFinding) -> str:
    return plain(finding.finding.title) or plain(finding.finding.category) or UNTITLED_FINDING


def counts_line(report: Report) -> str:
    """4 findings: 1 critical, 2 high, 1 low"""
    if not report.findings:
        return "No findings"
    each = ", ".join(f"{count} {level.value}" for level, count in report.counts().items())
    return f"{counted(len(report.findings), 'finding')}: {each}"


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


def repaired_sentence(report: Report) -> str:
    """Empty when every quotation was found at once."""
    sentence = REPAIRED if report.repaired == 1 else ALL_REPAIRED
    return sentence.format(count=counted(report.repaired, "finding")) if report.repaired else ""


def looked_for(report: Report) -> tuple[str, ...]:
    """What was looked for and not found."""
    return tuple(shown for shown in map(plain, report.looked_for_not_found) if shown)


def made_by(report: Report) -> tuple[str, ...]:
    """The parts of the last line: what to think of it, agents with model and prompt version, profile, time and cost."""
    notice = OFFLINE_NOTICE if report.offline else AI_NOTICE
    agents = dict.fromkeys(_agent(run) for run in report.agents)  # one for each part of a long document
    profile = () if report.profile is None else (f"{report.profile.value} profile",)
    return (notice, *agents, *profile, duration(report.seconds), cost(report.cost_usd))


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


def agent_role(agent: str) -> str:
    """Analyst"""
    return _ROLES.get(agent) or plain(agent)


def _agent(run: AgentRun) -> str:
    role = agent_role(run.agent)
    arm = _ARMS.get(run.prompt_arm, "")
    prompt = "" if run.prompt_version is None else f" (prompt v{run.prompt_version}{arm})"
    instead = f" instead of {plain(run.instead_of)}" if plain(run.instead_of) else ""
    return f"{role} {plain(run.model)}{instead}{prompt}"
