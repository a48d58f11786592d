"""How sure a finding is, as a number between 0 and 1. Pure.

The agents state no confidence, and would be poor judges of their own. What we do have says as much: the reviewer's
verdict (the adjudicator's where there was one) and how its best quotation was found. The two are multiplied:

| what the reviewer says | start |        | best quotation              | times |
|------------------------|-------|        |-----------------------------|-------|
| supported              | 0.90  |        | letter by letter            | 1.00  |
| overstated             | 0.75  |        | approximate                 | 0.90  |
| nothing: no review     | 0.75  |        | read off a picture          | 0.75  |
| nothing: its own find  | 0.70  |        | none: states an absence     | 0.70  |
| not checkable          | 0.55  |
| unsupported            | 0.15  |

"Overstated" lowers the severity, not the finding: it is as likely to be there as one that nobody reviewed. The
figures are chosen, not fitted; whether they are right is what the reliability plot shows.
"""

from __future__ import annotations

from collections.abc import Mapping

from smallprint.models.domain import Match, Outcome, ReportFinding, Verdict

_BY_VERDICT: Mapping[Verdict, float] = {
    Verdict.SUPPORTED: 0.90,
    Verdict.OVERSTATED: 0.75,
    Verdict.NOT_CHECKABLE: 0.55,
    Verdict.UNSUPPORTED: 0.15,
}
_NOT_REVIEWED = 0.75
_ADDED = 0.70
_BY_MATCH: Mapping[Match, float] = {Match.EXACT: 1.0, Match.APPROXIMATE: 0.90, Match.UNVERIFIED: 0.75}
_NO_QUOTATION = 0.70

NAMED_MISSING = 0.55
"""Of a thing that is only said to be missing: nobody reviews that, and there are no words for it."""


def confidence(finding: ReportFinding) -> float:
    """Between 0 and 1, see the table above."""
    best = max((_BY_MATCH.get(each.match, 0.0) for each in finding.evidence), default=_NO_QUOTATION)
    return _start(finding) * best


def _start(finding: ReportFinding) -> float:
    judged = finding.ruling or finding.review
    if judged is not None:
        return _BY_VERDICT[judged.verdict]
    return _ADDED if finding.outcome is Outcome.ADDED else _NOT_REVIEWED
