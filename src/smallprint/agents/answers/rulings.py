"""The adjudicator's answer: contract "ruling/1"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from smallprint.agents.answers.fields import MAX_FINDINGS, Sentence, Severity, Strict, VerdictName, at_most
from smallprint.agents.answers.findings import PagedEvidenceList


class RulingAnswer(Strict):
    finding: int
    """Its number in the list that was shown, from 1."""
    evidence: PagedEvidenceList
    comment: Sentence
    verdict: VerdictName
    severity: Severity


class AdjudicatorAnswer(Strict):
    rulings: Annotated[list[RulingAnswer], at_most(MAX_FINDINGS)]


RULING_SHAPES: Mapping[str, type[AdjudicatorAnswer]] = {"ruling/1": AdjudicatorAnswer}
