"""FakeClaude's token counts: a quarter of the characters, and a prompt cache that is keyed as the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from time import monotonic
from typing import Any

from smallprint.models.domain import Usage

CHARACTERS_PER_TOKEN = 4
TOKENS_PER_IMAGE = 1_600
MIN_CACHED_TOKENS = 512
TTL_S = {"5m": 300.0, "1h": 3600.0}
THINKING_TOKENS = 64


def tokens_in(text: str) -> int:
    return len(text) // CHARACTERS_PER_TOKEN + 1


def prompt_tokens(body: Mapping[str, Any], raw_length: int) -> int:
    """Of a request: its characters, but a flat sum for an image, however many bytes it has."""
    images = list(images_in(body.get("messages", [])))
    encoded = sum(len(image["source"].get("data", "")) for image in images)
    return (raw_length - encoded) // CHARACTERS_PER_TOKEN + 1 + len(images) * TOKENS_PER_IMAGE


def images_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every image block in a request's messages, in order."""
    if isinstance(value, list):
        for item in value:
            yield from images_in(item)
    elif isinstance(value, dict):
        if value.get("type") == "image":
            yield value
        else:
            yield from images_in(value.get("content"))


class PromptCache:
    """Prefixes that were sent with `cache_control`: the same model, effort, tools, format and words hit."""

    def __init__(self) -> None:
        self._expires: dict[str, float] = {}

    def usage(self, body: Mapping[str, Any], raw_length: int) -> Usage:
        """Usage of the request alone; its output tokens are 0."""
        total = prompt_tokens(body, raw_length)
        marked = _last_breakpoint(body)
        if marked is None:
            return Usage(input_tokens=total)
        prefix, ttl = marked
        cached = min(total, tokens_in(prefix))
        if cached < MIN_CACHED_TOKENS:
            return Usage(input_tokens=total)
        return self._looked_up(sha256(prefix.encode()).hexdigest(), ttl, cached, total - cached)

    def _looked_up(self, key: str, ttl: str, cached: int, rest: int) -> Usage:
        hit = self._expires.get(key, 0.0) > monotonic()
        self._expires[key] = monotonic() + TTL_S[ttl]
        if hit:
            return Usage(input_tokens=rest, cache_read_tokens=cached)
        if ttl == "1h":
            return Usage(input_tokens=rest, cache_write_1h_tokens=cached)
        return Usage(input_tokens=rest, cache_write_5m_tokens=cached)


def _last_breakpoint(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Everything up to the last block with `cache_control`, and that block's ttl."""
    passed: list[Any] = [body["model"], body.get("output_config"), body.get("thinking")]
    found: tuple[int, str] | None = None
    for block in _blocks(body):
        passed.append({key: value for key, value in block.items() if key != "cache_control"})
        if "cache_control" in block:
            found = len(passed), block["cache_control"].get("ttl", "5m")
    return None if found is None else (json.dumps(passed[: found[0]], sort_keys=True), found[1])


def _blocks(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from body.get("tools", [])
    for part in [{"content": body.get("system", [])}, *body["messages"]]:
        content = part["content"]
        yield from [{"type": "text", "text": content}] if isinstance(content, str) else content
