"""The words in which every form of a comparison (Slack, Markdown, terminal) says the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from smallprint.models.domain import Report, ReportFinding, RiskLevel
from smallprint.reports import wording
from smallprint.reports.comparison import Alone, FactChange, Pair, PromptPair, ReportComparison
from smallprint.reports.facts import FactLine, fact_lines

TITLE = "Compared with the analysis of {when}"
NOTHING_LEFT = (
    "There is nothing to compare this analysis with: the report of the earlier one is not kept any more."
)
SAME, CHANGED, GONE, NEW, FACTS = (
    "The same in both",
    "Another severity",
    "Only in the earlier one",
    "Only in this one",
    "Key facts that differ",
)
NO_FINDINGS = "Neither of the two has findings."
SET_ASIDE_NOW = "now set aside by the reviewer"
SET_ASIDE_THEN = "then set aside by the reviewer"
ONE_OFFLINE = "One of the two was made by offline rules, not an AI."
ONE_UNREVIEWED = "Only one of the two was checked by a reviewer."
OTHER_DOCUMENT = "The two documents are not the same file."
NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Group:
    """Findings or facts that differ in the same way."""

    label: str
    lines: tuple[str, ...]
    """A line each, made safe by `plain`."""


def title(comparison: ReportComparison) -> str:
    """Compared with the analysis of 20 Nov 2026, 09:48 UTC"""
    return TITLE.format(when=wording.moment(comparison.before.created_at))


def headline(comparison: ReportComparison) -> str:
    """🟠 High risk → 🟡 Medium risk"""
    before, after = comparison.before, comparison.after
    now = f"{wording.EMOJI[after.risk_level]} {wording.headline(after)}"
    if before.risk_level is after.risk_level:
        return f"{now} in both"
    return f"{wording.EMOJI[before.risk_level]} {wording.headline(before)} → {now}"


def counts_line(comparison: ReportComparison) -> str:
    """Findings: 5 the same, 1 of another severity, 2 gone, 1 new"""
    if not (comparison.before.findings or comparison.after.findings):
        return NO_FINDINGS
    return (
        f"Findings: {len(comparison.same)} the same, {len(comparison.changed)} of another severity,"
        f" {len(comparison.gone)} gone, {len(comparison.new)} new"
    )


def made_line(comparison: ReportComparison) -> tuple[str, ...]:
    """Analyst prompt v2 → v3; what they cost and took."""
    before, after = comparison.before, comparison.after
    costs = (wording.cost(_as_made(before).cost_usd), wording.cost(_as_made(after).cost_usd))
    times = (wording.duration(before.seconds), wording.duration(after.seconds))
    return (*map(_prompts, comparison.prompts), _arrow(*costs), _arrow(*times))


def cautions(comparison: ReportComparison) -> tuple[str, ...]:
    """Why the two may differ for another reason than their prompts; whole sentences."""
    before, after = comparison.before, comparison.after
    said = (
        (before.document_sha256 != after.document_sha256, OTHER_DOCUMENT),
        (before.offline != after.offline, ONE_OFFLINE),
        (before.reviewed != after.reviewed, ONE_UNREVIEWED),
    )
    return tuple(sentence for true, sentence in said if true)


def groups(comparison: ReportComparison) -> tuple[Group, ...]:
    """What a reader looks at first comes first; empty groups are left out."""
    found = (
        Group(CHANGED, tuple(map(_changed_line, comparison.changed))),
        Group(NEW, tuple(_alone_line(each, SET_ASIDE_THEN) for each in comparison.new)),
        Group(GONE, tuple(_alone_line(each, SET_ASIDE_NOW) for each in comparison.gone)),
        Group(FACTS, tuple(_fact_lines(comparison))),
        Group(SAME, tuple(finding_line(pair.after) for pair in comparison.same)),
    )
    return tuple(group for group in found if group.lines)


def finding_line(finding: ReportFinding) -> str:
    """🟠 High: Renews by itself (p. 4)"""
    return f"{_level(finding.severity)}: {wording.title(finding)}{_place(finding)}"


def _as_made(report: Report) -> Report:
    """Without the discount of a report that is shown again: it cost something once."""
    return replace(report, earlier=None)


def _changed_line(pair: Pair) -> str:
    """🟠 High → 🟡 Medium: Renews by itself (p. 4)"""
    return f"{_level(pair.before.severity)} → {finding_line(pair.after)}"


def _alone_line(alone: Alone, set_aside: str) -> str:
    line = finding_line(alone.finding)
    return f"{line}, {set_aside}" if alone.set_aside else line


def _level(level: RiskLevel) -> str:
    return f"{wording.EMOJI[level]} {wording.level_name(level)}"


def _place(finding: ReportFinding) -> str:
    where = next((wording.locator(each) for each in finding.evidence if each.match.shown), "")
    return f" ({where})" if where else ""


def _fact_lines(comparison: ReportComparison) -> Iterator[str]:
    """Notice period: 90 days (p. 4) → 60 days (p. 4)"""
    for change in comparison.facts:
        before, after = (
            _fact(comparison.before, change, later=False),
            _fact(comparison.after, change, later=True),
        )
        shown = after or before
        if shown is not None:
            yield f"{shown.label}: {_value(before)} → {_value(after)}"


def _fact(report: Report, change: FactChange, *, later: bool) -> FactLine | None:
    fact = change.after if later else change.before
    return None if fact is None else next(iter(fact_lines(replace(report, facts=(fact,)))), None)


def _value(line: FactLine | None) -> str:
    return NOBODY if line is None else f"{line.value} ({line.where})"


def _prompts(pair: PromptPair) -> str:
    """Analyst prompt v2 → v3"""
    before, after = (NOBODY if number is None else f"v{number}" for number in (pair.before, pair.after))
    return f"{wording.agent_role(pair.agent)} prompt {_arrow(before, after)}"


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"
