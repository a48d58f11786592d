"""What comes back when findings are sent back for want of a quotation: contract "repair/1"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from smallprint.agents.answers.fields import MAX_FINDINGS, Statement, Strict, at_most
from smallprint.agents.answers.findings import PagedEvidenceList


class RepairedFindingAnswer(Strict):
    finding: int
    """Its number in the list that was shown, from 1."""
    evidence: PagedEvidenceList
    """Empty when nothing in the passages supports the finding."""
    statement: Statement
    """What the quoted words really say."""


class RepairAnswer(Strict):
    repaired: Annotated[list[RepairedFindingAnswer], at_most(MAX_FINDINGS)]


REPAIR_SHAPES: Mapping[str, type[RepairAnswer]] = {"repair/1": RepairAnswer}
