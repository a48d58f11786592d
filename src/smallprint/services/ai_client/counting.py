"""How many tokens a request has, as its model counts them: free, and nothing depends on an answer.

https://platform.claude.com/docs/en/build-with-claude/token-counting
"""

from __future__ import annotations

import asyncio

import anthropic
import httpx2
import structlog

from smallprint.errors import ModelError
from smallprint.models.completion import CompletionRequest
from smallprint.services.ai_client.answer import MAX_CHARACTERS_PER_TOKEN
from smallprint.services.ai_client.capabilities import Capabilities
from smallprint.services.ai_client.connection import Client
from smallprint.services.ai_client.wire import wire_request

PATIENCE_S = 10.0
"""An estimate in time is better than a count too late."""

_FAILURES = (ModelError, anthropic.AnthropicError, httpx2.HTTPError, TimeoutError, ValueError)

log = structlog.get_logger()


async def count_tokens(client: Client, request: CompletionRequest, capabilities: Capabilities) -> int | None:
    """Input tokens; None where the endpoint has no such thing (most but Anthropic's own), or does not answer."""
    body = wire_request(request, capabilities)
    del body["max_tokens"]  # the only parameter of ours that a count does not take
    try:
        async with asyncio.timeout(PATIENCE_S):
            reply: object = await client.with_options(max_retries=0).messages.count_tokens(**body)
    except _FAILURES as error:
        log.info("tokens not counted", model=request.model, error=type(error).__name__)
        return None
    return _count_in(reply, len(request.document_text))


def _count_in(reply: object, characters: int) -> int | None:
    """None for what is no count (the SDK does not validate), and where a server left out the document, as llama.cpp does."""
    tokens: object = getattr(reply, "input_tokens", None)
    if not isinstance(tokens, int) or tokens < characters / MAX_CHARACTERS_PER_TOKEN:
        return None
    return tokens
