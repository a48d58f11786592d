"""AIClient with the real anthropic SDK against a loopback Claude: a document that is sent again costs a fraction."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smallprint.services.ai_client import CLAUDE
from tests.integration.ai_client.setting import REQUEST, SCHEMA, connected

CLAUSE = "Either party may terminate this agreement with ninety days' written notice. "
LONG = "\n\n".join(f"[P{number} p.1] {CLAUSE * 5}" for number in range(1, 60))
KEPT = replace(REQUEST, document_text=LONG, cache=True, stream=True)
REVIEW = replace(KEPT, attachment='{"findings_to_review": [{"statement": "Unlimited liability"}]}')

OTHER_SCHEMA = {**SCHEMA, "title": "Another"}


@pytest.mark.parametrize("delivery", ["tool_result", "document_block", "text"])
@pytest.mark.parametrize("first", [KEPT, REVIEW], ids=["analyst", "reviewer"])
async def test_the_second_request_about_a_document_reads_it_from_the_cache(first, delivery, claude, calls):
    second = replace(first, purpose="part 2", task="Look again.")
    if first.attachment:
        second = replace(second, attachment='{"findings_to_review": []}')
    async with connected(
        claude.url, calls, capabilities=replace(CLAUDE, document_delivery=delivery)
    ) as client:
        wrote = (await client.complete(first)).usage
        read = (await client.complete(second)).usage
    assert wrote.cache_write_5m_tokens > 5_000
    assert read.cache_read_tokens == wrote.cache_write_5m_tokens
    assert read.input_tokens < 500
    assert (wrote.cache_read_tokens, read.cache_write_5m_tokens) == (0, 0)


async def test_a_repair_reads_the_document_from_the_cache(claude, client):
    await client.complete(KEPT)
    repair = replace(KEPT, purpose="repair", faulty_answer="{}", fault="summary: missing")
    assert (await client.complete(repair)).usage.cache_read_tokens > 5_000


@pytest.mark.parametrize(
    "changes",
    [
        {"output_schema": OTHER_SCHEMA},
        {"effort": "high"},
        {"model": "claude-haiku-5-5"},
        {"document_text": f"{LONG} changed"},
        {"system": "Other rules."},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_another_form_effort_model_document_or_rule_is_read_anew(changes, client):
    await client.complete(KEPT)
    usage = (await client.complete(replace(KEPT, purpose="part 2", **changes))).usage
    assert usage.cache_read_tokens == 0


async def test_without_being_asked_to_nothing_is_kept(client):
    once = replace(KEPT, cache=False)
    await client.complete(once)
    usage = (await client.complete(replace(once, purpose="part 2"))).usage
    assert (usage.cache_read_tokens, usage.cache_write_5m_tokens) == (0, 0)
