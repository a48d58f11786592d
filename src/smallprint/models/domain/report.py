"""The result of an analysis. Frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from smallprint.models.domain.brief import Brief, Profile
from smallprint.models.domain.document import DocumentKind, ReadingReceipt
from smallprint.models.domain.document_type import DocumentType
from smallprint.models.domain.finding import Evidence, Finding, FindingReview, KeyFact, Ruling
from smallprint.models.domain.risk import RiskLevel
from smallprint.models.domain.usage import NANO_USD_PER_USD, AgentRun


class Outcome(StrEnum):
    """What the merge did with a finding."""

    KEPT = "kept"
    LOWERED = "lowered"
    RAISED = "raised"
    ADDED = "added"
    """Found by the reviewer, not by the analyst."""
    REJECTED = "rejected"
    """The reviewer found it unsupported: shown apart, no part in the level."""


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """A finding with verified evidence and what the reviewer made of it."""

    finding: Finding
    severity: RiskLevel
    """The final one; `finding.severity` is what its author said."""
    outcome: Outcome
    evidence: tuple[Evidence, ...]
    """Only those that may be shown: grounded ones, and readings of scans that are marked as such."""
    review: FindingReview | None = None
    ruling: Ruling | None = None
    """The adjudicator's, where analyst and reviewer saw it too differently or much depends on it."""


@dataclass(frozen=True, slots=True)
class ReportFact:
    """A key fact whose words stand in the document."""

    fact: KeyFact
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class EarlierAnalysis:
    """Where a report comes from that was not made anew."""

    analysis_id: str
    at: datetime
    user: str
    """Who asked for it then; empty on the command line."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one analysis. Everything quoted in it was verified in the document."""

    analysis_id: str
    document_name: str
    document_kind: DocumentKind
    document_sha256: str
    receipt: ReadingReceipt
    summary: str
    risk_level: RiskLevel
    findings: tuple[ReportFinding, ...]
    """Kept, most severe first, then in the order of the document."""
    rejected: tuple[ReportFinding, ...]
    ungrounded: int
    """Findings dropped because none of their quotations stands in the document."""
    looked_for_not_found: tuple[str, ...]
    agents: tuple[AgentRun, ...]
    reviewed: bool
    review_note: str
    """Why there was no review, as a sentence; empty when there was one."""
    offline: bool
    """True: made by rules, no AI."""
    seconds: float
    created_at: datetime
    profile: Profile | None = None
    """None for reports of the offline rules, and of releases without profiles."""
    document_type: DocumentType = DocumentType.OTHER
    language: str = ""
    """English name of the document's main language; empty when nobody said."""
    side: str = ""
    """Whose side the findings are judged for; empty when nobody said."""
    facts: tuple[ReportFact, ...] = ()
    repaired: int = 0
    """Findings whose quotation was found only after the analyst was asked again."""
    parts: int = 1
    """In how many parts a long document was read."""
    notes: tuple[str, ...] = ()
    """Whole sentences on how the report came about: another model stepped in, the AI was down."""
    earlier: EarlierAnalysis | None = None
    """Set when this is the report of an earlier analysis of the same document, shown again at no cost."""
    stopped_by: str = ""
    """Who stopped the analysis before it was complete; empty when nobody did."""

    @property
    def second_best(self) -> bool:
        """True where running it again may give something better: shown from before, or the rules stood in for the AI."""
        return self.earlier is not None or (self.offline and bool(self.notes))

    @property
    def cost_nano_usd(self) -> int | None:
        """Sum of the agents' costs; None when one of them is unknown, 0 for a report that is shown again."""
        if self.earlier is not None:
            return 0
        costs = [run.cost_nano_usd for run in self.agents]
        return (
            None if any(cost is None for cost in costs) else sum(cost for cost in costs if cost is not None)
        )

    @property
    def cost_usd(self) -> Decimal | None:
        """None when a price is unknown."""
        cost = self.cost_nano_usd
        return None if cost is None else Decimal(cost) / NANO_USD_PER_USD

    def counts(self) -> Mapping[RiskLevel, int]:
        """Kept findings per severity, most severe first, zeros left out."""
        counted = dict.fromkeys(sorted(RiskLevel, key=lambda level: -level.rank), 0)
        for finding in self.findings:
            counted[finding.severity] += 1
        return {level: count for level, count in counted.items() if count}


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """Who asked for an analysis; the document travels beside it."""

    analysis_id: str
    """The same on every retry of the same job: answers that were paid for are found under it."""
    team: str = ""
    channel: str = ""
    user: str = ""
    trigger: str = "cli"
    brief: Brief = field(default_factory=Brief)
    read_again: bool = False
    """The same document will be analysed again within minutes, with the same models: worth a prompt cache."""
    stopped_by: str = ""
    """Who stopped it: what was paid for by then is all there will be."""
