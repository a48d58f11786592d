"""AIClient with the real anthropic SDK against a loopback Claude: cancelled jobs, shutdown, many at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import perf_counter

import pytest

from tests.fakes.claude import outcomes
from tests.integration.ai_client.setting import REQUEST, STREAMED, both_ways


@both_ways
async def test_a_paid_answer_is_recorded_although_its_job_is_cancelled(request_, claude, client, calls):
    calls.recording_takes_s = 0.2
    job = asyncio.create_task(client.complete(request_))
    await claude.until_billed()
    await asyncio.sleep(0.1)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    await client.close()
    assert list(calls.answers) == [request_.key]


async def test_a_cancelled_call_leaves_a_row_with_unknown_cost(claude, client, calls):
    claude.script(outcomes.stall())
    job = asyncio.create_task(client.complete(REQUEST))
    await claude.until_received()
    await asyncio.sleep(0.05)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert [(call.status, call.cost_nano_usd) for call in calls.calls] == [("cancelled", None)]


async def test_draining_lets_paid_calls_finish_and_begins_no_new_one(claude, client, calls):
    claude.latency_s = 0.3
    running = asyncio.create_task(client.complete(REQUEST))
    await claude.until_received()
    await client.drain(timeout_s=5)
    assert running.done()
    assert calls.answers
    late = asyncio.create_task(client.complete(replace(REQUEST, analysis_id="a2")))
    await asyncio.sleep(0.05)
    assert not late.done()
    late.cancel()
    with pytest.raises(asyncio.CancelledError):
        await late
    assert len(claude.received) == 1


async def test_draining_does_not_wait_longer_than_it_may(claude, client):
    claude.script(outcomes.stall())
    running = asyncio.create_task(client.complete(REQUEST))
    await claude.until_received()
    began = perf_counter()
    await client.drain(timeout_s=0.2)
    assert perf_counter() - began < 20
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_draining_an_idle_client_returns_at_once(client):
    await client.drain(timeout_s=0)


async def test_many_calls_at_once_each_get_their_own_answer_and_row(claude, client, calls):
    claude.latency_s = 0.1
    requests = [replace(STREAMED, analysis_id=f"a{n}", task=f"Task {n}.") for n in range(20)]
    began = perf_counter()
    await asyncio.gather(*(client.complete(request) for request in requests))
    assert perf_counter() - began < 20
    assert len(calls.answers) == 20
    assert calls.usage == claude.usage
    assert set(claude.deliveries().values()) == {1}
