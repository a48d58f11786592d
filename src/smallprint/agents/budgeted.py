"""A language model that is asked only as far as the budgets reach.

It stands directly round the model, inside `ModelWithFallbacks`: a fallback costs something else than the model that
it stands in for, so each is judged by its own price.
"""

from __future__ import annotations

from typing import Protocol

from smallprint.agents.budgets import Budgets
from smallprint.agents.language_model import LanguageModel
from smallprint.models.completion import Completion, CompletionRequest


class PaidAnswers(Protocol):
    """`services/database/calls.py`."""

    async def answer(self, key: str) -> Completion | None:
        """The answer that was paid for already, if there is one."""
        ...


class BudgetedModel:
    """A LanguageModel. What was paid for already costs nothing, so no budget refuses it."""

    def __init__(self, model: LanguageModel, budgets: Budgets, paid: PaidAnswers) -> None:
        """`paid`: where the model itself looks for answers first."""
        self._model = model
        self._budgets = budgets
        self._paid = paid

    @property
    def sees(self) -> bool:
        return self._model.sees

    async def complete(self, request: CompletionRequest) -> Completion:
        """The model's answer.

        Raises:
            BudgetReached: the call would cost more than may be spent; it was not made.
            ModelError: what the model raises.
        """
        if await self._paid.answer(request.key) is not None:
            return await self._model.complete(request)
        async with self._budgets.paying(request):
            return await self._model.complete(request)
