"""The reviewer's answer; "review/2" differs from /1 as "analysis/2" does from its /1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import ConfigDict

from smallprint.agents.answers.fields import (
    MAX_FINDINGS,
    MAX_MISSED,
    Sentence,
    Severity,
    Strict,
    VerdictName,
    at_most,
)
from smallprint.agents.answers.findings import (
    EvidenceList,
    FindingAnswer,
    PagedEvidenceList,
    PagedFindingAnswer,
)

MAX_VERDICTS = 4 * MAX_FINDINGS


class VerdictAnswer(Strict):
    finding: int
    evidence: EvidenceList
    comment: Sentence
    verdict: VerdictName
    severity: Severity


class ReviewerAnswer(Strict):
    """Contract "review/1"."""

    verdicts: Annotated[list[VerdictAnswer], at_most(MAX_VERDICTS)]
    missed: Annotated[list[FindingAnswer], at_most(MAX_MISSED)]


class PagedVerdictAnswer(VerdictAnswer):
    evidence: PagedEvidenceList  # type: ignore[assignment]  # as in findings.py


class PagedReviewerAnswer(ReviewerAnswer):
    """Contract "review/2"."""

    model_config = ConfigDict(title="ReviewerAnswer")

    verdicts: Annotated[list[PagedVerdictAnswer], at_most(MAX_VERDICTS)]  # type: ignore[assignment]  # as in findings.py
    missed: Annotated[list[PagedFindingAnswer], at_most(MAX_MISSED)]  # type: ignore[assignment]  # as in findings.py


REVIEW_CONTRACT = "review/1"
REVIEW_SHAPES: Mapping[str, type[ReviewerAnswer]] = {
    REVIEW_CONTRACT: ReviewerAnswer,
    "review/2": PagedReviewerAnswer,
}
