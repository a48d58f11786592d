"""Any cloud: remembers the path, the headers and the body of what it is asked, and answers as Claude does there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from smallprint.models.domain import Usage
from tests.fakes.claude.outcomes import Outcome
from tests.fakes.claude.replies import Reply, send_message, send_stream

TOKEN_LIFETIME_S = 3600


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: dict[str, Any]


class CloudServer:
    """`async with CloudServer() as cloud:` then use `cloud.url` as the address, or as Google's for tokens."""

    def __init__(self, *, token_status: int = 200) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.tokens_given = 0
        self._token_status = token_status
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/token", self._token)
        app.router.add_post("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _token(self, request: web.Request) -> web.Response:
        if self._token_status != web.HTTPOk.status_code:
            return web.json_response({"error": "invalid_grant"}, status=self._token_status)
        self.tokens_given += 1
        return web.json_response(
            {
                "access_token": f"google-token-{self.tokens_given}",
                "expires_in": TOKEN_LIFETIME_S,
                "token_type": "Bearer",
            }
        )

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append(Asked(request.raw_path, headers, body))
        usage = Usage(input_tokens=1_000, output_tokens=5)
        reply = Reply("req_cloud", "claude-sonnet-5-5", '{"summary": "short"}', Outcome(), usage)
        return await send_stream(request, reply, 0) if body.get("stream") else await send_message(reply)
