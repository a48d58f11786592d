"""FakeClaude itself: an aiohttp server on 127.0.0.1."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from smallprint.models.domain import Usage
from tests.fakes.claude import outcomes as scripted
from tests.fakes.claude.answers import good_answer
from tests.fakes.claude.api_rules import CONTEXT_TOKENS, MODELS, check_body, check_headers
from tests.fakes.claude.outcomes import Outcome
from tests.fakes.claude.refusal import ApiRefusal
from tests.fakes.claude.replies import Reply, error_response, send_message, send_stream
from tests.fakes.claude.tokens import THINKING_TOKENS, PromptCache, prompt_tokens, tokens_in

MAX_BODY_BYTES = 32 * 1024 * 1024
Match = str | Callable[[Mapping[str, Any]], bool] | None


@dataclass(frozen=True, slots=True)
class Billed:
    """One answer that Claude made, and its bill."""

    key: str
    """Of the request's body: the SDK's retries of one call share it."""
    model: str
    form: str
    """Title of the schema that was asked for, for example "AnalystAnswer"."""
    usage: Usage
    stop_reason: str
    delivered: bool
    """False when the connection was broken on purpose before the answer was complete."""
    request_id: str = ""
    """What the answer's header says."""


@dataclass(slots=True)
class _Script:
    match: Match
    outcomes: Iterator[Outcome]


