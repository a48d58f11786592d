"""The door for Slack's requests: what strangers send at the same time may not fill the memory."""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

import pytest
from fastapi import HTTPException
from fastapi.routing import APIRoute
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request

from smallprint.slack.http import HttpMode
from smallprint.slack.signature import SigningSecret

CHUNK = b"x" * 60


class Sender:
    """A request that claims to be Slack's, and sends its body for as long as it likes."""

    def __init__(self) -> None:
        self._goes_on = asyncio.Event()
        self._sent = 0

    def end(self) -> None:
        self._goes_on.set()

    async def receive(self) -> dict[str, Any]:
        self._sent += 1
        if self._sent > 1:
            await self._goes_on.wait()
        return {"type": "http.request", "body": CHUNK, "more_body": self._sent == 1}

    def request(self) -> Request:
        headers = [
            (b"x-slack-request-timestamp", str(int(time.time())).encode()),
            (b"x-slack-signature", b"v0=" + b"0" * 64),
        ]
        return Request({"type": "http", "method": "POST", "headers": headers}, self.receive)


async def status_of(mode: HttpMode, sender: Sender) -> int:
    (route,) = mode.routes().routes
    with pytest.raises(HTTPException) as refused:
        await cast(APIRoute, route).endpoint(sender.request())
    return refused.value.status_code


async def test_bodies_that_nobody_has_proven_yet_take_so_much_memory_in_all_and_no_more() -> None:
    mode = HttpMode(cast(AsyncApp, None), SigningSecret("secret"), max_held_bytes=200)
    await mode.start()
    slow = [Sender() for _ in range(3)]
    waiting = [asyncio.create_task(status_of(mode, sender)) for sender in slow]
    await asyncio.sleep(0)
    assert await status_of(mode, Sender()) == 503
    slow[0].end()
    slow[1].end()
    slow[2].end()
    assert sorted(await asyncio.gather(*waiting)) in ([401, 401, 503], [401, 503, 503])
    late = Sender()
    late.end()
    assert await status_of(mode, late) == 401
