"""A model is asked as far as the budgets reach, and what was paid for already is not asked for twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from smallprint.agents.budgeted import BudgetedModel
from smallprint.agents.budgets import Budgets, estimated_usage
from smallprint.agents.fallback import ModelWithFallbacks
from smallprint.errors import BudgetReached, ModelError, ModelRefused
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import AnalysisRequest, Picture, Usage
from tests.fakes.budget_books import ScriptedBooks
from tests.fakes.call_log import InMemoryCallLog
from tests.fakes.language_model import ScriptedModel
from tests.fakes.token_counter import ScriptedCounter

CHEAP, DEAR = "cheap", "dear"
PRICES = {CHEAP: 1, DEAR: 100}
"""Nano-USD for each call."""
REQUEST = CompletionRequest(
    "a1", "document_analysis", "main", CHEAP, "medium", 24_000, "rules", "task", "msa.pdf", "x" * 2_500, {}
)


def price(model: str, usage: Usage, at: datetime) -> tuple[int | None, str]:
    return PRICES.get(model), "test"


def budgeted(
    model: ScriptedModel, books: ScriptedBooks, paid: InMemoryCallLog | None = None
) -> BudgetedModel:
    return BudgetedModel(model, Budgets(books, price), paid or InMemoryCallLog())


async def test_a_call_that_is_covered_is_made():
    model = ScriptedModel("{}")
    assert (await budgeted(model, ScriptedBooks(1)).complete(REQUEST)).text == "{}"


async def test_a_call_that_no_budget_has_room_for_is_not_made():
    model = ScriptedModel("{}")
    with pytest.raises(BudgetReached, match="the workspace's budget for this month"):
        await budgeted(model, ScriptedBooks(0, generous=False)).complete(REQUEST)
    assert model.requests == []


async def test_an_answer_that_was_paid_for_is_given_whatever_the_budgets_say():
    paid = InMemoryCallLog(answers={REQUEST.key: Completion("{}", CHEAP, Usage(), 1, 0.1)})
    books = ScriptedBooks(0, generous=False)
    assert (await budgeted(ScriptedModel("{}"), books, paid).complete(REQUEST)).text == "{}"
    assert books.asked == []


async def test_a_refusal_is_an_error_that_agents_that_can_be_done_without_are_left_out_for():
    assert issubclass(BudgetReached, ModelError)
    assert not BudgetReached().retryable


async def test_calls_that_run_at_the_same_time_are_covered_together():
    class Slow(ScriptedModel):
        async def complete(self, request: CompletionRequest) -> Completion:
            await asyncio.sleep(0)
            return await super().complete(request)

    books = ScriptedBooks(1)
    model = budgeted(Slow("{}", "{}", "{}"), books)
    await asyncio.gather(*(model.complete(replace(REQUEST, purpose=f"part {part}")) for part in range(3)))
    assert max(books.asked) == books.held == 3
    await budgeted(ScriptedModel("{}"), books).complete(REQUEST)
    assert books.asked[-1] == 1


async def test_a_model_that_steps_in_is_judged_by_its_own_price():
    model = ScriptedModel(ModelRefused(), "{}")
    refused = ModelWithFallbacks(budgeted(model, ScriptedBooks(1, generous=False)), [DEAR])
    with pytest.raises(ModelRefused):
        await refused.complete(REQUEST)
    assert [request.model for request in model.requests] == [CHEAP]


async def test_a_model_without_a_price_counts_as_nothing():
    books = ScriptedBooks(0, generous=False)
    await budgeted(ScriptedModel("{}"), books).complete(replace(REQUEST, model="of our own"))
    assert books.asked == [0]


async def test_an_analysis_of_unknown_cost_reserves_nothing_and_goes_on():
    books = ScriptedBooks(7)
    await Budgets(books, price).reserve(AnalysisRequest("a1"), None)
    assert books.held == 0


# --- the model's own count -------------------------------------------------------------------------------


def by_token(model: str, usage: Usage, at: datetime) -> tuple[int | None, str]:
    return usage.input_tokens + usage.output_tokens, "test"


ESTIMATE = sum((estimated_usage(REQUEST).input_tokens, estimated_usage(REQUEST).output_tokens))


async def asked_with(counter: ScriptedCounter, books: ScriptedBooks) -> None:
    budgets = Budgets(books, by_token, counter)
    await BudgetedModel(ScriptedModel("{}"), budgets, InMemoryCallLog()).complete(REQUEST)


@pytest.mark.parametrize(
    ("held", "room"), [(ESTIMATE, ESTIMATE), (0, 2 * ESTIMATE), (0, None)], ids=["held", "room", "no limit"]
)
async def test_no_call_is_counted_that_is_covered_or_has_ample_room(held, room):
    counter, books = ScriptedCounter(1), ScriptedBooks(held, room=room)
    await asked_with(counter, books)
    assert counter.asked == []
    assert books.held == ESTIMATE


@pytest.mark.parametrize("room", [ESTIMATE, ESTIMATE // 3])
async def test_a_call_that_may_not_fit_is_counted_before_a_budget_decides(room):
    counter, books = ScriptedCounter(10), ScriptedBooks(0, room=room)
    await asked_with(counter, books)
    assert counter.asked == [REQUEST]
    assert books.held == 10 + estimated_usage(REQUEST).output_tokens


async def test_where_nobody_can_count_the_estimate_decides():
    books = ScriptedBooks(0, room=ESTIMATE)
    await asked_with(ScriptedCounter(None), books)
    assert books.held == ESTIMATE


async def test_after_a_counted_call_nothing_of_it_is_in_flight():
    books = ScriptedBooks(0, room=ESTIMATE)
    budgets = Budgets(books, by_token, ScriptedCounter(10))
    model = BudgetedModel(ScriptedModel("{}", "{}"), budgets, InMemoryCallLog())
    await model.complete(REQUEST)
    await model.complete(replace(REQUEST, purpose="repair"))
    assert books.asked == [ESTIMATE, ESTIMATE]


# --- estimates -------------------------------------------------------------------------------------------


def test_all_that_is_sent_is_in_the_estimate():
    small = estimated_usage(REQUEST).input_tokens
    picture = Picture("image/png", b"", 1)
    for more in (
        {"attachment": "y" * 5_000},
        {"faulty_answer": "y" * 5_000},
        {"system": "y" * 5_000},
        {"pictures": (picture,)},
        {"output_schema": {"y": "y" * 5_000}},
    ):
        assert estimated_usage(replace(REQUEST, **more)).input_tokens > small + 1_900
    assert estimated_usage(REQUEST).output_tokens == 6_000
    assert estimated_usage(replace(REQUEST, max_tokens=100)).output_tokens == 100
