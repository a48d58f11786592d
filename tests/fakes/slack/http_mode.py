"""HTTP mode: the same envelopes as signed requests to the app's address, with Slack's retries.

docs.slack.dev/apis/events-api/using-http-request-urls; docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.socket_mode import SocketMode
from tests.fakes.slack.workspace import Json

SIGNING_SECRET = "8f742231b10e8888abcd99edc0ffee85"
"""Looks like one: 32 hexadecimal digits."""
NO_RETRY = "x-slack-no-retry"


def signed(body: bytes, *, secret: str = SIGNING_SECRET, at: float | None = None) -> dict[str, str]:
    """The headers of a request that is Slack's, made `at` (seconds since the epoch; now)."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


class HttpMode(SocketMode):
    """Each payload is one POST; an answer of 2xx within `ack_timeout_s` is its ack."""

    def __init__(self, *, ack_timeout_s: float, redelivery_delays_s: tuple[float, ...]) -> None:
        super().__init__(ack_timeout_s=ack_timeout_s, redelivery_delays_s=redelivery_delays_s)
        self.request_url = ""
        """The app's address; what happens before it is set waits."""
        self.secret = SIGNING_SECRET
        self.statuses: list[int] = []
        """What the app answered, in order."""

    async def verify_url(self) -> str:
        """Asks for the challenge, as Slack does when somebody saves a request URL; what came back."""
        body = {"type": "url_verification", "token": "deprecated-verification-token", "challenge": "3eZbrw1a"}
        async with (
            aiohttp.ClientSession() as http,
            self._post(http, _as_json(body), "application/json") as answer,
        ):
            answered = await answer.json() if answer.content_type == "application/json" else {}
            return str(answered.get("challenge", await answer.text()))

    async def _flush(self) -> None:
        while self._waiting and self.request_url:
            delivery = self._waiting.popleft()
            delivery.sent_at = time.time()
            self.pending.add(delivery)
            self._spawn(self._request(delivery))

    async def _request(self, delivery: Delivery) -> None:
        body, kind = _body_of(delivery)
        retries = {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": delivery.reason}
        try:
            async with (
                asyncio.timeout(self.ack_timeout_s),
                aiohttp.ClientSession() as http,
                self._post(http, body, kind, retries if delivery.attempt else None) as answer,
            ):
                said, status, final = await answer.text(), answer.status, answer.headers.get(NO_RETRY) == "1"
        except TimeoutError:
            self._not_acked(delivery, "http_timeout")
            return
        except aiohttp.ClientError:
            self._not_acked(delivery, "connection_failed")
            return
        self.statuses.append(status)
        if status // 100 == 2:
            self._acknowledge({"envelope_id": delivery.envelope_id, "payload": _as_ack(said)})
        elif final:
            self._settle(delivery)
        else:
            self._not_acked(delivery, "http_error")

    def _post(
        self, http: aiohttp.ClientSession, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        head = signed(body, secret=self.secret) | {"Content-Type": kind} | (headers or {})
        return http.post(self.request_url, data=body, headers=head)


def _body_of(delivery: Delivery) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    match delivery.kind:
        case "events_api":
            return _as_json(delivery.payload), "application/json"
        case "slash_commands":
            return urlencode(delivery.payload).encode(), form
        case _:
            return urlencode({"payload": json.dumps(delivery.payload)}).encode(), form


def _as_json(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _as_ack(said: str) -> Json | None:
    """Text is a message, as Slack reads it."""
    if not said:
        return None
    return json.loads(said) if said.startswith("{") else {"text": said}
