"""What an agent's work is for, without an orchestrator."""

from __future__ import annotations

from typing import Any

from smallprint.agents.profiles import ModelChoice
from smallprint.agents.requests import Assignment


def an_assignment(analysis_id: str = "an1", model: str = "analyst-model", **changes: Any) -> Assignment:
    """Work for one analysis, with the model's usual effort."""
    return Assignment(**{"analysis_id": analysis_id, "choice": ModelChoice(model), **changes})
