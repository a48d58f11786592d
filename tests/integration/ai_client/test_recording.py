"""Every attempt is on the books before it is sent, and at the price of where the answer was made."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from smallprint.errors import DatabaseUnavailable, ModelUnreachable
from smallprint.models.domain import SENT, ModelCall
from tests.fakes.call_log import InMemoryCallLog
from tests.fakes.claude import FakeClaude, outcomes
from tests.integration.ai_client.setting import NO_WAIT, REQUEST, both_ways, connected


@both_ways
async def test_an_attempt_is_noted_before_it_is_sent_as_one_of_unknown_cost(request_, claude):
    @dataclass
    class Watching(InMemoryCallLog):
        received_before: tuple[int, ...] = ()

        async def begin(self, call: ModelCall) -> None:
            self.received_before += (len(claude.received),)
            await super().begin(call)

    calls = Watching()
    claude.script(outcomes.overloaded(NO_WAIT))
    async with connected(claude.url, calls) as client:
        await client.complete(request_)
    assert calls.received_before == (0, 1)
    assert [call.id for call in calls.begun] == [call.id for call in calls.calls]
    assert {(call.status, call.cost_nano_usd, call.price_source) for call in calls.begun} == {
        (SENT, None, "usage unknown")
    }
    assert [(call.status, call.cost_nano_usd == 0) for call in calls.calls] == [
        ("model_overloaded", True),
        ("ok", False),
    ]


@both_ways
async def test_what_cannot_be_noted_is_not_sent(request_, claude):
    class Full(InMemoryCallLog):
        async def begin(self, call: ModelCall) -> None:
            raise DatabaseUnavailable

    calls = Full()
    async with connected(claude.url, calls) as client:
        with pytest.raises(DatabaseUnavailable):
            await client.complete(request_)
    assert claude.received == []
    assert {(call.cost_nano_usd, call.price_source) for call in calls.calls} <= {(0, "not billed")}


@both_ways
async def test_cancelled_before_it_was_sent_costs_nothing(request_, claude):
    writing = asyncio.Event()

    class Slow(InMemoryCallLog):
        async def begin(self, call: ModelCall) -> None:
            writing.set()
            await asyncio.Event().wait()

    calls = Slow()
    async with connected(claude.url, calls) as client:
        asking = asyncio.create_task(client.complete(request_))
        await writing.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert [(call.status, call.cost_nano_usd) for call in calls.calls] == [("cancelled", 0)]
    assert claude.received == []


@both_ways
async def test_an_answer_made_in_the_us_costs_a_tenth_more_and_says_so(request_, calls):
    async with FakeClaude(inference_geo="us") as claude, connected(claude.url, calls) as client:
        completion = await client.complete(request_)
    [call] = calls.calls
    list_price = call.usage.input_tokens * 2_000 + call.usage.output_tokens * 10_000
    assert call.inference_geo == "us"
    assert completion.cost_nano_usd == call.cost_nano_usd == list_price * 11 // 10


@both_ways
async def test_a_broken_answer_is_priced_where_it_began(request_, calls):
    async with (
        FakeClaude(inference_geo="us") as claude,
        connected(claude.url, calls, max_retries=0) as client,
    ):
        claude.script(outcomes.drop_mid_answer())
        with pytest.raises(ModelUnreachable):
            await client.complete(request_)
    [call] = calls.calls
    if not request_.stream:
        assert (call.cost_nano_usd, call.inference_geo) == (None, None)
        return
    assert call.inference_geo == "us"
    assert (
        call.cost_nano_usd == (call.usage.input_tokens * 2_000 + call.usage.output_tokens * 10_000) * 11 / 10
    )


async def test_nobody_listening_is_noted_and_costs_nothing(calls):
    async with connected("http://127.0.0.1:9", calls, max_retries=0) as ready:
        with pytest.raises(ModelUnreachable):
            await ready.complete(REQUEST)
    assert [(call.status, call.cost_nano_usd) for call in calls.calls] == [("model_unreachable", 0)]
    assert len(calls.begun) == 1
