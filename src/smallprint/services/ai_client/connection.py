"""The one connection to Claude: key, address, time-outs, and silence about documents."""

from __future__ import annotations

import logging

import anthropic
from anthropic.lib.bedrock import AsyncAnthropicBedrockMantle
from anthropic.lib.vertex import AsyncAnthropicVertex

from smallprint.errors import ModelAuthentication

API_URL = "https://api.anthropic.com"
CONNECT_TIMEOUT_S = 5.0

# At DEBUG these print whole requests, which is document text, and headers, which hold the key.
TALKATIVE_LOGGERS = ("anthropic", "httpx2", "httpcore2")

Client = anthropic.AsyncAnthropic | AsyncAnthropicBedrockMantle | AsyncAnthropicVertex
"""AsyncAnthropicFoundry is an AsyncAnthropic."""


def connect(
    api_key: str, base_url: str | None, *, max_retries: int, read_timeout_s: float = 120
) -> anthropic.AsyncAnthropic:
    """A client for the whole process, to Anthropic or to a server that speaks its Messages API.

    Close it through `AIClient.close`. Opens no connection yet. Key and address are always passed on, so that the
    SDK's own ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, profiles and identity files are never consulted. Proxies
    (HTTPS_PROXY, NO_PROXY) and ANTHROPIC_CUSTOM_HEADERS, which gateways need, keep their usual meaning.
    `read_timeout_s` bounds the silence between two pieces of a stream.

    Raises:
        ModelAuthentication: when the key is empty or cannot stand in a header.
    """
    quiet_client_logs()
    return anthropic.AsyncAnthropic(
        api_key=sendable(api_key),
        base_url=base_url or API_URL,
        max_retries=max_retries,
        timeout=timeouts(read_timeout_s),
    )


def sendable(api_key: str) -> str:
    """The key without what a file or a paste put round it. Raises ModelAuthentication if no header can hold it."""
    key = api_key.strip()
    if not key or not key.isascii() or any(character.isspace() for character in key):
        raise ModelAuthentication
    return key


def timeouts(read_timeout_s: float) -> anthropic.Timeout:
    return anthropic.Timeout(read_timeout_s, connect=CONNECT_TIMEOUT_S)


def quiet_client_logs() -> None:
    """Hold the loggers that print documents and keys at WARNING, whatever ANTHROPIC_LOG or LOG_LEVEL say."""
    for name in TALKATIVE_LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
