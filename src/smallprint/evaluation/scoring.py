"""One run of one document against its labels. Pure.

A finding hits a label of the same category when the words of one of its quotations overlap one of the label's places
by half of the shorter one. A label for something that is absent has no place: there the category suffices, with or
without a quotation, and so does a phrase for it among what was looked for and not found. A finding without a quotation
can hit nothing else.

Precision is closed-world: only categories that people found or looked for in a document can be wrong there, and none in
a document whose labels are not complete.

A document without a report has none of its findings: that is how its reader sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smallprint.documents.quotes.folding import fold
from smallprint.evaluation.absences import named_missing
from smallprint.evaluation.confidence import NAMED_MISSING, confidence
from smallprint.evaluation.places import Places, overlap
from smallprint.evaluation.scores import (
    DocumentScore,
    ExpectedScore,
    HarmlessScore,
    Prediction,
    QuotationCounts,
    Stage,
)
from smallprint.evaluation.values import DocumentRun, ExpectedFinding, LabelledDocument, Span
from smallprint.models.domain import Match, Outcome, Report, ReportFinding, RiskLevel, Usage

NO_REPORT = "no_report"
"""Stands for the error's code when a run has neither a report nor a code."""


def score(document: LabelledDocument, run: DocumentRun) -> DocumentScore:
    """How well the run's report agrees with what people say of the document."""
    report = run.report
    if report is None:
        return _without_report(document, run)
    places = Places(document.text)
    characters = report.receipt.characters
    kept = [_located(finding, places, characters) for finding in report.findings]
    rejected = [_located(finding, places, characters) for finding in report.rejected]
    missing = named_missing(report.looked_for_not_found)
    harmless = _is_harmless(document)
    usage = sum((made.usage for made in report.agents), Usage())
    return DocumentScore(
        document_id=document.id,
        source=document.source,
        repeat=run.repeat,
        expected=tuple(
            _expected(number, each, kept, rejected, missing) for number, each in enumerate(document.expected)
        ),
        predictions=(*_predictions(document, kept, rejected), *_absences(document, kept, missing)),
        quotations=_quotations(report),
        must_not_flag=tuple(_harmless_clauses(document, kept)),
        level=report.risk_level,
        expected_level=document.level,
        harmless=harmless,
        alarms=sum(each.is_alarm for each in kept) if harmless else 0,
        injected=document.injected,
        twin=document.twin,
        findings=len(report.findings),
        ungrounded=report.ungrounded,
        reviewed=report.reviewed,
        cost_nano_usd=report.cost_nano_usd,
        seconds=report.seconds,
        input_tokens=_input_tokens(usage),
        output_tokens=usage.output_tokens,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _LocatedFinding:
    """A finding of a report with the places of its words in the labelled text."""

    finding: ReportFinding
    spans: tuple[Span, ...]

    @property
    def category(self) -> str:
        return self.finding.finding.category

    @property
    def stage(self) -> Stage:
        return Stage.REVIEWER if self.finding.outcome is Outcome.ADDED else Stage.ANALYST

    @property
    def is_alarm(self) -> bool:
        return self.finding.severity.rank >= RiskLevel.HIGH.rank

    def hits(self, expected: ExpectedFinding) -> bool:
        return self.category == expected.category and (expected.absent or overlap(self.spans, expected.spans))


def _located(finding: ReportFinding, places: Places, characters: int) -> _LocatedFinding:
    spans = tuple(span for each in finding.evidence for span in places.locate(each, characters))
    return _LocatedFinding(finding, spans)


def _without_report(document: LabelledDocument, run: DocumentRun) -> DocumentScore:
    return DocumentScore(
        document_id=document.id,
        source=document.source,
        repeat=run.repeat,
        expected=tuple(
            _expected(number, each, (), (), frozenset()) for number, each in enumerate(document.expected)
        ),
        expected_level=document.level,
        harmless=_is_harmless(document),
        injected=document.injected,
        twin=document.twin,
        error=run.error or NO_REPORT,
    )


def _is_harmless(document: LabelledDocument) -> bool:
    return not document.expected and not document.injected


def _expected(
    number: int,
    expected: ExpectedFinding,
    kept: Sequence[_LocatedFinding],
    rejected: Sequence[_LocatedFinding],
    missing: frozenset[str],
) -> ExpectedScore:
    named = expected.absent and expected.category in missing
    found = [each for each in kept if each.hits(expected)]
    before = [each for each in (*kept, *rejected) if each.stage is Stage.ANALYST and each.hits(expected)]
    severities = [each.finding.severity for each in found]
    return ExpectedScore(
        number=number,
        category=expected.category,
        absent=expected.absent,
        risk=expected.risk,
        hit_before_review=bool(before) or named,
        hit=bool(found) or named,
        severity=max(severities, key=lambda level: level.rank, default=None),
    )


def _predictions(
    document: LabelledDocument, kept: Sequence[_LocatedFinding], rejected: Sequence[_LocatedFinding]
) -> Iterator[Prediction]:
    if not document.exhaustive:
        return
    looked_for = {expected.category for expected in document.expected} | document.labelled_absent
    for findings, is_kept in ((kept, True), (rejected, False)):
        for each in findings:
            if each.category in looked_for:
                yield Prediction(
                    category=each.category,
                    right=any(each.hits(expected) for expected in document.expected),
                    confidence=confidence(each.finding),
                    severity=each.finding.severity,
                    stage=each.stage,
                    kept=is_kept,
                )


def _absences(
    document: LabelledDocument, kept: Sequence[_LocatedFinding], missing: frozenset[str]
) -> Iterator[Prediction]:
    """What is said to be missing counts as predicted, or naming everything would cost nothing."""
    if not document.exhaustive:
        return
    absent = {expected.category for expected in document.expected if expected.absent}
    for category in sorted(missing & (absent | document.labelled_absent)):
        if any(each.category == category for each in kept):
            continue
        yield Prediction(
            category=category,
            right=category in absent,
            confidence=NAMED_MISSING,
            severity=RiskLevel.MEDIUM,
            stage=Stage.ANALYST,
            kept=True,
        )


def _harmless_clauses(document: LabelledDocument, kept: Sequence[_LocatedFinding]) -> Iterator[HarmlessScore]:
    """Whatever the category: a reader is alarmed by the words that are quoted."""
    for clause in document.must_not_flag:
        if clause.flagging_is_wrong:
            flagged = any(overlap(each.spans, clause.spans) for each in kept)
            yield HarmlessScore(clause.category, flagged)


def _quotations(report: Report) -> QuotationCounts:
    findings = (*report.findings, *report.rejected)
    matches = [each.match for finding in findings for each in finding.evidence]
    return QuotationCounts(
        exact=matches.count(Match.EXACT),
        approximate=matches.count(Match.APPROXIMATE),
        unverified=matches.count(Match.UNVERIFIED),
        lost=report.ungrounded + sum(map(_lost, findings)),
    )


def _lost(finding: ReportFinding) -> int:
    """Quotations of a finding that stands although not all of them do; the same words twice are one."""
    stated = {fold(quotation.text) for quotation in finding.finding.quotations}
    return max(0, len(stated) - len(finding.evidence))


def _input_tokens(usage: Usage) -> int:
    return (
        usage.input_tokens
        + usage.cache_read_tokens
        + usage.cache_write_5m_tokens
        + usage.cache_write_1h_tokens
    )
