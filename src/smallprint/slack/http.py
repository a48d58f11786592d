"""HTTP mode: Slack's events, commands and clicks arrive as signed requests instead of through a socket.

The same Bolt app answers both ways. Slack's repeats (`x-slack-retry-num`) are processed like everything else: the job's
id is the same, so there is nothing to lose, and dropping them would lose what the first try didn't keep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from fastapi import APIRouter, HTTPException, Request, Response, status
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.requests import ClientDisconnect

from smallprint.models.sizes import MEGABYTE
from smallprint.slack.signature import SigningSecret

log = structlog.get_logger()

NOT_SLACK = (
    "This address answers Slack only: the request is not signed with SLACK_SIGNING_SECRET, or it is too old."
)
TOO_LARGE = "The request is larger than anything Slack sends."
NOT_UNDERSTOOD = "The request is signed, but its body is not what Slack sends."
STOPPING = "Smallprint is stopping; please try again."

PATH = "/slack/events"
"""For events, commands, shortcuts and interactivity alike, as Bolt has it."""
MAX_BODY_BYTES = 2 * MEGABYTE
"""Events are some kilobytes; the largest are submissions of full modals."""
MAX_HELD_BYTES = 32 * MEGABYTE
"""Of all bodies together that nobody has proven to be Slack's yet: whoever floods us fills no memory."""
BODY_TIMEOUT_S = 5.0
"""Slack gives up after three seconds."""
PASSED_ON = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")
"""The signature covers the body only, and Bolt obeys headers of its own (`x-slack-bolt-lazy-only`)."""
NO_RETRY = {"X-Slack-No-Retry": "1"}
"""The same bytes would be refused again (docs.slack.dev/apis/events-api)."""


class HttpMode:
    """The door for Slack's requests; the counterpart of SocketMode."""

    def __init__(
        self,
        app: AsyncApp,
        secret: SigningSecret,
        *,
        max_body_bytes: int = MAX_BODY_BYTES,
        max_held_bytes: int = MAX_HELD_BYTES,
    ) -> None:
        self._app = app
        self._secret = secret
        self._max_body_bytes = max_body_bytes
        self._max_held_bytes = max_held_bytes
        self._held_bytes = 0
        self._open = False

    def routes(self) -> APIRouter:
        """`POST /slack/events`."""
        routes = APIRouter()

        @routes.post(PATH)
        async def events(request: Request) -> Response:
            return await self._answer(request)

        return routes

    async def start(self) -> None:
        """Answer from now on."""
        self._open = True

    async def problem(self) -> str | None:
        """None while requests are taken: whether any come is up to Slack, and a quiet workspace is no problem."""
        return None if self._open else "not taking Slack's requests"

    async def stop(self) -> None:
        """Take no more requests; Slack sends its events again later."""
        self._open = False

    async def _answer(self, request: Request) -> Response:
        if not self._open:
            raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, STOPPING)
        body = await self._signed_body(request)
        try:
            understood = _as_bolt_reads(request, body)
        except ValueError:
            log.warning("slack's request not understood", bytes=len(body))
            raise HTTPException(status.HTTP_400_BAD_REQUEST, NOT_UNDERSTOOD, NO_RETRY) from None
        return to_starlette_response(await self._app.async_dispatch(understood))

    async def _signed_body(self, request: Request) -> bytes:
        claim = self._secret.claim(request.headers)
        if claim is None:
            raise _not_slack("headers missing, odd or too old")
        body = await self._body(request)
        if not self._secret.proves(claim, body):
            raise _not_slack("wrong signature")
        return body

    async def _body(self, request: Request) -> bytes:
        """At most `max_body_bytes`, whatever the headers say of its length."""
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                async for chunk in request.stream():
                    body += chunk
                    self._held_bytes += len(chunk)
                    if self._held_bytes > self._max_held_bytes:
                        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE)
                    if len(body) > self._max_body_bytes:
                        raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, TOO_LARGE, NO_RETRY)
        except (TimeoutError, ClientDisconnect):
            raise HTTPException(status.HTTP_408_REQUEST_TIMEOUT) from None
        finally:
            self._held_bytes -= len(body)
        return bytes(body)


def _not_slack(reason: str) -> HTTPException:
    # A line, not a metric or a problem: anybody on the internet can cause it.
    log.warning("request refused", reason=reason)
    return HTTPException(status.HTTP_401_UNAUTHORIZED, NOT_SLACK)


def _as_bolt_reads(request: Request, body: bytes) -> AsyncBoltRequest:
    """Raises ValueError for what is no UTF-8, no JSON, or JSON that is no object."""
    headers: dict[str, str | Sequence[str]] = {
        name: request.headers[name] for name in PASSED_ON if name in request.headers
    }
    try:
        return AsyncBoltRequest(body=body.decode(), headers=headers)
    except (
        AttributeError,
        TypeError,
        KeyError,
        RecursionError,
    ) as error:  # Bolt looks for keys in whatever JSON it is given
        raise ValueError from error
