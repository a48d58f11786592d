"""The triage's answer: contract "triage/1"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from smallprint.agents.answers.analysis import TypeName
from smallprint.agents.answers.fields import Phrase, Strict, at_most
from smallprint.agents.answers.findings import EvidenceAnswer

MAX_ADDRESSES = 3


class TriageAnswer(Strict):
    addressing_ai: Annotated[list[EvidenceAnswer], at_most(MAX_ADDRESSES)]
    document_type: TypeName
    language: Phrase


TRIAGE_SHAPES: Mapping[str, type[TriageAnswer]] = {"triage/1": TriageAnswer}
