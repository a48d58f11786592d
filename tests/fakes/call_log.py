"""CallLog in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from smallprint.models.completion import Completion
from smallprint.models.domain import ModelCall, Usage


@dataclass
class InMemoryCallLog:
    """Attempts and paid answers, as services/database/calls.py keeps them on disk."""

    begun: list[ModelCall] = field(default_factory=list)
    """Everything that was about to be sent."""
    calls: list[ModelCall] = field(default_factory=list)
    """What has ended."""
    answers: dict[str, Completion] = field(default_factory=dict)
    recording_takes_s: float = 0.0
    """How long the disk takes: long enough to be cancelled in the middle."""

    async def answer(self, key: str) -> Completion | None:
        return self.answers.get(key)

    async def begin(self, call: ModelCall) -> None:
        self.begun.append(call)

    async def record(self, call: ModelCall, key: str, answer: str | None) -> None:
        await asyncio.sleep(self.recording_takes_s)
        self.calls.append(call)
        if answer is not None:
            self.answers[key] = Completion(
                text=answer,
                model=call.response_model or call.request_model,
                usage=call.usage,
                cost_nano_usd=call.cost_nano_usd,
                seconds=call.latency_ms / 1000,
                replayed=True,
            )

    @property
    def usage(self) -> Usage:
        return sum((call.usage for call in self.calls), Usage())
