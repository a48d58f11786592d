"""Prompt versions and activations in memory, under the same contract tests as the real store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import (
    Activation,
    ActivationAction,
    Arm,
    Choices,
    Pointer,
    Pointers,
    Prompt,
    PromptRecord,
    Scope,
)


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

    async def choices(self, agent: str, channel: str = "") -> Choices:
        now = await self.pointers(agent, channel)
        return Choices(
            live=_chosen(now.live, "live"),
            canary=_chosen(now.running_canary, "canary"),
            percent=now.running_canary.activation.percent if now.running_canary else 0,
            pin=_chosen(now.standing_pin, "pin"),
        )

    async def pointers(self, agent: str, channel: str = "") -> Pointers:
        return Pointers(
            live=await self._last(agent, Scope.GLOBAL, ""),
            canary=await self._last(agent, Scope.CANARY, ""),
            pin=await self._last(agent, Scope.CHANNEL, channel),
        )

    async def activations(
        self,
        agent: str | None = None,
        *,
        limit: int | None = None,
        before: int | None = None,
        scopes: Collection[Scope] = frozenset(Scope),
    ) -> tuple[Activation, ...]:
        self._require_available()
        found = [
            move
            for move in reversed(self.log)
            if agent in {None, move.agent} and move.scope in scopes and (before is None or move.id < before)
        ]
        return tuple(found[:limit])

    async def pins(self, agent: str | None = None) -> tuple[Activation, ...]:
        moves = await self.activations(agent, scopes={Scope.CHANNEL})
        last = {(move.agent, move.scope_id): move for move in reversed(moves)}
        return tuple(last[key] for key in sorted(last) if last[key].action is ActivationAction.PIN)

    async def requested(self, request_id: str) -> Activation | None:
        self._require_available()
        return next((move for move in self.log if move.request_id == request_id), None)

    async def append(self, activations: Sequence[Activation]) -> tuple[Activation, ...] | None:
        kept = len(self.log)
        applied = [self._append(activation) for activation in activations]
        if None in applied:
            del self.log[kept:]
            return None
        return tuple(move for move in applied if move)

    def _append(self, activation: Activation) -> Activation | None:
        self._require_available()
        for move in self.log:
            if move.request_id == activation.request_id:
                return move
            if _place(move) == _place(activation):
                return None
        before = [move.to_version for move in self.log if move.id == activation.after]
        stored = replace(activation, id=len(self.log) + 1, from_version=before[0] if before else None)
        self.log.append(stored)
        return stored

    async def _last(self, agent: str, scope: Scope, scope_id: str) -> Pointer | None:
        moves = await self.activations(agent, scopes={scope})
        last = next((move for move in moves if move.scope_id == scope_id), None)
        record = await self.version(agent, last.to_version) if last else None
        return Pointer(last, record) if last and record else None

    def _require_available(self) -> None:
        if not self.available:
            raise DatabaseUnavailable


class AllLookFirst(FakePromptStore):
    """Everybody gets to look before anybody writes."""

    def __init__(self, store: FakePromptStore) -> None:
        super().__init__()
        self.rows, self.log = store.rows, store.log

    async def append(self, activations: Sequence[Activation]) -> tuple[Activation, ...] | None:
        await asyncio.sleep(0.01)
        return await super().append(activations)


class Interrupted(FakePromptStore):
    """Something else happens just before one of the times when a change asks or appends."""

    def __init__(
        self, store: FakePromptStore, looks: int, meanwhile: Callable[[], Awaitable[object]]
    ) -> None:
        super().__init__()
        self.rows, self.log = store.rows, store.log
        self.left, self.meanwhile = looks, meanwhile

    async def pointers(self, agent: str, channel: str = "") -> Pointers:
        await self._asked()
        return await super().pointers(agent, channel)

    async def requested(self, request_id: str) -> Activation | None:
        await self._asked()
        return await super().requested(request_id)

    async def append(self, activations: Sequence[Activation]) -> tuple[Activation, ...] | None:
        await self._asked()
        return await super().append(activations)

    async def _asked(self) -> None:
        self.left -= 1
        if self.left == 0:
            await self.meanwhile()


def _chosen(pointer: Pointer | None, arm: Arm) -> Prompt | None:
    return replace(pointer.record.prompt, arm=arm, activation=pointer.activation.id) if pointer else None


def _place(move: Activation) -> tuple[str, str, str, int]:
    return move.agent, move.scope, move.scope_id, move.after


def _same(record: PromptRecord, kept: PromptRecord) -> bool:
    new, old = record.prompt, kept.prompt
    return new.agent == old.agent and (new.version == old.version or new.sha256 == old.sha256)
