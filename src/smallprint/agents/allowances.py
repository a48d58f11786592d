"""What an analysis may cost: estimated before anything is spent, asked for when it is much, and held until it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog

from smallprint.agents.budgets import Budgets
from smallprint.agents.consent import cost_question
from smallprint.agents.document_text import estimated_tokens, numbered
from smallprint.agents.estimate import Price, estimated_cost
from smallprint.agents.examination import Task
from smallprint.agents.token_counter import TokenCounter, is_near
from smallprint.errors import CostNeedsConsent, SmallprintError
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Document, Expected

COUNTED = "Read the document."
"""Stands for rules and task in a request that is only counted: they have a fixed share of the estimate."""
NO_ANSWER = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}

log = structlog.get_logger()


class Allowances:
    """Decides whether an analysis may begin, and frees what it holds when it has ended."""

    def __init__(
        self,
        price: Price,
        *,
        ask_above_nano_usd: int | None = None,
        budgets: Budgets | None = None,
        counter: TokenCounter | None = None,
    ) -> None:
        """`ask_above_nano_usd`: None never asks. `budgets`: None spends without limit. `counter`: None estimates only."""
        self._price = price
        self._ask_above = ask_above_nano_usd
        self._budgets = budgets
        self._counter = counter

    async def require(self, task: Task) -> None:
        """Before the first paid call: hold what the analysis will cost.

        Raises:
            CostNeedsConsent: it costs so much that somebody has to agree.
            BudgetReached: it would cost more than is left.
        """
        ask_above = None if task.request.brief.cost_accepted else self._ask_above
        if ask_above is None and self._budgets is None:
            return
        tokens = [estimated_tokens(part) for part in task.parts]
        cost = estimated_cost(tokens, task.staffing, self._price)
        if cost is not None and await self._is_near_a_limit(task, cost, ask_above):
            tokens = await self._counted(task, tokens)
            cost = estimated_cost(tokens, task.staffing, self._price)
        if ask_above is not None and cost is not None and cost > ask_above:
            raise CostNeedsConsent(cost_question(tokens, cost, ask_above), estimate_nano_usd=cost)
        if self._budgets is not None:
            await self._budgets.reserve(task.request, cost)

    def expected(self, task: Task) -> Expected:
        """What the analysis will take, for whoever waits for it."""
        tokens = [estimated_tokens(part) for part in task.parts]
        return Expected(len(task.parts), estimated_cost(tokens, task.staffing, self._price))

    @asynccontextmanager
    async def held(self, analysis_id: str, *, last_try: bool) -> AsyncIterator[None]:
        """Round an analysis: what it holds is free when it has ended, one way or the other.

        It keeps that for its next try, and when the process is stopped in the middle: somebody goes on with it.
        """
        goes_on = True
        try:
            yield
            goes_on = False
        except Exception as error:
            goes_on = isinstance(error, SmallprintError) and error.retryable and not last_try
            raise
        finally:
            if self._budgets is not None and not goes_on:
                await self._budgets.settle(analysis_id)

    async def _is_near_a_limit(self, task: Task, cost: int, ask_above: int | None) -> bool:
        if self._counter is None:
            return False
        if is_near(cost, ask_above):
            return True
        return self._budgets is not None and is_near(cost, await self._budgets.room(task.request.analysis_id))

    async def _counted(self, task: Task, estimated: Sequence[int]) -> list[int]:
        """Tokens of each part as the analyst's model counts them; the reviewer reads the same words for far less."""
        if self._counter is None:
            return list(estimated)
        model = task.staffing.analyst.model
        counts = await asyncio.gather(
            *(self._counter.count(_to_count(part, task.request.analysis_id, model)) for part in task.parts)
        )
        log.info(
            "tokens counted", analysis=task.request.analysis_id, estimated=sum(estimated), counted=counts
        )
        return [offline if count is None else count for offline, count in zip(estimated, counts, strict=True)]


def _to_count(part: Document, analysis_id: str, model: str) -> CompletionRequest:
    return CompletionRequest(
        analysis_id,
        agent="",
        purpose="count",
        model=model,
        effort="low",
        max_tokens=1,
        system=COUNTED,
        task=COUNTED,
        document_name=part.name,
        document_text=numbered(part),
        output_schema=NO_ANSWER,
        pictures=part.pictures,
    )
