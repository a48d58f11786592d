"""Findings, the quotations they rest on, and what the reviewer says of them. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from smallprint.models.domain.document import PassageKind
from smallprint.models.domain.document_type import DocumentType
from smallprint.models.domain.risk import RiskLevel


class Match(StrEnum):
    """What became of a quotation when it was looked up in the document."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNVERIFIED = "scan"
    """An agent read it off a picture, where no program can look it up: shown as "from a scan, not machine-verified"."""
    CONTRADICTED = "contradicted"
    """Near, but a number or a negation differs."""
    MISSING = "missing"

    @property
    def grounded(self) -> bool:
        """True if the document's own words may be shown for it."""
        return self in {Match.EXACT, Match.APPROXIMATE}

    @property
    def shown(self) -> bool:
        """True if a reader sees it: the document's own words, or an agent's reading of a picture, marked as such."""
        return self.grounded or self is Match.UNVERIFIED


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that an agent claims stand in the document."""

    text: str
    passage: int | None = None
    """The passage the agent named, if any."""
    page: int | None = None
    """The page of the picture that the agent read it from, if it says so."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation after it was looked up.

    `text` is the document's own words, never the agent's; of `Match.UNVERIFIED` alone it is what an agent read off a picture.
    """

    match: Match
    text: str = ""
    """Empty unless `match.shown`."""
    passage: int | None = None
    page: int | None = None
    locator: str = ""
    start: int | None = None
    end: int | None = None
    kind: PassageKind = PassageKind.BODY
    """Of the passage it stands in: a reader must know when words are deleted, hidden or somebody's comment."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should know, as one agent states it, with the quotations it rests on."""

    id: str
    """Unique within a report: F1, F2, … from the analyst, M1, … missed ones from the reviewer, A1, H1, T1 from rules.

    In a document read in parts the part stands before it: P2.F1."""
    category: str
    """Dotted, lower case: "liability.uncapped"."""
    title: str
    statement: str
    """What the document says, in a sentence or two."""
    why_it_matters: str
    recommendation: str
    """What to ask for."""
    severity: RiskLevel
    quotations: tuple[Quotation, ...] = ()


class FactKind(StrEnum):
    """What a key fact is about."""

    PARTY = "party"
    DATE = "date"
    MONEY = "money"
    TERM = "term"
    """How long something runs."""
    NOTICE_PERIOD = "notice_period"
    RENEWAL_DATE = "renewal_date"
    GOVERNING_LAW = "governing_law"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KeyFact:
    """Something that a reader looks up rather than weighs, with the words it rests on."""

    kind: FactKind
    label: str
    """"Supplier", "Notice to end the contract"."""
    value: str
    """"Acme Ltd", "90 days before the end of a term"."""
    quotations: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the analyst answers: unverified."""

    summary: str
    """Two or three sentences."""
    findings: tuple[Finding, ...] = ()
    looked_for_not_found: tuple[str, ...] = ()
    """What was looked for and is not in the document, in words for the reader."""
    document_type: DocumentType = DocumentType.OTHER
    language: str = ""
    """English name of the document's main language; empty when the analyst does not say."""
    side: str = ""
    """Whose side the findings are judged for, in the analyst's words; empty when it does not say."""
    facts: tuple[KeyFact, ...] = ()


class Verdict(StrEnum):
    """What the reviewer thinks of one finding."""

    SUPPORTED = "supported"
    OVERSTATED = "overstated"
    UNSUPPORTED = "unsupported"
    NOT_CHECKABLE = "not_checkable"


@dataclass(frozen=True, slots=True)
class FindingReview:
    """The reviewer's verdict on one finding; it has not seen the analyst's severity."""

    finding_id: str
    verdict: Verdict
    severity: RiskLevel
    comment: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the reviewer answers: a verdict per finding, and findings the analyst missed (unverified)."""

    verdicts: tuple[FindingReview, ...] = ()
    missed: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the adjudicator decides on a finding that analyst and reviewer see differently."""

    finding_id: str
    verdict: Verdict
    severity: RiskLevel
    comment: str


@dataclass(frozen=True, slots=True)
class Reduction:
    """What makes one analysis of those of a long document's parts. It joins findings and drops none."""

    same_matter: tuple[tuple[str, ...], ...]
    """Groups of finding ids that state the same matter; the first of a group is worded best."""
    looked_for_not_found: tuple[str, ...]
    document_type: DocumentType
    summary: str
