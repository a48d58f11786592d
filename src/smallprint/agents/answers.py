"""The form of the agents' answers: what the model must send, checked where it enters.

Evidence stands before the judgement it supports, because the model writes the fields in this order. Every
field is required and nothing is used that `anthropic.transform_schema` would drop or turn into prose: limits
are checked here, after parsing, and are not in the schema.

Contracts "analysis/2" and "review/2" differ from /1 in one field of the evidence: the page of a picture, for words
that no program can look up. Versions that ask for /1 stay usable.

Prose that is too long is shortened at a word, with an ellipsis that the reader sees. Everything else that is
out of bounds (too many findings, an endless quotation, an empty statement) is a fault that the model gets to repair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from smallprint.models.domain import Finding, Quotation, RiskLevel

MAX_FINDINGS = 60
MAX_MISSED = 5
MAX_EVIDENCE = 12
MAX_ITEMS = 100
MAX_QUOTATION_CHARACTERS = 2_000
MAX_CATEGORY_CHARACTERS = 80

Item = TypeVar("Item")


def normal_category(raw: str) -> str:
    """Dotted lower case: "Liability / Un-capped" becomes "liability.un_capped"; "other" when nothing is left."""
    dotted = re.sub(r"\s*[./\\:>›|]+\s*", ".", raw.strip().lower())
    words = re.sub(r"[\s\-–—]+", "_", dotted)
    kept = re.sub(r"[^a-z0-9_.]", "", words)
    tidy = re.sub(r"_*\.[_.]*", ".", re.sub(r"__+", "_", kept))
    return tidy[:MAX_CATEGORY_CHARACTERS].strip("._") or "other"


def _lower(value: object) -> object:
    # The API does not promise the capitals of an enum: "High" comes for "high".
    return value.strip().lower() if isinstance(value, str) else value


def _clean(text: str) -> str:
    """Without control characters: they carry nothing, and Postgres refuses NUL."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", text).strip()


def _said(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _shortened_to(limit: int) -> AfterValidator:
    def shorten(text: str) -> str:
        if len(text) <= limit:
            return text
        head = text[:limit]
        return f"{head.rsplit(None, 1)[0] if ' ' in head else head} …"

    return AfterValidator(shorten)


def _at_most(limit: int) -> AfterValidator:
    def check(items: list[Item]) -> list[Item]:
        if len(items) > limit:
            raise ValueError(f"at most {limit}, not {len(items)}: keep those that matter most")
        return items

    return AfterValidator(check)


def _quotable(text: str) -> str:
    if len(text) > MAX_QUOTATION_CHARACTERS:
        raise ValueError(f"{len(text)} characters are too many: quote at most 240, the part that decides")
    return text


Clean = Annotated[str, AfterValidator(_clean)]
Title = Annotated[Clean, AfterValidator(_said), _shortened_to(160)]
Statement = Annotated[Clean, AfterValidator(_said), _shortened_to(1_200)]
Sentence = Annotated[Clean, _shortened_to(800)]
Phrase = Annotated[Clean, _shortened_to(200)]
Summary = Annotated[Clean, AfterValidator(_said), _shortened_to(1_500)]
Category = Annotated[str, AfterValidator(normal_category)]
Severity = Annotated[Literal["low", "medium", "high", "critical"], BeforeValidator(_lower)]
VerdictName = Annotated[
    Literal["supported", "overstated", "unsupported", "not_checkable"], BeforeValidator(_lower)
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class EvidenceAnswer(_Strict):
    passage: int
    quotation: Annotated[Clean, AfterValidator(_quotable)]


EvidenceList = Annotated[list[EvidenceAnswer], _at_most(MAX_EVIDENCE)]


class PagedEvidenceAnswer(EvidenceAnswer):
    page: int
    """Of a picture; 0 when the words stand in a passage."""


class FindingAnswer(_Strict):
    category: Category
    title: Title
    statement: Statement
    evidence: EvidenceList
    why_it_matters: Sentence
    recommendation: Sentence
    severity: Severity


class PagedFindingAnswer(FindingAnswer):
    evidence: Annotated[list[PagedEvidenceAnswer], _at_most(MAX_EVIDENCE)]  # type: ignore[assignment]  # lists are invariant; these values are frozen and only read


class AnalystAnswer(_Strict):
    """Contract "analysis/1"."""

    findings: Annotated[list[FindingAnswer], _at_most(MAX_FINDINGS)]
    looked_for_and_not_found: Annotated[list[Phrase], _at_most(MAX_ITEMS)]
    summary: Summary


class PagedAnalystAnswer(AnalystAnswer):
    """Contract "analysis/2"."""

    model_config = ConfigDict(title="AnalystAnswer")

    findings: Annotated[list[PagedFindingAnswer], _at_most(MAX_FINDINGS)]  # type: ignore[assignment]  # as above


class VerdictAnswer(_Strict):
    finding: int
    evidence: EvidenceList
    comment: Sentence
    verdict: VerdictName
    severity: Severity


class ReviewerAnswer(_Strict):
    """Contract "review/1"."""

    verdicts: Annotated[list[VerdictAnswer], _at_most(4 * MAX_FINDINGS)]
    missed: Annotated[list[FindingAnswer], _at_most(MAX_MISSED)]


class PagedVerdictAnswer(VerdictAnswer):
    evidence: Annotated[list[PagedEvidenceAnswer], _at_most(MAX_EVIDENCE)]  # type: ignore[assignment]  # as above


class PagedReviewerAnswer(ReviewerAnswer):
    """Contract "review/2"."""

    model_config = ConfigDict(title="ReviewerAnswer")

    verdicts: Annotated[list[PagedVerdictAnswer], _at_most(4 * MAX_FINDINGS)]  # type: ignore[assignment]  # as above
    missed: Annotated[list[PagedFindingAnswer], _at_most(MAX_MISSED)]  # type: ignore[assignment]  # as above


ANALYSIS_CONTRACT = "analysis/1"
REVIEW_CONTRACT = "review/1"
ANALYSIS_SHAPES: Mapping[str, type[AnalystAnswer]] = {
    ANALYSIS_CONTRACT: AnalystAnswer,
    "analysis/2": PagedAnalystAnswer,
}
REVIEW_SHAPES: Mapping[str, type[ReviewerAnswer]] = {
    REVIEW_CONTRACT: ReviewerAnswer,
    "review/2": PagedReviewerAnswer,
}
SUPPORTED_CONTRACTS = frozenset({*ANALYSIS_SHAPES, *REVIEW_SHAPES})
"""What this release can parse; a prompt version that names another contract cannot go live."""


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
        quotations=tuple(_to_quotation(item) for item in answer.evidence if item.quotation),
    )


def _to_quotation(answer: EvidenceAnswer) -> Quotation:
    page = answer.page if isinstance(answer, PagedEvidenceAnswer) and answer.page > 0 else None
    return Quotation(answer.quotation, answer.passage if answer.passage > 0 else None, page)
