"""What somebody wants of an analysis. Frozen, plain, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Profile(StrEnum):
    """How much an analysis may cost and take: which models read, with how much effort."""

    ECONOMY = "economy"
    BALANCED = "balanced"
    THOROUGH = "thorough"


@dataclass(frozen=True, slots=True)
class Brief:
    """The asker's wishes. Words that people typed: short, cleaned where they enter, never a document's."""

    profile: Profile | None = None
    """None: the one that is set up."""
    side: str = ""
    """The party that the reader stands with, in the asker's words: "the tenant"; empty when nobody said."""
    focus: str = ""
    """What to look at above all: "liability and exit"."""
    language: str = ""
    """The language to answer in: "English"; empty for the document's own."""
    prompts: Mapping[str, int] = field(default_factory=dict)
    """Agent → prompt version, where it must be another than the live one."""
    cost_accepted: bool = False
    """Somebody was shown the estimated cost and said yes."""
    again: bool = False
    """Analyse anew even if an earlier report of the same document would do."""
    compare_with: str = ""
    """Id of an earlier job: for a document, of the same one under other prompts; for changes, of the older version."""
    private: bool = False
    """The answer is for the asker alone: it goes to their direct messages with us."""
    question: str = ""
    """What somebody asked of the documents in a thread, in their words."""
