"""A server of one's own that speaks the core of the Messages API, as Ollama, vLLM and llama.cpp do.

What differs from Claude (the research notes, D): other models, any key or none, text and tools but no `document`
block, no pictures, no schema that is enforced, no cache, a bill of two numbers, and answers that come with a
sentence or a Markdown fence round them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from smallprint.models.domain import Usage
from tests.fakes.claude.answers import ENCLOSED, good_answer
from tests.fakes.claude.outcomes import Outcome
from tests.fakes.claude.refusal import ApiRefusal, invalid
from tests.fakes.claude.replies import Reply
from tests.fakes.claude.server import FakeClaude
from tests.fakes.claude.tokens import prompt_tokens, tokens_in

MODELS = ("qwen3:32b", "gpt-oss:20b")
KNOWN_BLOCKS = frozenset({"text", "tool_use", "tool_result"})
SCHEMA_IN_TEXT = re.compile(r"JSON Schema:\n(\{.*\})\s*\Z", re.DOTALL)
WRAPPINGS = (
    "```json\n{answer}\n```",
    "Here is the result you asked for {{as JSON}}:\n\n{answer}\n\nLet me know if you need anything else.",
    "{answer}",
)


class LocalServer(FakeClaude):
    """`async with LocalServer() as server:` then give the product `server.url` and a model of `MODELS`."""

    def __init__(self, *, rejects_output_config: bool = False, window_tokens: int = 128_000) -> None:
        """Ollama ignores `output_config`; a stricter server rejects what it does not know.

        What exceeds `window_tokens` is cut without a word, as Ollama does.
        """
        super().__init__()
        self._window_tokens = window_tokens
        self._rejects_output_config = rejects_output_config
        self._wrappings = cycle(WRAPPINGS)

    def _check(self, headers: Mapping[str, str], body: dict[str, Any]) -> None:
        if body["model"] not in MODELS:
            raise ApiRefusal(404, "not_found_error", f"model '{body['model']}' not found")
        if self._rejects_output_config and "output_config" in body:
            raise invalid("output_config: Extra inputs are not permitted")
        for block in _blocks(body["messages"]):
            if block["type"] not in KNOWN_BLOCKS:
                raise invalid(f"Input tag '{block['type']}' found does not match any of the expected tags")

    def _count(self, headers: Mapping[str, str], raw: str) -> int:
        raise ApiRefusal(404, "not_found_error", "Not found")

    def _reply(self, number: str, raw: str, body: dict[str, Any], outcome: Outcome) -> Reply:
        text = outcome.rewrite(good_answer(_with_schema(body)))
        wrapped = next(self._wrappings).format(answer=text)
        read = min(prompt_tokens(body, len(raw)), self._window_tokens)
        usage = Usage(input_tokens=read, output_tokens=tokens_in(wrapped))
        return _LocalReply(number, body["model"], wrapped, outcome, usage)


@dataclass(frozen=True, slots=True)
class _LocalReply(Reply):
    def message(self) -> dict[str, Any]:
        whole = Reply.message(self)
        kept = {name: whole["usage"][name] for name in ("input_tokens", "output_tokens")}
        return {**whole, "usage": kept}


def _with_schema(body: dict[str, Any]) -> dict[str, Any]:
    """As a model that has read what the task says of the form of the answer."""
    for block in _blocks(body["messages"]):
        text = block.get("text", "")
        if not ENCLOSED.search(text) and (found := SCHEMA_IN_TEXT.search(text)):
            return {**body, "output_config": {"format": {"schema": json.loads(found[1])}}}
    return {**body, "output_config": {}}


def _blocks(content: Any) -> Iterator[dict[str, Any]]:
    for item in content if isinstance(content, list) else []:
        if "type" in item:
            yield item
        yield from _blocks(item.get("content"))
