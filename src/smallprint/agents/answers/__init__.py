"""The form of the agents' answers: what a model must send, checked where it enters. One agent's contracts a file."""

from __future__ import annotations

from collections.abc import Mapping

from smallprint.agents.answers.analysis import ANALYSIS_SHAPES
from smallprint.agents.answers.answer import ANSWER_SHAPES
from smallprint.agents.answers.changes import CHANGES_SHAPES
from smallprint.agents.answers.fields import Strict
from smallprint.agents.answers.reduction import REDUCTION_SHAPES
from smallprint.agents.answers.repair import REPAIR_SHAPES
from smallprint.agents.answers.review import REVIEW_SHAPES
from smallprint.agents.answers.rulings import RULING_SHAPES
from smallprint.agents.answers.triage import TRIAGE_SHAPES

SHAPES: Mapping[str, type[Strict]] = {
    **ANALYSIS_SHAPES,
    **REVIEW_SHAPES,
    **TRIAGE_SHAPES,
    **REPAIR_SHAPES,
    **REDUCTION_SHAPES,
    **RULING_SHAPES,
    **CHANGES_SHAPES,
    **ANSWER_SHAPES,
}
"""Every contract that this release can parse, and its form."""

SUPPORTED_CONTRACTS = frozenset(SHAPES)
"""A prompt version that names another contract cannot go live."""
