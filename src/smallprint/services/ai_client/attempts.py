"""The HTTP attempts of one call, each a row before it is sent, and complete the moment it ends.

Written before: a process that is killed while Claude answers leaves a call of unknown cost, not a bill without a row.

What an attempt cost:
- an error status, or no connection: nothing, Anthropic bills no refused request;
- a complete message, whatever its stop_reason: its usage at the list price of its tier and place;
- a stream that broke off: what its events had reported until then, marked as a lower bound;
- anything else that was sent (time-out, dropped connection, cancelled): unknown, never 0. The API has no
  idempotency key, so the SDK's next try may be billed a second time.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from time import perf_counter
from typing import Any
from uuid import uuid4

import anthropic
import httpx2
import structlog
from anthropic.types import Message

from smallprint.errors import ModelError, ModelUnreachable
from smallprint.models.completion import CompletionRequest
from smallprint.models.domain import SENT, ModelCall, Usage
from smallprint.services.ai_client.answer import usage_of
from smallprint.services.ai_client.faults import ApiFault
from smallprint.services.pricing import Pricing

MAX_RETRY_WAIT_S = 30.0
"""Longer waits are not slept through inside a call (the SDK itself has no limit): the job queue comes back later."""

NOT_BILLED = "not billed"
USAGE_UNKNOWN = "usage unknown"
LOWER_BOUND = ", lower bound"

NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)

log = structlog.get_logger()

Begin = Callable[[ModelCall], Awaitable[None]]
Record = Callable[[ModelCall, str | None], Awaitable[None]]


@dataclass(slots=True)
class Attempt:
    """One HTTP request and what is known of its answer so far."""

    number: int
    id: str = field(default_factory=lambda: uuid4().hex)
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    clock_s: float = field(default_factory=perf_counter)
    http_status: int | None = None
    request_id: str | None = None
    first_token_ms: int | None = None
    billed: bool = True
    """False when it is certain that nothing was billed."""
    message: Message | None = None
    """In a stream it grows while events arrive."""

    def elapsed_ms(self) -> int:
        return round((perf_counter() - self.clock_s) * 1000)


class Attempts(anthropic.Middleware):
    """SDK middleware for one call: it sees every HTTP attempt, those that the SDK retries included."""

    def __init__(self, request: CompletionRequest, pricing: Pricing, *, begin: Begin, record: Record) -> None:
        self._request = request
        self._pricing = pricing
        self._begin = begin
        self._record = record
        self.current: Attempt | None = None
        """The attempt that runs; None before the first and after each one's row is on its way."""

    async def handle_async(
        self, request: anthropic.APIRequest, call_next: anthropic.AsyncCallNext
    ) -> anthropic.AsyncAPIResponse[Any]:
        attempt = self.current = Attempt(request.retries_taken + 1)
        await self._note(attempt)
        try:
            response = await call_next(request)
        except ModelError:
            attempt.billed = False  # no credentials to send it with: it never left
            raise
        except anthropic.APIConnectionError as error:
            attempt.billed = not isinstance(error.__cause__, NEVER_SENT)
            await self.end(ModelUnreachable.code)
            raise
        attempt.http_status = response.status_code
        attempt.request_id = response.request_id
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            await self._refused(attempt, response.http_response)
        return response

    async def end(self, status: str, answer: str | None = None) -> ModelCall | None:
        """Record the attempt that runs, once; None when there is none."""
        attempt, self.current = self.current, None
        if attempt is None:
            return None
        call = self._row(attempt, status)
        log.info(
            "model answered" if answer is not None else "model call failed",
            analysis=call.analysis_id,
            agent=call.agent,
            purpose=call.purpose,
            model=call.request_model,
            attempt=call.attempt,
            status=call.status,
            http_status=call.http_status,
            stop_reason=call.stop_reason,
            request_id=call.request_id,
            seconds=call.latency_ms / 1000,
            input_tokens=call.usage.input_tokens,
            output_tokens=call.usage.output_tokens,
            cost_nano_usd=call.cost_nano_usd,
        )
        await self._record(call, answer)
        return call

    async def _note(self, attempt: Attempt) -> None:
        """Nothing is sent that is not noted."""
        row = self._row(attempt, SENT)
        attempt.billed = False
        await self._begin(row)
        attempt.billed = True
        attempt.clock_s = perf_counter()

    async def _refused(self, attempt: Attempt, response: httpx2.Response) -> None:
        attempt.billed = False
        fault = ApiFault.read(response.status_code, await _json_of(response), response.headers)
        if fault.is_spend_limit or (fault.retry_after_s or 0) > MAX_RETRY_WAIT_S:
            response.headers["x-should-retry"] = "false"  # the SDK obeys this header before its own rules
        log.warning(
            "model refused request",
            status=fault.status,
            kind=fault.kind,
            code=fault.code,
            agent=self._request.agent,
        )
        await self.end(fault.error_class.code)

    def _row(self, attempt: Attempt, status: str) -> ModelCall:
        message = attempt.message
        cost, source = self._cost(attempt)
        return ModelCall(
            id=attempt.id,
            analysis_id=self._request.analysis_id,
            agent=self._request.agent,
            purpose=self._request.purpose,
            attempt=attempt.number,
            prompt_version=self._request.prompt_version,
            request_model=self._request.model,
            started_at=attempt.began_at,
            latency_ms=attempt.elapsed_ms(),
            status=status,
            usage=usage_of(message) if message else Usage(),
            cost_nano_usd=cost,
            price_source=source,
            response_model=message.model if message else None,
            request_id=attempt.request_id,
            service_tier=message.usage.service_tier if message else None,
            stop_reason=message.stop_reason if message else None,
            http_status=attempt.http_status,
            time_to_first_token_ms=attempt.first_token_ms,
            inference_geo=message.usage.inference_geo if message else None,
        )

    def _cost(self, attempt: Attempt) -> tuple[int | None, str]:
        if not attempt.billed:
            return 0, NOT_BILLED
        message = attempt.message
        if message is None:
            return None, USAGE_UNKNOWN
        cost, source = self._pricing.cost(
            message.model,
            usage_of(message),
            attempt.began_at,
            service_tier=message.usage.service_tier,
            inference_geo=message.usage.inference_geo,
        )
        # stop_reason arrives together with the final usage
        return cost, source if message.stop_reason else source + LOWER_BOUND


async def _json_of(response: httpx2.Response) -> object:
    try:
        return json.loads(await response.aread())
    except (ValueError, httpx2.HTTPError):
        return None  # a proxy's page, or cut off: the status says enough
