"""The answer to a question about documents: contract "answer/1". The words stand before what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from smallprint.agents.answers.fields import Statement, Strict, at_most
from smallprint.agents.answers.findings import PagedEvidenceAnswer, to_quotations
from smallprint.models.domain import StatedAnswer, StatedPoint

MAX_POINTS = 8
MAX_QUOTATIONS = 3


class PointAnswer(Strict):
    evidence: Annotated[list[PagedEvidenceAnswer], at_most(MAX_QUOTATIONS)]
    statement: Statement


class FollowUpAnswer(Strict):
    points: Annotated[list[PointAnswer], at_most(MAX_POINTS)]
    in_the_document: bool
    """False: what was asked is not settled by the document."""


ANSWER_CONTRACT = "answer/1"
ANSWER_SHAPES: Mapping[str, type[FollowUpAnswer]] = {ANSWER_CONTRACT: FollowUpAnswer}


def to_point(answer: PointAnswer) -> StatedPoint:
    return StatedPoint(answer.statement, to_quotations(answer.evidence))


def to_stated_answer(answer: FollowUpAnswer) -> StatedAnswer:
    return StatedAnswer(tuple(map(to_point, answer.points)), answer.in_the_document)
