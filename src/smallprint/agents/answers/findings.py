"""Findings and the words they rest on, as a model writes them. Evidence stands before the judgement it supports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from smallprint.agents.answers.fields import (
    MAX_EVIDENCE,
    Category,
    Clean,
    Sentence,
    Severity,
    Statement,
    Strict,
    Title,
    at_most,
    quotable,
)
from smallprint.models.domain import Finding, Quotation, RiskLevel


class EvidenceAnswer(Strict):
    passage: int
    quotation: Annotated[Clean, AfterValidator(quotable)]


EvidenceList = Annotated[list[EvidenceAnswer], at_most(MAX_EVIDENCE)]


class PagedEvidenceAnswer(EvidenceAnswer):
    page: int
    """Of a picture; 0 when the words stand in a passage."""


PagedEvidenceList = Annotated[list[PagedEvidenceAnswer], at_most(MAX_EVIDENCE)]


class FindingAnswer(Strict):
    category: Category
    title: Title
    statement: Statement
    evidence: EvidenceList
    why_it_matters: Sentence
    recommendation: Sentence
    severity: Severity


class PagedFindingAnswer(FindingAnswer):
    evidence: PagedEvidenceList  # type: ignore[assignment]  # lists are invariant; these values are frozen and only read


def to_finding(answer: FindingAnswer, finding_id: str) -> Finding:
    """The answer as our own value; blank quotations are left out."""
    return Finding(
        id=finding_id,
        category=answer.category,
        title=answer.title,
        statement=answer.statement,
        why_it_matters=answer.why_it_matters,
        recommendation=answer.recommendation,
        severity=RiskLevel(answer.severity),
        quotations=to_quotations(answer.evidence),
    )


def to_quotations(evidence: Iterable[EvidenceAnswer]) -> tuple[Quotation, ...]:
    """The quotations that hold a word."""
    return tuple(_to_quotation(item) for item in evidence if item.quotation)


def _to_quotation(answer: EvidenceAnswer) -> Quotation:
    page = answer.page if isinstance(answer, PagedEvidenceAnswer) and answer.page > 0 else None
    return Quotation(answer.quotation, answer.passage if answer.passage > 0 else None, page)
