"""Prompt versions and activations in memory, under the same contract tests as the real store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import Activation, PromptRecord


class FakePromptStore:
    """Append-only, as the database is. Set `available` to False to see what happens without it."""

    def __init__(self) -> None:
        self.available = True
        self.rows: list[PromptRecord] = []
        self.log: list[Activation] = []

    async def add(self, records: Sequence[PromptRecord]) -> None:
        self._require_available()
        for record in records:
            if not any(_same(record, kept) for kept in self.rows):
                self.rows.append(record)

    async def versions(self, agent: str | None = None) -> tuple[PromptRecord, ...]:
        self._require_available()
        found = [record for record in self.rows if agent in {None, record.prompt.agent}]
        return tuple(sorted(found, key=lambda record: (record.prompt.agent, record.prompt.version)))

    async def version(self, agent: str, version: int) -> PromptRecord | None:
        records = await self.versions(agent)
        return next((record for record in records if record.prompt.version == version), None)

    async def live(self, agent: str) -> PromptRecord | None:
        moves = await self.activations(agent, 1)
        return await self.version(agent, moves[0].to_version) if moves else None

    async def activations(self, agent: str, limit: int | None = None) -> tuple[Activation, ...]:
        self._require_available()
        return tuple([move for move in reversed(self.log) if move.agent == agent][:limit])

    async def requested(self, request_id: str) -> Activation | None:
        self._require_available()
        return next((move for move in self.log if move.request_id == request_id), None)

    async def append(self, activation: Activation) -> Activation | None:
        if known := await self.requested(activation.request_id):
            return known
        if any((move.agent, move.after) == (activation.agent, activation.after) for move in self.log):
            return None
        before = [move.to_version for move in self.log if move.id == activation.after]
        stored = replace(activation, id=len(self.log) + 1, from_version=before[0] if before else None)
        self.log.append(stored)
        return stored

    def _require_available(self) -> None:
        if not self.available:
            raise DatabaseUnavailable


def _same(record: PromptRecord, kept: PromptRecord) -> bool:
    new, old = record.prompt, kept.prompt
    return new.agent == old.agent and (new.version == old.version or new.sha256 == old.sha256)
