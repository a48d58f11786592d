"""What the agents need from a language model: one question, one complete answer."""

from __future__ import annotations

from typing import Protocol

from smallprint.models.completion import Completion, CompletionRequest


class LanguageModel(Protocol):
    """`services/ai_client.py` is the real one."""

    @property
    def sees(self) -> bool:
        """False: a request must not hold pictures."""
        ...

    async def complete(self, request: CompletionRequest) -> Completion:
        """The whole answer, not yet validated; a request with the same key is never paid twice.

        Raises:
            ModelError: the typed reason why there is none.
        """
        ...
