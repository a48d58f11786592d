"""What a button or a modal carries to Slack and back: ids and numbers of ours, never a word of a person or a document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from smallprint.errors import PromptError

NOT_OURS = "I can't read what this button stands for any more. Please ask again."


@dataclass(frozen=True, slots=True)
class Carried:
    """Which change somebody was shown; each part is empty where it is not meant."""

    verb: str = ""
    agent: str = ""
    version: int = 0
    activation: int = 0
    """Id of the log's row that was the last one then, or that this is about."""
    channel: str = ""

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def read(cls, text: str) -> Carried:
        """Raises PromptError for what we did not write."""
        try:
            value = json.loads(text)
            verb, agent, channel = (str(value.get(name, "")) for name in ("verb", "agent", "channel"))
            return cls(verb, agent, int(value.get("version", 0)), int(value.get("activation", 0)), channel)
        except (ValueError, TypeError, AttributeError):
            raise PromptError(NOT_OURS) from None


@dataclass(frozen=True, slots=True)
class CarriedRerun:
    """Which report is to be made once more, and what it was made with."""

    job: str
    thread_ts: str
    used: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> CarriedRerun:
        """Raises PromptError for what we did not write."""
        try:
            value = json.loads(text)
            used = {str(agent): int(version) for agent, version in value["used"].items()}
            return cls(str(value["job"]), str(value["thread_ts"]), used)
        except (ValueError, TypeError, AttributeError, KeyError):
            raise PromptError(NOT_OURS) from None
