"""The door of the Web API: reads a request, checks token and scopes, lets faults happen, finds the method."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.slack.core import Call, Core
from tests.fakes.slack.faults import Fault, Plan
from tests.fakes.slack.methods import SCOPES, Methods
from tests.fakes.slack.refusal import MethodRefused
from tests.fakes.slack.workspace import Json

_JSON_ARGUMENTS = ("blocks", "attachments", "metadata", "files", "view", "loading_messages")


class WebApi:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._methods = Methods(core)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`/api/<method>`, GET or POST, form, query or JSON."""
        method = request.match_info["method"]
        arguments, token = await _arguments(request)
        call = Call(method, arguments, time.time())
        self._core.calls.append(call)
        try:
            return await with_faults(self._core, request, call, lambda: self._answer(call, token))
        finally:
            call.seconds = time.time() - call.at

    async def _answer(self, call: Call, token: str) -> web.StreamResponse:
        limits = self._core.rate_limits
        wait_s = limits and limits.retry_after_s(call.method, _channel_of(call.arguments))
        if wait_s:
            return rate_limited(call, wait_s)
        call.answer = await self._do(call, token)
        return web.json_response(call.answer, headers={"X-OAuth-Scopes": ",".join(sorted(self._core.scopes))})

    async def _do(self, call: Call, token: str) -> Json:
        run = self._methods.find(call.method)
        if run is None:
            self._core.unexpected_calls.append(call.method)
            return {"ok": False, "error": "unknown_method", "req_method": call.method}
        try:
            self._authorize(call, token)
            return {"ok": True, **await run(call.arguments)}
        except MethodRefused as refused:
            return {"ok": False, "error": refused.error, **refused.more}

    def _authorize(self, call: Call, token: str) -> None:
        core = self._core
        if not token:
            raise MethodRefused("not_authed")
        if token not in (core.bot_token, core.app_token):
            raise MethodRefused("invalid_auth")
        if (token == core.app_token) != (call.method == "apps.connections.open"):
            raise MethodRefused("not_allowed_token_type")
        needed = SCOPES.get(call.method, ())
        if needed and not core.scopes.intersection(needed):
            raise MethodRefused(
                "missing_scope", needed=",".join(needed), provided=",".join(sorted(core.scopes))
            )


async def with_faults(
    core: Core, request: web.Request, call: Call, do: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Does the call, or what the next scripted fault for its method says instead."""
    plan = core.faults.take(call.method)
    if plan is None:
        return await do()
    call.fault = plan.fault.value
    instead = await _before(plan, request, call)
    if instead is not None:
        return instead
    answer = await do()
    if plan.fault is Fault.SLOW:
        await asyncio.sleep(plan.delay_s)
    elif plan.fault is Fault.LOST_ANSWER:
        _hang_up(request)
    elif plan.fault is Fault.LOST_ANSWER_500:
        return web.Response(status=500, text="<html>server error</html>", content_type="text/html")
    return answer


def rate_limited(call: Call, retry_after_s: int) -> web.Response:
    call.answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(call.answer, status=429, headers={"Retry-After": str(retry_after_s)})


_PAGES = {
    Fault.SERVER_ERROR: (500, "<html>server error</html>"),
    Fault.UNAVAILABLE: (503, "<html>unavailable</html>"),
    Fault.GARBAGE: (200, "<html>garbage</html>"),
}


async def _before(plan: Plan, request: web.Request, call: Call) -> web.StreamResponse | None:
    """The answer of a fault under which nothing is done; None when the call goes on."""
    if plan.fault in _PAGES:
        status, page = _PAGES[plan.fault]
        return web.Response(status=status, text=page, content_type="text/html")
    if plan.fault is Fault.RATE_LIMITED:
        return rate_limited(call, plan.retry_after_s)
    if plan.fault is Fault.ERROR:
        call.answer = {"ok": False, "error": plan.error}
        return web.json_response(call.answer)
    if plan.fault is Fault.DROPPED:
        _hang_up(request)
        return web.Response()
    if plan.fault is Fault.STALLED:
        await asyncio.sleep(plan.delay_s)
        if request.transport is None or request.transport.is_closing():
            return web.Response()
    return None


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _channel_of(arguments: Json) -> str:
    return str(arguments.get("channel") or arguments.get("channel_id") or "")


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """All arguments, JSON ones decoded, and the token from header or body."""
    arguments: Json = dict(request.query)
    if request.can_read_body:
        if request.content_type == "application/json":
            arguments |= json.loads(await request.text() or "{}")
        else:
            arguments |= dict(await request.post())
    for name in _JSON_ARGUMENTS:
        arguments[name] = _decoded(arguments.get(name))
        if arguments[name] is None:
            del arguments[name]
    header = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = str(arguments.pop("token", "") or header)
    return arguments, token


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
