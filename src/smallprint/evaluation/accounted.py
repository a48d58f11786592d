"""Claude as an evaluation asks it: its calls stand in the installation's books, under ids of their own.

The ids of an evaluation's analyses are the same each time. In books that are kept, the second evaluation would be
given the answers that the first one paid for.
"""

from __future__ import annotations

from dataclasses import replace

from smallprint.agents.language_model import LanguageModel
from smallprint.models.completion import Completion, CompletionRequest


class AccountedModel:
    """A LanguageModel."""

    def __init__(self, model: LanguageModel, run: str) -> None:
        """`run`: another one for each evaluation."""
        self._model = model
        self._run = run
        self.analyses: set[str] = set()
        """Ids under which it was asked so far."""

    @property
    def sees(self) -> bool:
        return self._model.sees

    async def complete(self, request: CompletionRequest) -> Completion:
        """The model's answer, found again only in this evaluation. Raises what the model raises."""
        apart = replace(request, analysis_id=f"{self._run}:{request.analysis_id}")
        self.analyses.add(apart.analysis_id)
        return await self._model.complete(apart)
