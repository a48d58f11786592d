"""How the parts of a long document become one: contract "reduction/1". It can join findings, not drop or lower any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from smallprint.agents.answers.analysis import TypeName
from smallprint.agents.answers.fields import MAX_ITEMS, Phrase, Strict, Summary, at_most


class SameMatterAnswer(Strict):
    findings: Annotated[list[int], at_most(MAX_ITEMS)]
    """Numbers of findings that state the same matter; the first is worded best."""


class ReductionAnswer(Strict):
    same_matter: Annotated[list[SameMatterAnswer], at_most(MAX_ITEMS)]
    looked_for_and_not_found: Annotated[list[Phrase], at_most(MAX_ITEMS)]
    document_type: TypeName
    summary: Summary


REDUCTION_SHAPES: Mapping[str, type[ReductionAnswer]] = {"reduction/1": ReductionAnswer}
