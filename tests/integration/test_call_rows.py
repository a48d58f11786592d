"""The rows of calls: there before a request is sent, complete when it ended, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from smallprint.models.database import llm_calls
from smallprint.models.domain import SENT, AnalysisRequest, ModelCall, Usage
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from tests.fakes.passages import document_of
from tests.integration.databases import DIALECTS, fresh_database

BEGUN = ModelCall(
    id="call-1",
    analysis_id="a1",
    agent="document_analysis",
    purpose="main",
    attempt=1,
    prompt_version=2,
    request_model="claude-sonnet-5-5",
    started_at=datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC),
    latency_ms=0,
    status=SENT,
    price_source="usage unknown",
)
ENDED = replace(
    BEGUN,
    latency_ms=2_500,
    status="ok",
    usage=Usage(9, 17_102, 1_000, 20, 300, 120),
    cost_nano_usd=5_808_200,
    price_source="genai-prices 0.2.3",
    response_model="claude-sonnet-5-5-20260901",
    request_id="req_1",
    service_tier="standard",
    stop_reason="end_turn",
    http_status=200,
    time_to_first_token_ms=400,
    inference_geo="us",
)


@pytest.fixture(params=DIALECTS)
async def database(request, tmp_path):
    async with fresh_database(request.param, tmp_path) as fresh:
        yield fresh


async def rows(database: Database) -> list[dict[str, Any]]:
    async with database.read() as connection:
        return [dict(row._mapping) for row in await connection.execute(select(llm_calls))]


async def test_what_a_killed_process_sent_stays_a_call_of_unknown_cost_with_who_asked(database):
    request = AnalysisRequest("a1", team="T1", channel="C1", user="U1")
    await AnalysisStore(database).begin(request, document_of("A clause."), {}, offline=False)
    await CallStore(database).begin(BEGUN)
    [row] = await rows(database)
    assert (row["status"], row["cost_nano_usd"], row["price_source"]) == (SENT, None, "usage unknown")
    assert (row["channel"], row["user_id"], row["day"]) == ("C1", "U1", "2026-11-26")


async def test_the_end_completes_the_row_with_everything_that_claude_said(database):
    calls = CallStore(database)
    await calls.begin(BEGUN)
    await calls.record(ENDED, "key", "the answer")
    [row] = await rows(database)
    said = {
        "status": "ok",
        "input_tokens": 9,
        "cache_read_tokens": 17_102,
        "cache_write_5m_tokens": 1_000,
        "cache_write_1h_tokens": 20,
        "output_tokens": 300,
        "thinking_tokens": 120,
        "cost_nano_usd": 5_808_200,
        "price_source": "genai-prices 0.2.3",
        "request_model": "claude-sonnet-5-5",
        "response_model": "claude-sonnet-5-5-20260901",
        "request_id": "req_1",
        "service_tier": "standard",
        "stop_reason": "end_turn",
        "http_status": 200,
        "attempt": 1,
        "prompt_version": 2,
        "time_to_first_token_ms": 400,
        "latency_ms": 2_500,
        "inference_geo": "us",
        "day": "2026-11-26",
    }
    assert {name: row[name] for name in said} == said
    answer = await calls.answer("key")
    assert answer is not None
    assert answer.usage == ENDED.usage


async def test_an_ended_call_is_never_rewritten(database):
    calls = CallStore(database)
    await calls.begin(BEGUN)
    await calls.record(ENDED, "key", "the answer")
    await calls.begin(BEGUN)
    await calls.record(replace(ENDED, status="cancelled", cost_nano_usd=None), "key", None)
    [row] = await rows(database)
    assert (row["status"], row["cost_nano_usd"]) == ("ok", 5_808_200)


async def test_a_call_that_was_not_noted_before_is_recorded_all_the_same(database):
    await CallStore(database).record(ENDED, "key", None)
    [row] = await rows(database)
    assert row["status"] == "ok"
