"""A request and a client for it, as the tests of AIClient share them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from smallprint.models.completion import CompletionRequest
from smallprint.services.ai_client import AIClient, connect
from smallprint.services.pricing import Pricing
from tests.fakes.call_log import InMemoryCallLog

NO_WAIT = 0.01

SCHEMA = {
    "title": "Answer",
    "type": "object",
    "properties": {
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "passage": {"type": "integer"},
                    "quotation": {"type": "string"},
                    "severity": {"type": "string", "enum": ["low", "medium", "high", "critical"]},
                },
                "required": ["passage", "quotation", "severity"],
            },
        },
        "summary": {"type": "string", "maxLength": 500},
    },
    "required": ["findings", "summary"],
}

REQUEST = CompletionRequest(
    analysis_id="a1",
    agent="document_analysis",
    purpose="main",
    model="claude-sonnet-5-5",
    effort="medium",
    max_tokens=16_000,
    system="You read documents.",
    task="State what matters.",
    document_name="msa.pdf",
    document_text="[P1 p.1] Master Services Agreement\n\n"
    "[P2 p.1] The supplier's liability is unlimited. It survives termination.\n\n"
    "[P3 p.2] Either party may terminate this agreement with ninety days' notice.",
    output_schema=SCHEMA,
    prompt_version=2,
)
STREAMED = replace(REQUEST, stream=True)

both_ways = pytest.mark.parametrize("request_", [REQUEST, STREAMED], ids=["whole", "streamed"])


@asynccontextmanager
async def connected(
    url: str, calls: InMemoryCallLog, *, api_key="sk-ant-test", max_retries=2, read_timeout_s=5.0, **options
) -> AsyncIterator[AIClient]:
    sdk = connect(api_key, url, max_retries=max_retries, read_timeout_s=read_timeout_s)
    client = AIClient(sdk, calls, Pricing(), **{"call_budget_s": 10.0, **options})
    try:
        yield client
    finally:
        await client.close()
