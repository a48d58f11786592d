"""Our books against Claude's: what the loopback Claude says it billed is what `llm_calls` says, to the token.

The real product (agents, client, database), as the command line assembles it, while nearly everything goes wrong.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import and_, func, select

from smallprint.bootstrap.product import Product, assemble
from smallprint.config import Settings
from smallprint.errors import InvalidAnswer, ModelError, ModelRefused
from smallprint.models.database import llm_calls
from smallprint.models.domain import AnalysisRequest, Step, Usage
from smallprint.models.usage import EVERYTHING, Grouping, Period
from smallprint.services.ai_client.attempts import NOT_BILLED
from smallprint.services.database.usage import UsageStore
from smallprint.services.pricing import Pricing
from tests.fakes.claude import Billed, FakeClaude, LocalServer, Outcome, outcomes
from tests.fakes.passages import document_of

ANALYSES, AT_ONCE = 200, 8
SOON = 0.01
FAULTS = (
    outcomes.garbage(),
    outcomes.empty(),
    outcomes.wrong_enum_case(),
    outcomes.invented_quotations(),
    outcomes.thinking_first(),
    outcomes.refusal(),
    outcomes.truncation(),
    outcomes.context_exceeded(),
    outcomes.overloaded(SOON),
    outcomes.rate_limited(SOON),
    outcomes.server_error(500, SOON),
    outcomes.rejected(),
    outcomes.drop_before_answer(),
    outcomes.drop_after_answer(),
    outcomes.drop_mid_answer(),
    outcomes.silent_end(),
    outcomes.error_event(),
)


@asynccontextmanager
async def product(folder: Path, claude: FakeClaude | LocalServer, **settings: Any) -> AsyncIterator[Product]:
    values = {
        "anthropic_api_key": "sk-ant-test",
        "anthropic_base_url": claude.url,
        "database_url": f"sqlite+aiosqlite:///{folder}/smallprint.db",
        "max_retries": 1,
        "enable_caching": False,
        **settings,
    }
    async with assemble(Settings(_env_file=None, **values)) as assembled:
        yield assembled


async def analyse(ready: Product, number: int) -> None:
    async def quiet(step: Step) -> None:
        pass

    document = document_of(
        f"Services agreement number {number} between the Supplier and the Customer.",
        f"The Customer shall pay a penalty of {number},000 euros for each day of delay.",
        "Either party may terminate this agreement with ninety days' written notice.",
        name=f"agreement-{number}.txt",
    )
    request = AnalysisRequest(f"an{number}", team="T1", channel=f"C{number % 7}", user=f"U{number % 11}")
    await ready.orchestrator.run(document, request, quiet)


CALLED_OFF = and_(llm_calls.c.status == "cancelled", llm_calls.c.price_source == NOT_BILLED)
"""Its row says so."""


async def rows(ready: Product) -> list[Any]:
    """Of every request that was sent."""
    async with ready.database.read() as connection:
        return list(await connection.execute(select(llm_calls).where(~CALLED_OFF)))


async def called_off(ready: Product) -> int:
    """Calls that were noted and never sent: a triage whose analyst failed."""
    async with ready.database.read() as connection:
        query = select(func.count()).select_from(llm_calls).where(CALLED_OFF)
        return int((await connection.execute(query)).scalar_one())


def usage_of(row: Any) -> Usage:
    return Usage(
        row.input_tokens,
        row.cache_read_tokens,
        row.cache_write_5m_tokens,
        row.cache_write_1h_tokens,
        row.output_tokens,
        row.thinking_tokens,
    )


def summed(usages: Sequence[Usage]) -> Usage:
    return sum(usages, Usage())


def faulty(chance: random.Random) -> list[Outcome]:
    """Six of ten requests are answered well."""
    return [outcomes.answer() if chance.random() < 0.6 else chance.choice(FAULTS) for _ in range(5_000)]


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


async def test_two_hundred_analyses_with_faults_are_booked_to_the_token(tmp_path, claude):
    script = faulty(random.Random(6))
    claude.script(*script)
    turns, failed = asyncio.Semaphore(AT_ONCE), []

    async def one(ready: Product, number: int) -> None:
        async with turns:
            try:
                await analyse(ready, number)
            except ModelError as error:
                failed.append(error.code)

    async with product(tmp_path, claude) as ready:
        await asyncio.gather(*[one(ready, number) for number in range(ANALYSES)])
        assert ready.model is not None
        await ready.model.drain(10)  # what was cut off is still being written down
        calls, unsent = await rows(ready), await called_off(ready)
        month = await UsageStore(ready.database).spend(
            Period.THIRTY_DAYS, Grouping.CHANNEL, viewer=EVERYTHING
        )

    assert 0 < len(failed) < ANALYSES
    assert len(calls) == len(claude.received), "a row for every request"
    by_request = {row.request_id: row for row in calls if row.request_id}
    arrived = [bill for bill in claude.billed if bill.delivered]
    cut = [bill for bill in claude.billed if not bill.delivered]

    complete = [row for row in calls if row.stop_reason]
    assert summed(list(map(usage_of, complete))) == summed([bill.usage for bill in arrived])
    for bill in arrived:
        assert_booked(by_request[bill.request_id], bill)

    broken = [by_request[bill.request_id] for bill in cut if bill.request_id in by_request]
    assert all(row.price_source.endswith("lower bound") and row.cost_nano_usd > 0 for row in broken)
    unknown = [row for row in calls if row.cost_nano_usd is None]
    never_made = sum(outcome.breaks == "before" for outcome in script[: len(claude.received)])
    assert len(unknown) == len(cut) - len(broken) + never_made
    free = [row for row in calls if row.cost_nano_usd == 0]
    assert len(calls) == len(complete) + len(broken) + len(unknown) + len(free)
    assert {row.http_status for row in free} == {400, 429, 500, 529}

    assert month.usage == summed(list(map(usage_of, calls)))
    total = month.total
    assert (total.calls, total.documents) == (len(calls) + unsent, ANALYSES)
    assert (total.unpriced_calls, total.broken_calls) == (len(unknown), len(broken))
    assert total.cost_nano_usd == sum(row.cost_nano_usd or 0 for row in calls)
    assert {line.name for line in month.lines} == {f"C{number}" for number in range(7)}


def assert_booked(row: Any, bill: Billed) -> None:
    assert usage_of(row) == bill.usage
    assert (row.response_model, row.stop_reason, row.http_status) == (bill.model, bill.stop_reason, 200)
    at = datetime.fromisoformat(row.created_at)
    assert (row.cost_nano_usd, row.price_source) == Pricing().cost(bill.model, bill.usage, at)


async def test_an_answer_that_cannot_be_parsed_is_billed_and_booked_and_so_is_its_repair(tmp_path, claude):
    claude.always(outcomes.garbage())
    async with product(tmp_path, claude) as ready:
        with pytest.raises(InvalidAnswer):
            await analyse(ready, 1)
        calls = await rows(ready)

    assert {row.purpose for row in calls if row.agent == "document_analysis"} == {"main", "repair"}
    assert len(calls) == len(claude.billed)
    assert summed(list(map(usage_of, calls))) == claude.usage
    assert all(row.cost_nano_usd > 0 for row in calls)


async def test_a_refusal_is_billed_and_booked(tmp_path, claude):
    claude.always(outcomes.refusal())
    async with product(tmp_path, claude, fallback_models="none") as ready:
        with pytest.raises(ModelRefused):
            await analyse(ready, 1)
        calls = await rows(ready)

    assert {row.stop_reason for row in calls} == {"refusal"}
    assert summed(list(map(usage_of, calls))) == claude.usage
    assert all(row.cost_nano_usd > 0 for row in calls)


async def test_what_nobody_has_a_price_for_is_booked_with_its_tokens_and_an_unknown_cost(tmp_path):
    local = {"endpoint": "compatible", "default_model": "qwen3:32b", "reviewer_model": "qwen3:32b"}
    async with (
        LocalServer() as server,
        product(tmp_path, server, **local, fallback_models="none") as ready,
    ):
        await analyse(ready, 1)
        calls = await rows(ready)
        month = await UsageStore(ready.database).spend(Period.TODAY, Grouping.MODEL, viewer=EVERYTHING)

    assert {row.cost_nano_usd for row in calls} == {None}
    assert month.usage.input_tokens > 0
    assert (month.total.cost_nano_usd, month.total.unpriced_calls) == (0, len(calls))
