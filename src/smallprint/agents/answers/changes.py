"""What the changes between two versions of a document mean: contract "changes/1". It explains, and finds none itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator

from smallprint.agents.answers.fields import Phrase, Sentence, Severity, Strict, Summary, at_most, lower

MAX_EXPLAINED = 120

DirectionName = Annotated[Literal["worse", "better", "neutral"], BeforeValidator(lower)]


class ExplanationAnswer(Strict):
    change: Phrase
    """Its id in the list that was shown: "C12"."""
    meaning: Sentence
    direction: DirectionName
    severity: Severity


class ChangesAnswer(Strict):
    side: Phrase
    explanations: Annotated[list[ExplanationAnswer], at_most(MAX_EXPLAINED)]
    summary: Summary


CHANGES_SHAPES: Mapping[str, type[ChangesAnswer]] = {"changes/1": ChangesAnswer}
