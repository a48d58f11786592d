"""Key facts as lines: what a reader looks up, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from smallprint.models.domain import FactKind, Report, ReportFact
from smallprint.reports import wording
from smallprint.reports.text import plain

KEY_FACTS = "Key facts"

_KINDS = {
    FactKind.PARTY: "Party",
    FactKind.DATE: "Date",
    FactKind.MONEY: "Amount",
    FactKind.TERM: "Term",
    FactKind.NOTICE_PERIOD: "Notice period",
    FactKind.RENEWAL_DATE: "Renewal date",
    FactKind.GOVERNING_LAW: "Governing law",
    FactKind.OTHER: "Also",
}
"""For facts that came without a label."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """Notice to end the contract: 90 days before the end of a term (p. 4)"""

    label: str
    value: str
    where: str
    """The place, and what is to be known of a quotation that could not be verified."""


def fact_lines(report: Report) -> tuple[FactLine, ...]:
    """Those that have a value and words in the document."""
    lines = (_line(fact) for fact in report.facts)
    return tuple(line for line in lines if line.value and line.where)


def _line(found: ReportFact) -> FactLine:
    fact = found.fact
    shown = next((evidence for evidence in found.evidence if evidence.match.shown), None)
    where = "" if shown is None else wording.locator(shown)
    if shown is not None and not shown.match.grounded:
        where = f"{where}, {wording.verification(shown)}"
    return FactLine(plain(fact.label) or _KINDS[fact.kind], plain(fact.value), where)
