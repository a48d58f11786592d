"""AIClient with the real anthropic SDK against a loopback Claude: an answer, and what the logs say of it."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest

from smallprint.services.ai_client import CLAUDE
from tests.fakes.claude import outcomes
from tests.integration.ai_client.setting import NO_WAIT, REQUEST, STREAMED, both_ways, connected


@both_ways
async def test_an_answer_comes_back_whole_with_its_usage_and_cost(request_, claude, client, calls):
    completion = await client.complete(request_)
    [bill] = claude.billed
    assert json.loads(completion.text)["findings"][0]["quotation"] in REQUEST.document_text
    assert completion.model == "claude-sonnet-5-5"
    assert completion.usage == bill.usage
    assert completion.cost_nano_usd == bill.usage.input_tokens * 2_000 + bill.usage.output_tokens * 10_000
    assert not completion.replayed
    [call] = calls.calls
    assert (call.status, call.stop_reason, call.http_status, call.attempt) == ("ok", "end_turn", 200, 1)
    assert call.request_id
    assert (call.usage, call.cost_nano_usd) == (completion.usage, completion.cost_nano_usd)
    assert (call.agent, call.purpose, call.prompt_version) == ("document_analysis", "main", 2)


async def test_a_stream_tells_when_its_first_token_came(client, calls):
    await client.complete(STREAMED)
    [call] = calls.calls
    assert 0 <= call.time_to_first_token_ms <= call.latency_ms


@both_ways
async def test_a_paid_answer_is_not_paid_again(request_, claude, client):
    first = await client.complete(request_)
    again = await client.complete(request_)
    assert again == replace(first, replayed=True, seconds=again.seconds)
    assert len(claude.received) == 1


@both_ways
async def test_thinking_before_the_answer_is_not_part_of_it(request_, claude, client):
    claude.script(outcomes.thinking_first())
    completion = await client.complete(request_)
    json.loads(completion.text)
    assert completion.usage.thinking_tokens > 0


@pytest.mark.parametrize("delivery", ["tool_result", "document_block", "text"])
async def test_the_document_reaches_claude_by_every_delivery(delivery, claude, calls):
    async with connected(
        claude.url, calls, capabilities=replace(CLAUDE, document_delivery=delivery)
    ) as client:
        completion = await client.complete(REQUEST)
    assert json.loads(completion.text)["findings"][0]["passage"] == 2


@both_ways
async def test_a_repair_shows_claude_its_answer_and_the_fault(request_, claude, client):
    repair = replace(
        request_, purpose="repair", faulty_answer='{"findings": 3}', fault="findings: not a list"
    )
    await client.complete(repair)
    answered, shown = claude.received[0]["messages"][-2:]
    assert answered == {"role": "assistant", "content": [{"type": "text", "text": '{"findings": 3}'}]}
    assert shown["role"] == "user"
    assert "findings: not a list" in shown["content"][0]["text"]


@both_ways
async def test_no_log_line_at_debug_holds_document_text_or_the_key(request_, claude, calls, caplog):
    caplog.set_level(logging.DEBUG)
    claude.script(outcomes.overloaded(NO_WAIT))
    async with connected(claude.url, calls) as client:
        await client.complete(request_)
    assert "liability" not in caplog.text
    assert "sk-ant-test" not in caplog.text
