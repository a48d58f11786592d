"""Slack's Web API: two clients that differ in what they retry, and Slack's errors as ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
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
OK, REFUSED, RATE_LIMITED, UNAVAILABLE = "ok", "refused", "rate_limited", "unavailable"
"""How a call ended, for who counts them; Slack's own codes are in the log."""
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


Counting = Callable[[str, str], None]
"""Told a method ("chat.postMessage") and how the call ended."""


class _CountedWebClient(AsyncWebClient):
    """Tells of every call, however it was made; retries of the SDK are part of one."""

    counting: Counting | None = None

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        outcome = UNAVAILABLE
        try:
            response = await super().api_call(api_method, **arguments)
            outcome = OK
        except SlackApiError as error:
            outcome = _outcome_of(error)
            raise
        finally:
            if self.counting is not None:
                self.counting(api_method, outcome)
        return response


def connect(token: str, api_url: str, *, counting: Counting | None = None) -> SlackClients:
    """Clients that share one session; the caller closes it."""
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
    read = _CountedWebClient(token, api_url, session=session)
    read.retry_handlers = [
        AsyncConnectionErrorRetryHandler(max_retry_count=2),
        AsyncRateLimitErrorRetryHandler(max_retry_count=3),
        AsyncServerErrorRetryHandler(max_retry_count=2),
    ]
    write = _CountedWebClient(token, api_url, session=session)
    read.counting = write.counting = counting
    write.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=5)]
    return SlackClients(read, write, session)


async def ask(call: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
    """Await a Web API call and give its answer as a plain dict.

    Raises:
        SlackUnavailable: no answer, 5xx or still rate-limited; the call may have been carried out.
        NotInChannel: the bot cannot see or write to that channel.
        SlackRefused: Slack said no.
    """
    data = (await answer_to(call)).data
    if not isinstance(data, dict):
        raise SlackUnavailable
    return data


async def answer_to(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """As `ask`, for the few who look at the headers too."""
    try:
        return await call
    except SlackApiError as error:
        raise _refusal(error) from None
    except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError) as error:
        raise SlackUnavailable from error


def _outcome_of(error: SlackApiError) -> str:
    if _status(error) == TOO_MANY_REQUESTS:
        return RATE_LIMITED
    return UNAVAILABLE if _may_pass(error) else REFUSED


def _may_pass(error: SlackApiError) -> bool:
    code, status = str(_said(error).get("error", "")), _status(error)
    return code in PASSING or status >= SERVER_ERROR or status == TOO_MANY_REQUESTS or not code


def _said(error: SlackApiError) -> dict[str, Any]:
    data = error.response.data
    return data if isinstance(data, dict) else {}


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 200))


def _refusal(error: SlackApiError) -> SlackUnavailable | NotInChannel | SlackRefused:
    data = _said(error)
    code = str(data.get("error", ""))
    if _may_pass(error):
        return SlackUnavailable(retry_after_s=_retry_after(error.response))
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