class FakeClaude:
    """`async with FakeClaude() as claude:` then give the product `claude.url`.

    Deterministic. Everything it was asked is in `received`, everything it would bill in `billed`.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        latency_s: float = 0.0,
        api_key: str | None = None,
        thinking_tokens: Mapping[str, int] | None = None,
        inference_geo: str = "global",
    ) -> None:
        """`thinking_tokens`: how much is thought before an answer of a form, by the title of its schema; usually nothing.

        `inference_geo`: where every answer says it was made, as a workspace's default decides.
        """
        self.latency_s = latency_s
        self.url = ""
        self.received: list[dict[str, Any]] = []
        """Bodies of every POST /v1/messages, refused ones included, in order."""
        self.billed: list[Billed] = []
        self.counted: list[dict[str, Any]] = []
        """Bodies of every POST /v1/messages/count_tokens."""
        self.lifecycles: dict[str, dict[str, str]] = {}
        """Of models that are not simply active: `{"lifecycle": "deprecated", "retires_at": "2027-…"}`."""
        self._port = port
        self._api_key = api_key
        self._thinking_tokens = thinking_tokens or {}
        self._inference_geo = inference_geo
        self._cache = PromptCache()
        self._scripts: list[_Script] = []
        self._request_numbers = count(1)
        self._runner: web.AppRunner | None = None
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_post("/v1/messages", self._messages)
        app.router.add_post("/v1/messages/count_tokens", self._count_tokens)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/v1/models/{id}", self._model)
        app.router.add_get("/_billed", self._show_billed)
        app.router.add_post("/_script", self._take_script)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, handler_cancellation=True, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def script(self, *outcomes: Outcome, match: Match = None, times: int = 1) -> None:
        """The next matching requests end so, one outcome each, the whole row `times` over; then good answers.

        `match` is a substring of the body, or a predicate of the decoded body; None matches every request.
        The oldest script that matches and is not used up wins.
        """
        self._scripts.append(_Script(match, iter(outcomes * times)))

    def always(self, outcome: Outcome, match: Match = None) -> None:
        """Every matching request ends so, until `answer_well`."""
        self._scripts.append(_Script(match, iter(lambda: outcome, None)))

    def answer_well(self) -> None:
        """Forget every script."""
        self._scripts.clear()

    @property
    def usage(self) -> Usage:
        """Sum of everything billed."""
        return sum((bill.usage for bill in self.billed), Usage())

    def deliveries(self) -> Counter[str]:
        """How often each request was answered completely: above 1 it was paid for twice."""
        return Counter(bill.key for bill in self.billed if bill.delivered)

    async def until_received(self, number: int = 1) -> None:
        """Return when so many requests have come in all."""
        while len(self.received) < number:
            await self._wait_for_news()

    async def until_billed(self, number: int = 1) -> None:
        """Return when so many answers have been made in all."""
        while len(self.billed) < number:
            await self._wait_for_news()

    async def _wait_for_news(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        number = f"req_{next(self._request_numbers):06d}"
        try:
            raw, body = await self._received(request)
            outcome = self._accepted(request.headers, raw, body)
        except ApiRefusal as refusal:
            return error_response(refusal, number)
        return await self._answer(request, number, raw, body, outcome)

    async def _received(self, request: web.Request) -> tuple[str, dict[str, Any]]:
        try:
            raw = await request.text()
            body: dict[str, Any] = json.loads(raw)
        except web.HTTPRequestEntityTooLarge:
            raise ApiRefusal(413, "request_too_large", "Request exceeds the maximum size") from None
        except ValueError:
            raise ApiRefusal(400, "invalid_request_error", "not JSON") from None
        self.received.append(body)
        self._news.set()
        return raw, body

    def _accepted(self, headers: Mapping[str, str], raw: str, body: dict[str, Any]) -> Outcome:
        self._check(headers, body)
        asked = prompt_tokens(body, len(raw))
        if asked > CONTEXT_TOKENS:
            raise ApiRefusal(400, "invalid_request_error", f"prompt is too long: {asked} tokens")
        outcome = self._next_outcome(raw, body)
        if outcome.status != HTTPStatus.OK:
            raise ApiRefusal(
                outcome.status, outcome.error_type, outcome.message, outcome.error_code, outcome.headers
            )
        return outcome

    def _check(self, headers: Mapping[str, str], body: dict[str, Any]) -> None:
        check_headers(headers, self._api_key)
        check_body(body)

    async def _answer(
        self, request: web.Request, number: str, raw: str, body: dict[str, Any], outcome: Outcome
    ) -> web.StreamResponse:
        latency_s = self.latency_s if outcome.latency_s is None else outcome.latency_s
        if outcome.breaks == "before":
            return _hang_up(request)
        reply = self._reply(number, raw, body, outcome)
        if body.get("stream"):
            self._bill(raw, body, reply)
            if outcome.breaks == "after":
                return _hang_up(request)
            return await send_stream(request, reply, latency_s)
        await asyncio.sleep(latency_s)
        self._bill(raw, body, reply)
        if outcome.breaks in {"after", "mid", "silent_end", "error_event"}:
            return _hang_up(request)
        return await send_message(reply)

    def _next_outcome(self, raw: str, body: dict[str, Any]) -> Outcome:
        for script in self._scripts:
            if _matches(script.match, raw, body) and (outcome := next(script.outcomes, None)) is not None:
                return outcome
        return Outcome()

    def _reply(self, number: str, raw: str, body: dict[str, Any], outcome: Outcome) -> Reply:
        text = outcome.rewrite(good_answer(body))
        thought = THINKING_TOKENS if outcome.thinking else self._thinking_tokens.get(_form(body), 0)
        written = body["max_tokens"] if outcome.stop_reason == "max_tokens" else tokens_in(text) + thought
        asked = self._cache.usage(body, len(raw))
        usage = replace(asked, output_tokens=written, thinking_tokens=thought)
        return Reply(number, body["model"], text, outcome, usage, self._inference_geo)

    def _bill(self, raw: str, body: dict[str, Any], reply: Reply) -> None:
        self.billed.append(
            Billed(
                key=sha256(raw.encode()).hexdigest(),
                model=body["model"],
                form=_form(body),
                usage=reply.usage,
                stop_reason=reply.outcome.stop_reason,
                delivered=not reply.outcome.breaks,
                request_id=reply.request_id,
            )
        )
        self._news.set()

    async def _count_tokens(self, request: web.Request) -> web.Response:
        try:
            return web.json_response({"input_tokens": self._count(request.headers, await request.text())})
        except ApiRefusal as refusal:
            return error_response(refusal, "req_count")

    def _count(self, headers: Mapping[str, str], raw: str) -> int:
        body: dict[str, Any] = json.loads(raw)
        self.counted.append(body)
        if "max_tokens" in body:
            raise ApiRefusal(400, "invalid_request_error", "max_tokens: Extra inputs are not permitted")
        self._check(headers, {**body, "max_tokens": 1})
        return prompt_tokens(body, len(raw))

    async def _models(self, request: web.Request) -> web.Response:
        page = {"has_more": False, "first_id": MODELS[0], "last_id": MODELS[-1]}
        return web.json_response({"data": [_model_info(name) for name in MODELS], **page})

    async def _model(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        try:
            check_headers(request.headers, self._api_key)
        except ApiRefusal as refusal:
            return error_response(refusal, "req_model")
        if name not in MODELS:
            return error_response(ApiRefusal(404, "not_found_error", f"model: {name}"), "req_model")
        return web.json_response(_model_info(name) | self.lifecycles.get(name, {}))

    async def _show_billed(self, request: web.Request) -> web.Response:
        return web.json_response([asdict(bill) for bill in self.billed])

    async def _take_script(self, request: web.Request) -> web.Response:
        order = await request.json()
        outcomes = [scripted.named(**outcome) for outcome in order["outcomes"]]
        self.script(*outcomes, match=order.get("match"), times=order.get("times", 1))
        return web.json_response({"ok": True})


def _form(body: Mapping[str, Any]) -> str:
    """Title of the schema that is asked for."""
    title: str = body.get("output_config", {}).get("format", {}).get("schema", {}).get("title", "")
    return title


def _matches(match: Match, raw: str, body: dict[str, Any]) -> bool:
    if match is None:
        return True
    return match in raw if isinstance(match, str) else match(body)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _model_info(name: str) -> dict[str, Any]:
    return {
        "type": "model",
        "id": name,
        "display_name": name.replace("-", " ").title(),
        "created_at": "2026-09-01T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": CONTEXT_TOKENS,
        "max_tokens": 128_000,
    }
