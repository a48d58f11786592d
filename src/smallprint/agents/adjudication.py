"""Where a third opinion is asked for, and what it can do. Pure.

Asked for, when the profile has an adjudicator: findings whose severity analyst and reviewer see two steps apart,
those that the reviewer rejected though the analyst thought them high or critical, and, when the document's level is
high or critical, the findings that make it so. Never the rules' findings: nobody can talk those down.

| analyst | reviewer      | adjudicator                | what becomes of the finding                              |
|---------|---------------|----------------------------|----------------------------------------------------------|
| any     | not rejecting | supported or overstated    | its severity, but not outside what the two others said   |
| any     | not rejecting | unsupported                | kept with the lower of the two severities: one against two |
| any     | rejecting     | supported or overstated    | restored, its severity within what the two others said   |
| any     | rejecting     | unsupported                | stays rejected: two against one                          |
| any     | any           | not_checkable, or silence  | nothing changes                                          |

When the document addresses an AI, a ruling may raise or restore, never lower.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from smallprint.agents.merge import Merged, addresses_ai, by_severity, level_of
from smallprint.models.domain import Outcome, ReportFinding, RiskLevel, Ruling, Verdict

FAR_APART = 2
MAX_DISPUTED = 20


def disputed(merged: Merged) -> tuple[ReportFinding, ...]:
    """What to ask the adjudicator, most severe first."""
    decisive = {RiskLevel.HIGH, RiskLevel.CRITICAL}
    asked = [
        finding
        for finding in merged.kept
        if _judged(finding)
        and (_far_apart(finding) or (merged.level in decisive and finding.severity is merged.level))
    ]
    asked += [finding for finding in merged.rejected if finding.finding.severity in decisive]
    return tuple(asked[:MAX_DISPUTED])


def apply_rulings(merged: Merged, rulings: Sequence[Ruling]) -> Merged:
    """See the table above; a ruling on a finding that was not asked about is ignored."""
    asked = {finding.finding.id for finding in disputed(merged)}
    given = {ruling.finding_id: ruling for ruling in rulings if ruling.finding_id in asked}
    only_up = addresses_ai(merged)
    kept = [_ruled(finding, given, only_up=only_up) for finding in merged.kept]
    judged = [_ruled(finding, given, only_up=only_up) for finding in merged.rejected]
    restored = [finding for finding in judged if finding.outcome is not Outcome.REJECTED]
    findings = by_severity([*kept, *restored])
    rejected = tuple(finding for finding in judged if finding.outcome is Outcome.REJECTED)
    return Merged(findings, rejected, level_of(findings))


def _judged(finding: ReportFinding) -> bool:
    """False for what rules found."""
    return finding.review is not None or finding.outcome is Outcome.ADDED


def _far_apart(finding: ReportFinding) -> bool:
    review = finding.review
    return review is not None and abs(finding.finding.severity.rank - review.severity.rank) >= FAR_APART


def _ruled(finding: ReportFinding, given: Mapping[str, Ruling], *, only_up: bool) -> ReportFinding:
    ruling = given.get(finding.finding.id)
    if ruling is None:
        return finding
    severity, outcome = _decided(finding, ruling)
    down = outcome is Outcome.REJECTED or severity.rank < finding.severity.rank
    if finding.outcome is not Outcome.REJECTED and only_up and down:
        severity, outcome = finding.severity, finding.outcome
    return replace(finding, severity=severity, outcome=outcome, ruling=ruling)


def _decided(finding: ReportFinding, ruling: Ruling) -> tuple[RiskLevel, Outcome]:
    if ruling.verdict is Verdict.NOT_CHECKABLE:
        return finding.severity, finding.outcome
    lowest, highest = _opinions(finding)
    if ruling.verdict is Verdict.UNSUPPORTED:
        if finding.outcome is Outcome.REJECTED:
            return finding.severity, Outcome.REJECTED
        return lowest, _outcome(finding, lowest)
    severity = min(max(ruling.severity, lowest, key=_rank), highest, key=_rank)
    return severity, _outcome(finding, severity)


def _opinions(finding: ReportFinding) -> tuple[RiskLevel, RiskLevel]:
    """The lowest and the highest that anybody said so far of this matter."""
    said = [finding.finding.severity, finding.severity]
    if finding.review is not None:
        said.append(finding.review.severity)
    return min(said, key=_rank), max(said, key=_rank)


def _outcome(finding: ReportFinding, severity: RiskLevel) -> Outcome:
    if finding.outcome is Outcome.ADDED:
        return Outcome.ADDED
    before = finding.finding.severity
    if severity is before:
        return Outcome.KEPT
    return Outcome.RAISED if severity.rank > before.rank else Outcome.LOWERED


def _rank(level: RiskLevel) -> int:
    return level.rank
