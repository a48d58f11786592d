"""Which models read a document, and with how much effort. A profile changes nothing else.

Why these (research: platform.claude.com, models overview, November 2026): a whole reading by Haiku costs a
twentieth of one by Sonnet, less than Sonnet reading its own cache, and it is another model, which is what a second
opinion needs. Opus reads only windows round what is disputed, so it can afford to think.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from smallprint.models.domain import Profile


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model and how hard it should think."""

    model: str
    effort: str | None = None
    """None: what the prompt version asks for."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who does what in one profile."""

    analyst: ModelChoice
    reviewer: ModelChoice
    triage: ModelChoice
    adjudicator: ModelChoice | None = None
    """None: analyst and reviewer decide alone."""


@dataclass(frozen=True, slots=True)
class Models:
    """The models that are set up, by what they are for."""

    analyst: str
    reviewer: str
    """Also does the triage: cheap is what both must be."""
    adjudicator: str


def staffings(models: Models) -> Mapping[Profile, Staffing]:
    """Economy: the reviewer's cheap model reads twice. Balanced: two models. Thorough: more effort, and an adjudicator."""
    triage = ModelChoice(models.reviewer, "low")
    return {
        Profile.ECONOMY: Staffing(
            ModelChoice(models.reviewer, "medium"), ModelChoice(models.reviewer, "low"), triage
        ),
        Profile.BALANCED: Staffing(ModelChoice(models.analyst), ModelChoice(models.reviewer), triage),
        Profile.THOROUGH: Staffing(
            ModelChoice(models.analyst, "high"),
            ModelChoice(models.reviewer, "high"),
            triage,
            ModelChoice(models.adjudicator, "high"),
        ),
    }
