"""What an analysis may cost is estimated; near a limit the model's own count decides, and nothing is refused without one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from smallprint.agents.allowances import Allowances
from smallprint.agents.budgets import Budgets
from smallprint.agents.document_text import CHARACTERS_PER_TOKEN
from smallprint.agents.examination import Task
from smallprint.agents.profiles import ModelChoice, Staffing
from smallprint.errors import BudgetReached, CostNeedsConsent, ModelOverloaded, ModelRefused
from smallprint.models.domain import AnalysisRequest, Brief, Picture, Step, Usage
from tests.fakes.budget_books import ScriptedBooks
from tests.fakes.passages import document_of
from tests.fakes.token_counter import ScriptedCounter

STAFFING = Staffing(ModelChoice("analyst"), ModelChoice("free"), ModelChoice("free"))
RULES, ANSWER = 8_000, 6_000
TOKENS = 86_000
ESTIMATE = TOKENS + RULES + ANSWER  # 100,000


def price(model: str, usage: Usage, at: datetime) -> tuple[int | None, str]:
    """A nano-USD for each token; what the reviewer does costs nothing here."""
    return (usage.input_tokens + usage.output_tokens if model == "analyst" else 0), "test"


async def quiet(_step: Step) -> None: ...


def task(*, parts: int = 1, brief: Brief | None = None) -> Task:
    document = document_of("x" * int(TOKENS / parts * CHARACTERS_PER_TOKEN))
    request = AnalysisRequest("an1", user="U1", channel="C1", brief=brief or Brief())
    return Task(document, (document,) * parts, request, {}, (), STAFFING, quiet, last_try=True)


@pytest.mark.parametrize("ask_above", [None, ESTIMATE * 2, ESTIMATE // 2])
async def test_nothing_is_counted_where_no_limit_is_near(ask_above):
    counter = ScriptedCounter(1)
    for room in (None, ESTIMATE * 2, ESTIMATE // 2):
        books = ScriptedBooks(room=room)
        allowances = Allowances(
            price, ask_above_nano_usd=ask_above, budgets=Budgets(books, price), counter=counter
        )
        try:
            await allowances.require(task())
        except CostNeedsConsent:
            assert ask_above == ESTIMATE // 2
        else:
            assert books.held == ESTIMATE
    assert counter.asked == []


async def test_an_estimate_that_is_too_high_asks_nobody_when_the_count_is_below_the_limit():
    counter = ScriptedCounter(60_000)
    await Allowances(price, ask_above_nano_usd=90_000, counter=counter).require(task())
    (asked,) = counter.asked
    assert asked.model == "analyst"
    assert "x" * 1_000 in asked.document_text
    assert "x" * 10 not in asked.system + asked.task


async def test_an_estimate_that_is_too_low_asks_when_the_count_is_above_the_limit():
    allowances = Allowances(price, ask_above_nano_usd=110_000, counter=ScriptedCounter(120_000))
    with pytest.raises(CostNeedsConsent, match="about 120,000 tokens") as asked:
        await allowances.require(task())
    assert asked.value.estimate_nano_usd == 120_000 + RULES + ANSWER


async def test_what_is_counted_is_what_is_held_near_a_budget():
    books = ScriptedBooks(room=90_000)
    await Allowances(price, budgets=Budgets(books, price), counter=ScriptedCounter(60_000)).require(task())
    assert books.held == 60_000 + RULES + ANSWER


async def test_each_part_of_a_long_document_is_counted():
    counter, books = ScriptedCounter(20_000), ScriptedBooks(room=120_000)
    await Allowances(price, budgets=Budgets(books, price), counter=counter).require(task(parts=2))
    assert len(counter.asked) == 2
    assert books.held == 2 * (20_000 + RULES + ANSWER)


@pytest.mark.parametrize("counter", [None, ScriptedCounter(None)])
async def test_without_a_count_the_estimate_holds(counter):
    books = ScriptedBooks(room=ESTIMATE)
    await Allowances(
        price, ask_above_nano_usd=ESTIMATE, budgets=Budgets(books, price), counter=counter
    ).require(task())
    assert books.held == ESTIMATE


async def test_who_has_agreed_is_not_asked_again_and_nothing_is_counted_for_it():
    counter = ScriptedCounter(10)
    allowances = Allowances(price, ask_above_nano_usd=ESTIMATE, counter=counter)
    await allowances.require(task(brief=Brief(cost_accepted=True)))
    assert counter.asked == []


async def test_a_budget_that_refuses_says_so():
    budgets = Budgets(ScriptedBooks(generous=False), price)
    with pytest.raises(BudgetReached):
        await Allowances(price, budgets=budgets).require(task())


async def test_pictures_are_counted_too():
    picture = Picture("image/png", b"png", 1)
    seen = task()
    scan = replace(document_of("x"), pictures=(picture,))
    counter = ScriptedCounter(1_600)
    await Allowances(price, ask_above_nano_usd=18_000, counter=counter).require(replace(seen, parts=(scan,)))
    assert counter.asked[0].pictures == (picture,)


# --- until it ends ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "last_try", "settled"),
    [
        (ModelOverloaded(), False, []),
        (ModelOverloaded(), True, ["an1"]),
        (ModelRefused(), False, ["an1"]),
        (RuntimeError("a fault of ours"), False, ["an1"]),
        (asyncio.CancelledError(), True, []),
    ],
)
async def test_what_is_held_is_free_once_nobody_goes_on(fault, last_try, settled):
    books = ScriptedBooks()
    with pytest.raises(type(fault)):
        async with Allowances(price, budgets=Budgets(books, price)).held("an1", last_try=last_try):
            raise fault
    assert books.settled == settled


async def test_what_is_held_is_free_after_a_report():
    books = ScriptedBooks()
    async with Allowances(price, budgets=Budgets(books, price)).held("an1", last_try=False):
        assert books.settled == []
    assert books.settled == ["an1"]
