"""What is left of an analysis that somebody stopped: the answers that were paid for by then.

An orchestrator whose model is this one makes the report of them, without asking anybody: an agent that has not
answered yet is left out, and without the analyst's answer there is no report.
"""

from __future__ import annotations

from dataclasses import replace

from smallprint.agents.budgeted import PaidAnswers
from smallprint.errors import Stopped
from smallprint.models.completion import Completion, CompletionRequest


class PaidAnswersOnly:
    """A LanguageModel that knows old answers and gives no new ones."""

    def __init__(self, paid: PaidAnswers, *, sees: bool) -> None:
        """`sees`: as the model that gave them."""
        self._paid = paid
        self._sees = sees

    @property
    def sees(self) -> bool:
        return self._sees

    async def complete(self, request: CompletionRequest) -> Completion:
        """The answer that was paid for.

        Raises:
            Stopped: there is none.
        """
        paid = await self._paid.answer(request.key)
        if paid is None:
            raise Stopped
        return replace(paid, replayed=True)
