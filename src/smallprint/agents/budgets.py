"""Budgets as the agents meet them: what an analysis will cost is held before anything is spent, and what a call will
cost before it is made.

An estimate is a little too high rather than too low, but it is one: a budget can be exceeded by what the answers in
flight are longer than estimated, at most up to the answers' own limit.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import structlog

from smallprint.agents.document_text import CHARACTERS_PER_TOKEN, TOKENS_PER_PICTURE
from smallprint.agents.estimate import (
    ADJUDICATION,
    ANALYST_ANSWER_TOKENS,
    FINDINGS_TOKENS,
    REVIEWER_ANSWER_TOKENS,
    Price,
)
from smallprint.agents.token_counter import TokenCounter, may_not_fit
from smallprint.errors import BudgetReached
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import Agent, AnalysisRequest, Refusal, Usage
from smallprint.reports.budgets import refusal_sentence

log = structlog.get_logger()

ANSWER_TOKENS: Mapping[str, int] = {
    Agent.ANALYST: ANALYST_ANSWER_TOKENS,
    Agent.REVIEWER: REVIEWER_ANSWER_TOKENS,
    Agent.ADJUDICATOR: ADJUDICATION.output_tokens,
}
"""With thinking; of the others about as much as findings come to."""


class Books(Protocol):
    """`services/database/budgets.py`."""

    async def reserve(self, analysis_id: str, user: str, channel: str, nano_usd: int) -> Refusal | None:
        """Hold what the analysis will cost in all; an analysis that holds something already keeps that."""
        ...

    async def covers(self, analysis_id: str, nano_usd: int) -> bool:
        """True if what it holds is enough for so much more."""
        ...

    async def room(self, analysis_id: str) -> int | None:
        """Nano-USD that the analysis may still spend at most, what it holds included; None without a limit."""
        ...

    async def extend(self, analysis_id: str, nano_usd: int) -> Refusal | None: ...

    async def settle(self, analysis_id: str) -> None: ...


class Budgets:
    """One per process: it knows which calls are in flight."""

    def __init__(self, books: Books, price: Price, counter: TokenCounter | None = None) -> None:
        """`counter`: None decides by estimates alone."""
        self._books = books
        self._price = price
        self._counter = counter
        self._in_flight: Counter[str] = Counter()
        """Analysis → estimated nano-USD of calls that run now: they are in nobody's books yet."""

    async def reserve(self, request: AnalysisRequest, estimate_nano_usd: int | None) -> None:
        """Before the first paid call. `estimate_nano_usd` is None for a model without a price: such calls count as 0.

        Raises:
            BudgetReached: it would cost more than is left; nothing was spent.
        """
        if estimate_nano_usd is None:
            log.warning("budget can't count a model without a price", analysis=request.analysis_id)
        refusal = await self._books.reserve(
            request.analysis_id, request.user, request.channel, estimate_nano_usd or 0
        )
        if refusal is not None:
            raise _reached(refusal, request.analysis_id)

    @asynccontextmanager
    async def paying(self, request: CompletionRequest) -> AsyncIterator[None]:
        """Round a call that will be paid for.

        Raises:
            BudgetReached: it does not fit into what the analysis holds, and that cannot be extended.
        """
        analysis, cost = request.analysis_id, self._cost(request, estimated_usage(request))
        self._count(analysis, cost)
        try:
            if not await self._books.covers(analysis, self._in_flight[analysis]):
                exact = await self._recounted(request, cost)
                self._count(analysis, exact - cost)
                cost = exact
                await self._extend(analysis)
            yield
        finally:
            self._count(analysis, -cost)

    async def room(self, analysis_id: str) -> int | None:
        """Nano-USD that the analysis may still spend at most; None without a limit."""
        return await self._books.room(analysis_id)

    async def settle(self, analysis_id: str) -> None:
        """The analysis has ended, one way or the other."""
        await self._books.settle(analysis_id)

    def _count(self, analysis_id: str, nano_usd: int) -> None:
        """So much more is in flight, or less."""
        self._in_flight[analysis_id] += nano_usd
        if self._in_flight[analysis_id] <= 0:
            del self._in_flight[analysis_id]

    async def _extend(self, analysis_id: str) -> None:
        refusal = await self._books.extend(analysis_id, self._in_flight[analysis_id])
        if refusal is not None:
            raise _reached(refusal, analysis_id)

    async def _recounted(self, request: CompletionRequest, estimate: int) -> int:
        """What the call costs by its exact number of tokens where it may not fit; else the estimate.

        However far above: the analysis was let begin, and to stop it would waste what it has spent.
        """
        analysis = request.analysis_id
        if self._counter is None or not estimate:
            return estimate
        if not may_not_fit(self._in_flight[analysis], await self._books.room(analysis)):
            return estimate
        tokens = await self._counter.count(request)
        if tokens is None:
            return estimate
        return self._cost(request, replace(estimated_usage(request), input_tokens=tokens))

    def _cost(self, request: CompletionRequest, usage: Usage) -> int:
        cost, _ = self._price(request.model, usage, datetime.now(UTC))
        return cost or 0


def estimated_usage(request: CompletionRequest) -> Usage:
    """Nothing of it cached: an upper bound for ordinary text and an answer of ordinary length."""
    texts = (
        request.system,
        request.task,
        request.document_text,
        request.attachment or "",
        request.faulty_answer or "",
        request.fault or "",
        json.dumps(request.output_schema),
    )
    tokens = round(sum(map(len, texts)) / CHARACTERS_PER_TOKEN) + TOKENS_PER_PICTURE * len(request.pictures)
    answer = min(request.max_tokens, ANSWER_TOKENS.get(request.agent, FINDINGS_TOKENS))
    return Usage(input_tokens=tokens, output_tokens=answer)


def _reached(refusal: Refusal, analysis_id: str) -> BudgetReached:
    budget = refusal.budget
    log.warning(
        "budget reached",
        analysis=analysis_id,
        scope=budget.place.scope.value,
        limit_nano_usd=budget.limit.nano_usd,
        spent_nano_usd=budget.spent_nano_usd,
        reserved_nano_usd=budget.reserved_nano_usd,
        cost_nano_usd=refusal.cost_nano_usd,
    )
    return BudgetReached(refusal_sentence(refusal))
