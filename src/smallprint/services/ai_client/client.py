"""Claude as the agents see it: one request in, one complete answer or one typed error out.

Every attempt is recorded before its answer is judged, and an answer that was paid for is found again under
the request's key and not paid a second time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

import anthropic
import httpx2
import structlog
from anthropic.types import Message

from smallprint.errors import ModelError, ModelUnreachable
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import ModelCall
from smallprint.services.ai_client.answer import error_class_of, is_message, text_of, usage_of
from smallprint.services.ai_client.attempts import Attempts
from smallprint.services.ai_client.capabilities import CLAUDE, Capabilities
from smallprint.services.ai_client.connection import CONNECT_TIMEOUT_S, Client
from smallprint.services.ai_client.counting import count_tokens
from smallprint.services.ai_client.faults import as_model_error
from smallprint.services.ai_client.wire import wire_request
from smallprint.services.pricing import Pricing

log = structlog.get_logger()

# Once a stream has begun, httpx2's errors and those of broken events escape the SDK as they are.
_BROKEN_STREAM = (httpx2.HTTPError, json.JSONDecodeError, UnicodeDecodeError)
_FAILURES = (ModelError, anthropic.AnthropicError, TimeoutError, *_BROKEN_STREAM)
_CANCELLED = "cancelled"
_INTERNAL = "internal"


class CallLog(Protocol):
    """Where attempts and paid answers are kept."""

    async def answer(self, key: str) -> Completion | None:
        """The answer recorded under `key`, if there is one."""

    async def begin(self, call: ModelCall) -> None:
        """Note an attempt that is about to be sent."""

    async def record(self, call: ModelCall, key: str, answer: str | None) -> None:
        """Keep how an attempt ended and, when it gave a complete answer, that answer under `key`: both or neither."""


class AIClient:
    """One per process. Safe for any number of calls at once."""

    def __init__(
        self,
        client: Client,
        calls: CallLog,
        pricing: Pricing,
        *,
        call_budget_s: float = 240,
        capabilities: Capabilities = CLAUDE,
    ) -> None:
        """`call_budget_s` bounds a whole call with its retries and waits."""
        self._client = client
        self._calls = calls
        self._pricing = pricing
        self._call_budget_s = call_budget_s
        self._capabilities = capabilities
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._draining = False
        self._recordings: set[asyncio.Task[None]] = set()

    @property
    def sees(self) -> bool:
        """True if requests may hold pictures."""
        return self._capabilities.sees

    async def complete(self, request: CompletionRequest) -> Completion:
        """The answer to `request`: from our records when it was paid for already, else from Claude.

        Once draining has begun this waits until it is cancelled.

        Raises:
            ModelError: one of its subclasses; `retryable` and `retry_after_s` say whether and when to try again.
        """
        if self._draining:
            await asyncio.get_running_loop().create_future()
        with self._counted():
            paid = await self._calls.answer(request.key)
            if paid is not None:
                return replace(paid, replayed=True)
            return await self._ask(request)

    async def count(self, request: CompletionRequest) -> int | None:
        """Input tokens of the request; free, not recorded. None when nobody can say."""
        return await count_tokens(self._client, request, self._capabilities)

    async def drain(self, timeout_s: float) -> None:
        """Begin no new call; return when those that run have ended, or after `timeout_s`."""
        self._draining = True
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
                await self._recorded()
        except TimeoutError:
            log.warning("model calls still running at shutdown", calls=self._running)

    async def close(self) -> None:
        """Wait for what is being recorded, then close the connections."""
        await self._recorded()
        await self._client.close()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._running += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def _ask(self, request: CompletionRequest) -> Completion:
        body = wire_request(request, self._capabilities)
        attempts = Attempts(
            request,
            self._pricing,
            begin=self._calls.begin,
            record=lambda call, answer: self._record(call, request.key, answer),
        )
        try:
            async with asyncio.timeout(self._call_budget_s):
                message = await self._send(body, attempts, request)
        except _FAILURES as error:
            ours = as_model_error(error)
            await attempts.end(ours.code)
            raise ours from error
        except BaseException as error:
            await attempts.end(_CANCELLED if isinstance(error, asyncio.CancelledError) else _INTERNAL)
            raise
        return await self._judge(message, attempts, len(request.document_text))

    async def _send(self, body: dict[str, Any], attempts: Attempts, request: CompletionRequest) -> Message:
        # 26 µs: the copy shares the connections and exists to give this call its own middleware
        client = self._client.with_options(middleware=[*self._client.middleware, attempts])
        reply = await (
            self._stream(client, body, attempts, request.hears)
            if request.stream
            else self._create(client, body)
        )
        if not is_message(reply):
            raise ModelUnreachable
        if attempts.current is not None:
            attempts.current.message = reply
        return reply

    async def _create(self, client: Client, body: dict[str, Any]) -> object:
        # Nothing arrives until the answer is complete, so the client's limit for silence does not fit here.
        timeout = anthropic.Timeout(self._call_budget_s, connect=CONNECT_TIMEOUT_S)
        return await client.messages.create(**body, timeout=timeout)

    async def _stream(
        self, client: Client, body: dict[str, Any], attempts: Attempts, hears: Callable[[str], None] | None
    ) -> object:
        async with client.messages.stream(**body) as events:
            async for event in events:
                attempt = attempts.current
                if attempt is None:
                    continue
                if event.type == "message_start":
                    attempt.message = events.current_message_snapshot  # updated in place from here on
                elif event.type == "content_block_start" and attempt.first_token_ms is None:
                    attempt.first_token_ms = attempt.elapsed_ms()
                elif event.type == "text" and hears is not None:
                    hears(event.snapshot)
        return attempts.current.message if attempts.current else None

    async def _judge(self, message: Message, attempts: Attempts, characters: int) -> Completion:
        error_class = error_class_of(message, characters)
        text = text_of(message)
        call = await attempts.end(
            error_class.code if error_class else "ok", answer=None if error_class else text
        )
        if error_class is not None:
            raise error_class
        return Completion(
            text=text,
            model=message.model,
            usage=usage_of(message),
            cost_nano_usd=call.cost_nano_usd if call else None,
            seconds=call.latency_ms / 1000 if call else 0.0,
        )

    async def _record(self, call: ModelCall, key: str, answer: str | None) -> None:
        """A cancelled job still gets what it paid for recorded."""
        recording = asyncio.ensure_future(self._calls.record(call, key, answer))
        self._recordings.add(recording)
        recording.add_done_callback(self._recordings.discard)
        await asyncio.shield(recording)

    async def _recorded(self) -> None:
        if self._recordings:
            await asyncio.gather(*self._recordings, return_exceptions=True)
