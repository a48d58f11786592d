"""Small labelled documents, reports on them, and scores, as the tests of the evaluation need them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from smallprint.evaluation.scores import DocumentScore, ExpectedScore, Prediction, Stage
from smallprint.evaluation.values import DocumentRun, ExpectedFinding, HarmlessClause, LabelledDocument
from smallprint.models.domain import (
    AgentRun,
    Evidence,
    Finding,
    FindingReview,
    Match,
    Outcome,
    Quotation,
    Report,
    ReportFinding,
    RiskLevel,
    Usage,
    Verdict,
)
from tests.fakes.reports import low_report

LIABILITY = "The Supplier’s liability shall be unlimited."
RENEWAL = "This Agreement renews for successive terms of 36 months."
PAYMENT = "Invoices are due within 30 days of receipt."
TEXT = f"1. Liability\n{LIABILITY}\n\n2. Term\n{RENEWAL}\n\n3. Payment\n{PAYMENT}\n"

UNLIMITED, RENEWS, NO_CAP = "liability.uncapped", "term.auto_renewal", "nda.no_survival"
LOW, MEDIUM, HIGH, CRITICAL = RiskLevel


def expected(
    category: str = UNLIMITED, quote: str = LIABILITY, risk: RiskLevel | None = HIGH, *, text: str = TEXT
) -> ExpectedFinding:
    """A label; without a quote one for something that is absent."""
    if not quote:
        return ExpectedFinding(category, risk, absent=True)
    start = text.index(quote)
    return ExpectedFinding(
        category, risk, absent=False, spans=((start, start + len(quote)),), quotes=(quote,)
    )


def harmless(quote: str = PAYMENT, *, wrong: bool = True) -> HarmlessClause:
    start = TEXT.index(quote)
    return HarmlessClause("payment.terms", wrong, ((start, start + len(quote)),))


def document(*labels: ExpectedFinding, **changes: object) -> LabelledDocument:
    whole = LabelledDocument(
        id="d1",
        title="An agreement",
        file=Path("d1.txt"),
        text=TEXT,
        expected=labels,
        labelled_absent=frozenset(),
        must_not_flag=(),
        exhaustive=True,
        source="house",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def found(
    category: str = UNLIMITED,
    *quotes: str,
    severity: RiskLevel = HIGH,
    outcome: Outcome = Outcome.KEPT,
    match: Match = Match.EXACT,
    verdict: Verdict | None = None,
) -> ReportFinding:
    """A finding of a report; what it quotes stands in the document."""
    stated = tuple(map(Quotation, quotes))
    finding = Finding("F1", category, "A title", "A statement.", "Why.", "Ask.", severity, stated)
    evidence = tuple(Evidence(match, quote) for quote in quotes)
    review = None if verdict is None else FindingReview("F1", verdict, severity, "A comment.")
    return ReportFinding(finding, severity, outcome, evidence, review)


def report(*findings: ReportFinding, **changes: object) -> Report:
    level = max((each.severity for each in findings), key=lambda each: each.rank, default=LOW)
    made = AgentRun("document_analysis", "claude", 1, Usage(100, 20, 3, 0, 10), 5_000, 2.0)
    whole = replace(
        low_report(),
        findings=findings,
        risk_level=level,
        agents=(made,),
        seconds=2.5,
        looked_for_not_found=(),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def run(*findings: ReportFinding, repeat: int = 0, of: str = "d1", **changes: object) -> DocumentRun:
    return DocumentRun(of, repeat, report(*findings, **changes))


def failed(of: str = "d1", code: str = "model_overloaded", repeat: int = 0) -> DocumentRun:
    return DocumentRun(of, repeat, None, code)


def scored(of: str = "d1", repeat: int = 0, hits: str = "", **changes: object) -> DocumentScore:
    """`hits`: a letter per label, "x" for found, "-" for missed, "r" only before the review, "a" only after."""
    labels = tuple(
        ExpectedScore(number, UNLIMITED, absent=False, risk=HIGH, hit_before_review=each in "xr", hit=each in "xa")
        for number, each in enumerate(hits)
    )  # fmt: skip
    return replace(DocumentScore(of, "house", repeat, labels, level=LOW), **changes)  # type: ignore[arg-type]


def predictions(outcome: str, confidence: float = 0.9) -> tuple[Prediction, ...]:
    """A letter per judged finding: "x" right, "-" wrong; "r" right but rejected, "w" wrong and rejected; "a" the reviewer's."""
    return tuple(
        Prediction(
            category=UNLIMITED,
            right=each in "xra",
            confidence=confidence,
            severity=HIGH,
            stage=Stage.REVIEWER if each == "a" else Stage.ANALYST,
            kept=each in "x-a",
        )
        for each in outcome
    )
