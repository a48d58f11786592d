"""The analyst's answer.

"analysis/2" differs from /1 in one field of the evidence: the page of a picture, for words that no program can look
up. "analysis/3" adds what kind of document it is, its language, whose side is judged for, and key facts. Versions
that ask for an older form stay usable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict

from smallprint.agents.answers.fields import (
    MAX_FACTS,
    MAX_FINDINGS,
    MAX_ITEMS,
    Phrase,
    Strict,
    Summary,
    at_most,
    lower,
)
from smallprint.agents.answers.findings import (
    FindingAnswer,
    PagedEvidenceList,
    PagedFindingAnswer,
    to_quotations,
)
from smallprint.models.domain import FactKind, KeyFact

TypeName = Annotated[
    Literal[
        "contract",
        "nda",
        "policy",
        "privacy_notice",
        "statement_of_work",
        "security_questionnaire",
        "financial_report",
        "proposal",
        "incident_report",
        "other",
    ],
    BeforeValidator(lower),
]
FactName = Annotated[
    Literal["party", "date", "money", "term", "notice_period", "renewal_date", "governing_law", "other"],
    BeforeValidator(lower),
]


class AnalystAnswer(Strict):
    """Contract "analysis/1"."""

    findings: Annotated[list[FindingAnswer], at_most(MAX_FINDINGS)]
    looked_for_and_not_found: Annotated[list[Phrase], at_most(MAX_ITEMS)]
    summary: Summary


class PagedAnalystAnswer(AnalystAnswer):
    """Contract "analysis/2"."""

    model_config = ConfigDict(title="AnalystAnswer")

    findings: Annotated[list[PagedFindingAnswer], at_most(MAX_FINDINGS)]  # type: ignore[assignment]  # as in findings.py


class FactAnswer(Strict):
    kind: FactName
    evidence: PagedEvidenceList
    label: Phrase
    value: Phrase


class SidedAnalystAnswer(Strict):
    """Contract "analysis/3"."""

    model_config = ConfigDict(title="AnalystAnswer")

    document_type: TypeName
    language: Phrase
    side: Phrase
    key_facts: Annotated[list[FactAnswer], at_most(MAX_FACTS)]
    findings: Annotated[list[PagedFindingAnswer], at_most(MAX_FINDINGS)]
    looked_for_and_not_found: Annotated[list[Phrase], at_most(MAX_ITEMS)]
    summary: Summary


AnyAnalystAnswer = AnalystAnswer | SidedAnalystAnswer
ANALYSIS_CONTRACT = "analysis/1"
ANALYSIS_SHAPES: Mapping[str, type[AnalystAnswer | SidedAnalystAnswer]] = {
    ANALYSIS_CONTRACT: AnalystAnswer,
    "analysis/2": PagedAnalystAnswer,
    "analysis/3": SidedAnalystAnswer,
}


def to_fact(answer: FactAnswer) -> KeyFact:
    return KeyFact(FactKind(answer.kind), answer.label, answer.value, to_quotations(answer.evidence))
