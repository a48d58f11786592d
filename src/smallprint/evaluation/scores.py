"""What came of judging one run of one document. Frozen, plain, without I/O, and storable as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from smallprint.models.domain import RiskLevel


class Stage(StrEnum):
    """Who brought a finding: the reviewer only what it added; rules count as the analyst."""

    ANALYST = "analyst"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class ExpectedScore:
    """One finding that people labelled, and whether the run has it."""

    number: int
    """0-based place among the document's labels: the same in every run of the document."""
    category: str
    absent: bool
    risk: RiskLevel | None
    """What the label says; None for "present, but no risk"."""
    hit_before_review: bool
    """Among what stood before the reviewer: its additions left out, what it rejected taken in."""
    hit: bool
    """Among the findings that a reader gets."""
    severity: RiskLevel | None = None
    """The highest among the findings that hit it; None when missed."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A finding of a run that the labels can judge: people looked for its category in this document."""

    category: str
    right: bool
    confidence: float
    """0 to 1, see `confidence.py`."""
    severity: RiskLevel
    stage: Stage
    kept: bool
    """False: the reviewer rejected it."""


@dataclass(frozen=True, slots=True)
class QuotationCounts:
    """What became of the quotations behind the findings of a run, kept and rejected."""

    exact: int = 0
    approximate: int = 0
    unverified: int = 0
    """Read off a picture, where no program can look."""
    lost: int = 0
    """Stated, but not in the document. A finding that was dropped for it counts as one."""

    @property
    def located(self) -> int:
        return self.exact + self.approximate

    @property
    def checkable(self) -> int:
        return self.located + self.lost


@dataclass(frozen=True, slots=True)
class HarmlessScore:
    """A clause that people rated as good, and whether a finding rests on it."""

    category: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """One document, analysed once and judged."""

    document_id: str
    source: str
    repeat: int
    expected: tuple[ExpectedScore, ...]
    predictions: tuple[Prediction, ...] = ()
    """Empty where the labels are not complete: nothing can be called a false alarm there."""
    quotations: QuotationCounts = QuotationCounts()
    must_not_flag: tuple[HarmlessScore, ...] = ()
    level: RiskLevel | None = None
    """None when there is no report."""
    expected_level: RiskLevel | None = None
    harmless: bool = False
    """People expect nothing of it, and it does not try to steer an AI."""
    alarms: int = 0
    """Findings of high or critical severity in a harmless document."""
    injected: bool = False
    twin: str = ""
    findings: int = 0
    """Kept ones, whatever their category."""
    ungrounded: int = 0
    """Findings dropped because none of their quotations stands in the document."""
    reviewed: bool = False
    cost_nano_usd: int | None = None
    """None when a price is unknown or there is no report."""
    seconds: float | None = None
    input_tokens: int = 0
    """With those read from and written to the cache."""
    output_tokens: int = 0
    error: str = ""
    """Code of the error when there is no report."""

    @property
    def failed(self) -> bool:
        return bool(self.error)
