"""Slack's Web API: two clients that differ in what they retry, and Slack's errors as ours."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from smallprint.errors import NotInChannel, SlackRefused, SlackUnavailable

log = structlog.get_logger()

PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
OUTSIDE = frozenset({"not_in_channel", "channel_not_found", "is_archived"})
TIMEOUT_S = 30.0
SERVER_ERROR = 500
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class SlackClients:
    """`read` may repeat a call freely; `write` repeats only what Slack said it did not do (429).

    slack_sdk's default handler repeats any call after a dropped connection, and a server that had
    accepted the post gets it twice (research/slack-platform.md, fact 3).
    """

    read: AsyncWebClient
    write: AsyncWebClient
    session: aiohttp.ClientSession


def connect(token: str, api_url: str) -> SlackClients:
    """Clients that share one session; the caller closes it."""
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
    read = AsyncWebClient(token, api_url, session=session)
    read.retry_handlers = [
        AsyncConnectionErrorRetryHandler(max_retry_count=2),
        AsyncRateLimitErrorRetryHandler(max_retry_count=3),
        AsyncServerErrorRetryHandler(max_retry_count=2),
    ]
    write = AsyncWebClient(token, api_url, session=session)
    write.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=5)]
    return SlackClients(read, write, session)


async def ask(call: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
    """Await a Web API call and give its answer as a plain dict.

    Raises:
        SlackUnavailable: no answer, 5xx or still rate-limited; the call may have been carried out.
        NotInChannel: the bot cannot see or write to that channel.
        SlackRefused: Slack said no.
    """
    try:
        response = await call
    except SlackApiError as error:
        raise _refusal(error) from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError) as error:
        raise SlackUnavailable from error
    data = response.data
    if not isinstance(data, dict):
        raise SlackUnavailable
    return data


def _refusal(error: SlackApiError) -> SlackUnavailable | NotInChannel | SlackRefused:
    response = error.response
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error", ""))
    status = getattr(response, "status_code", 200)
    if code in PASSING or status >= SERVER_ERROR or status == TOO_MANY_REQUESTS or not code:
        return SlackUnavailable(retry_after_s=_retry_after(response))
    log.warning(
        "slack refused a call",
        code=code,
        needed=data.get("needed"),
        problems=len(data.get("response_metadata", {}).get("messages", [])) or None,
    )
    return NotInChannel() if code in OUTSIDE else SlackRefused(code)


def _retry_after(response: Any) -> float | None:
    value = {name.lower(): value for name, value in (getattr(response, "headers", None) or {}).items()}.get(
        "retry-after"
    )
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None
