"""AIClient with the real anthropic SDK against a loopback Claude: the connection breaks."""

from __future__ import annotations

import socket
from time import perf_counter

import pytest
from aiohttp import web

from smallprint import errors
from tests.fakes.claude import Outcome, outcomes
from tests.integration.ai_client.setting import REQUEST, STREAMED, both_ways, connected


async def test_nobody_listening_is_unreachable_and_not_billed(calls):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with connected(url, calls, max_retries=0) as client:
        with pytest.raises(errors.ModelUnreachable):
            await client.complete(REQUEST)
    assert [call.cost_nano_usd for call in calls.calls] == [0]


async def test_an_answer_lost_on_its_way_is_asked_for_again_and_its_cost_is_unknown(claude, client, calls):
    claude.script(outcomes.drop_after_answer())
    await client.complete(REQUEST)
    lost, paid = calls.calls
    assert (lost.status, lost.cost_nano_usd, lost.price_source) == (
        "model_unreachable",
        None,
        "usage unknown",
    )
    assert paid.status == "ok"
    assert len(claude.billed) == 2


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (outcomes.drop_mid_answer(), errors.ModelUnreachable),
        (outcomes.silent_end(), errors.ModelUnreachable),
        (outcomes.stall(), errors.ModelUnreachable),
        (outcomes.error_event(), errors.ModelOverloaded),
    ],
    ids=lambda value: value.name if isinstance(value, Outcome) else value.code,
)
async def test_a_stream_that_breaks_off_records_what_it_had_reported(outcome, error, claude, calls):
    claude.script(outcome)
    async with connected(claude.url, calls, read_timeout_s=0.3) as client:
        with pytest.raises(error) as raised:
            await client.complete(STREAMED)
        assert raised.value.retryable
        [call] = calls.calls
        assert call.status == error.code
        assert call.usage.input_tokens == claude.billed[0].usage.input_tokens
        assert call.price_source.endswith("lower bound")
        assert not calls.answers
        await client.complete(STREAMED)


@both_ways
async def test_the_budget_ends_a_call_that_hangs(request_, claude, calls):
    claude.script(outcomes.stall())
    async with connected(claude.url, calls, call_budget_s=0.4) as client:
        began = perf_counter()
        with pytest.raises(errors.ModelUnreachable):
            await client.complete(request_)
    assert perf_counter() - began < 20
    assert [call.status for call in calls.calls] == ["model_unreachable"]


async def test_the_budget_ends_a_wait_between_tries(claude, calls):
    claude.always(outcomes.overloaded(20))
    async with connected(claude.url, calls, call_budget_s=0.4) as client:
        with pytest.raises(errors.ModelUnreachable):
            await client.complete(REQUEST)
    assert [call.status for call in calls.calls] == ["model_overloaded"]


@both_ways
@pytest.mark.parametrize("page", ["<html>sign in</html>", '{"hello": "world"}'])
async def test_a_page_of_somebody_else_is_not_taken_for_an_answer(request_, page, calls):
    kind = "application/json" if page.startswith("{") else "text/html"

    async def sign_in(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type=kind)

    app = web.Application()
    app.router.add_post("/v1/messages", sign_in)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with connected(f"http://127.0.0.1:{runner.addresses[0][1]}", calls) as client:
        with pytest.raises(errors.ModelUnreachable):
            await client.complete(request_)
    await runner.cleanup()
    assert [call.cost_nano_usd for call in calls.calls] == [None]
