"""A counter of tokens that says what it was told to, and remembers what it was asked."""

from __future__ import annotations

from smallprint.models.completion import CompletionRequest


class ScriptedCounter:
    """`tokens`: of every request; None as an endpoint that has no such thing."""

    def __init__(self, tokens: int | None = None) -> None:
        self.tokens = tokens
        self.asked: list[CompletionRequest] = []

    async def count(self, request: CompletionRequest) -> int | None:
        self.asked.append(request)
        return self.tokens
