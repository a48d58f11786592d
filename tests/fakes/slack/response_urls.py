"""Where a slash command or a click is answered: docs.slack.dev/interactivity/handling-user-interaction."""

from __future__ import annotations

import time

from aiohttp import web

from tests.fakes.slack import events
from tests.fakes.slack.chat import content
from tests.fakes.slack.core import Call, Core, ResponseUrl
from tests.fakes.slack.refusal import MethodRefused
from tests.fakes.slack.web_api import with_faults
from tests.fakes.slack.workspace import Json


class ResponseUrls:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        call = Call("response_url", body, time.time())
        self._core.calls.append(call)
        url = self._core.response_urls.get(request.match_info["token"])
        try:
            return await with_faults(self._core, request, call, lambda: self._answer(call, url, body))
        finally:
            call.seconds = time.time() - call.at

    async def _answer(self, call: Call, url: ResponseUrl | None, body: Json) -> web.StreamResponse:
        if url is None or url.uses_left <= 0 or time.time() > url.expires_at:
            call.answer = {"ok": False, "error": "expired_url" if url is None else "used_url"}
            return web.json_response(call.answer, status=404)
        try:
            await self._show(url, body)
        except MethodRefused as refused:
            call.answer = {"ok": False, "error": refused.error, **refused.more}
            return web.json_response(call.answer, status=400)
        url.uses_left -= 1
        call.answer = {"ok": True}
        return web.Response(text="ok", content_type="text/html")

    async def _show(self, url: ResponseUrl, body: Json) -> None:
        if not body.get("delete_original"):
            text, more = content(body)
            if body.get("response_type") == "in_channel":
                channel = self._core.workspace.channels[url.channel]
                await self._core.post(channel, events.bot_message(text, self._core.workspace.new_ts(), more))
        url.answers.append(body)
