"""FakeClaude's answers on the wire: one JSON object, or a stream of events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from smallprint.models.domain import Usage
from tests.fakes.claude.outcomes import Outcome
from tests.fakes.claude.refusal import ApiRefusal

CHUNK_CHARACTERS = 400
FOR_EVER_S = 3600.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What Claude decided to say."""

    request_id: str
    model: str
    text: str
    outcome: Outcome
    usage: Usage
    inference_geo: str = "global"

    def message(self) -> dict[str, Any]:
        return {
            "id": self.request_id.replace("req", "msg"),
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": [_begun(block) | block for block in self.blocks()],
            "stop_reason": self.outcome.stop_reason,
            "stop_sequence": None,
            "stop_details": None,
            "usage": _wire_usage(self.usage) | {"inference_geo": self.inference_geo},
        }

    def blocks(self) -> list[dict[str, Any]]:
        thinking = (
            [{"type": "thinking", "thinking": "", "signature": "c2lnbmVk"}] if self.outcome.thinking else []
        )
        return thinking + ([{"type": "text", "text": self.text}] if self.text else [])


def error_response(refusal: ApiRefusal, request_id: str) -> web.Response:
    return web.json_response(
        _error(refusal.type, refusal.message, refusal.code),
        status=refusal.status,
        headers={"request-id": request_id, **refusal.headers},
    )


async def send_message(reply: Reply) -> web.StreamResponse:
    if reply.outcome.breaks == "stall":
        await asyncio.sleep(FOR_EVER_S)
    return web.json_response(reply.message(), headers={"request-id": reply.request_id})


async def send_stream(request: web.Request, reply: Reply, latency_s: float) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={"content-type": "text/event-stream; charset=utf-8", "request-id": reply.request_id}
    )
    await response.prepare(request)
    await response.write(_event(_message_start(reply)))
    await asyncio.sleep(latency_s)
    events = b"".join(_event(event) for event in _content(reply))
    if reply.outcome.breaks:
        await response.write(events[: len(events) // 2].rpartition(b"\n\n")[0] + b"\n\n")
        return await _break(request, response, reply)
    await response.write(events + b"".join(_event(event) for event in _ending(reply)))
    await response.write_eof()
    return response


async def _break(request: web.Request, response: web.StreamResponse, reply: Reply) -> web.StreamResponse:
    match reply.outcome.breaks:
        case "mid" if request.transport is not None:
            request.transport.abort()
            return response
        case "stall":
            await asyncio.sleep(FOR_EVER_S)
        case "error_event":
            await response.write(_event(_error(reply.outcome.error_type, reply.outcome.message, "")))
    await response.write_eof()
    return response


def _message_start(reply: Reply) -> dict[str, Any]:
    begun = reply.message() | {"content": [], "stop_reason": None}
    begun["usage"] = {**begun["usage"], "output_tokens": 1, "output_tokens_details": None}
    return {"type": "message_start", "message": begun}


def _content(reply: Reply) -> Iterator[dict[str, Any]]:
    yield {"type": "ping"}
    for index, block in enumerate(reply.blocks()):
        yield {"type": "content_block_start", "index": index, "content_block": _begun(block)}
        for delta in _deltas(block):
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}


def _begun(block: dict[str, Any]) -> dict[str, Any]:
    if block["type"] == "text":
        return {"type": "text", "text": "", "citations": None}
    return {"type": "thinking", "thinking": "", "signature": ""}


def _deltas(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if block["type"] == "thinking":
        yield {"type": "signature_delta", "signature": block["signature"]}
        return
    text = block["text"]
    for start in range(0, len(text), CHUNK_CHARACTERS):
        yield {"type": "text_delta", "text": text[start : start + CHUNK_CHARACTERS]}


def _ending(reply: Reply) -> Iterator[dict[str, Any]]:
    usage = _wire_usage(reply.usage)
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": reply.outcome.stop_reason, "stop_sequence": None, "stop_details": None},
        "usage": {
            "output_tokens": usage["output_tokens"],
            "output_tokens_details": usage["output_tokens_details"],
        },
    }
    yield {"type": "message_stop"}


def _event(data: dict[str, Any]) -> bytes:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()


def _error(kind: str, message: str, code: str) -> dict[str, Any]:
    error: dict[str, Any] = {"type": kind, "message": message}
    if code:
        error["details"] = {"error_code": code}
    return {"type": "error", "error": error}


def _wire_usage(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input_tokens,
        "cache_creation_input_tokens": usage.cache_write_5m_tokens + usage.cache_write_1h_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_5m_tokens,
            "ephemeral_1h_input_tokens": usage.cache_write_1h_tokens,
        },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"thinking_tokens": usage.thinking_tokens},
        "service_tier": "standard",
    }
