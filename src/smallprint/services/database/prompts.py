"""Prompt versions and the log of which one is live, as rows. The rules are in `prompts/versions.py`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from smallprint.models.database import prompt_activations, prompt_versions
from smallprint.models.domain import (
    Activation,
    ActivationAction,
    Arm,
    Choices,
    Gate,
    Pointer,
    Pointers,
    Prompt,
    PromptRecord,
    Scope,
)
from smallprint.services.database.connection import Database, from_iso, to_iso

_version = prompt_versions.c
_move = prompt_activations.c
_previous_move = prompt_activations.alias("previous_move")
_previous = prompt_versions.alias("previous")

_ARMS: Mapping[str, Arm] = {"global": "live", "canary": "canary", "channel": "pin"}

_CHOICE = """
SELECT a.scope, a.id, a.percent, v.agent, v.version, v.slug, v.note, v.body, v.sha256, v.contract, v.settings
FROM prompt_activations AS a JOIN prompt_versions AS v ON v.id = a.version_id
WHERE a.id = (SELECT max(id) FROM prompt_activations WHERE agent = :agent AND scope = '{scope}' AND scope_id = {place})
"""
# Asked for each agent of each analysis: one statement, with one step into an index for each log. A canary that has
# ended and a channel that is pinned no more have a last row too: they are left out.
_CHOICES = " UNION ALL ".join(
    (
        _CHOICE.format(scope="global", place="''"),
        _CHOICE.format(scope="canary", place="''") + "AND a.action = 'canary'",
        _CHOICE.format(scope="channel", place=":channel") + "AND a.action = 'pin'",
    )
)

log = structlog.get_logger()


class PromptStore:
    """Append-only: versions and activations are added and read, nothing else (triggers refuse the rest)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, records: Sequence[PromptRecord]) -> None:
        """Keep new versions; one whose number or content is there already changes nothing."""
        if records:
            async with self._database.write() as connection:
                statement = self._database.insert_or_keep(prompt_versions)
                await connection.execute(statement, [_version_row(record) for record in records])

    async def versions(self, agent: str | None = None) -> tuple[PromptRecord, ...]:
        """Of one agent or of all, in the order of their numbers."""
        query = select(prompt_versions).order_by(_version.agent, _version.version)
        if agent is not None:
            query = query.where(_version.agent == agent)
        async with self._database.read() as connection:
            return tuple(_record(row) for row in await connection.execute(query))

    async def version(self, agent: str, version: int) -> PromptRecord | None:
        """One version, or None."""
        query = select(prompt_versions).where(_version.agent == agent, _version.version == version)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return _record(row) if row else None

    async def choices(self, agent: str, channel: str = "") -> Choices:
        """What may hold for an analysis; a version that this release can't read counts as none."""
        found: dict[str, Prompt] = {}
        percent = 0
        for scope, activation, share, *version in await self._database.glance(
            _CHOICES, {"agent": agent, "channel": channel}
        ):
            try:
                found[scope] = _prompt(version, _ARMS[scope], activation)
            except (ValueError, KeyError, TypeError) as error:  # a newer release wrote it
                fault = type(error).__name__
                log.warning("prompt version not readable", agent=agent, scope=scope, error=fault)
            percent = percent or share
        return Choices(found.get("global"), found.get("canary"), percent, found.get("channel"))

    async def pointers(self, agent: str, channel: str = "") -> Pointers:
        """The last rows of the agent's logs, whole, as they stand at one moment."""
        last = select(func.max(_move.id)).where(_move.agent == agent, _move.scope_id.in_(["", channel]))
        moves = _log().where(_move.id.in_(last.group_by(_move.scope, _move.scope_id)))
        async with self._database.read() as connection:
            found = {move.scope: move for move in map(_activation, await connection.execute(moves))}
            numbers = {move.to_version for move in found.values()}
            kept = select(prompt_versions).where(_version.agent == agent, _version.version.in_(numbers))
            records = {row.version: _record(row) for row in await connection.execute(kept)}
        pointers = {scope: Pointer(move, records[move.to_version]) for scope, move in found.items()}
        return Pointers(pointers.get(Scope.GLOBAL), pointers.get(Scope.CANARY), pointers.get(Scope.CHANNEL))

    async def activations(
        self,
        agent: str | None = None,
        *,
        limit: int | None = None,
        before: int | None = None,
        scopes: Collection[Scope] = frozenset(Scope),
    ) -> tuple[Activation, ...]:
        """The log of one agent or of all, newest first; `before`: only rows with a smaller id."""
        query = _log().order_by(_move.id.desc()).limit(limit)
        if agent is not None:
            query = query.where(_move.agent == agent)
        if before is not None:
            query = query.where(_move.id < before)
        if len(scopes) < len(Scope):
            query = query.where(_move.scope.in_(scopes))
        return await self._read(query)

    async def pins(self, agent: str | None = None) -> tuple[Activation, ...]:
        """The pins that stand, in the order of agents and channels."""
        last = select(func.max(_move.id)).where(_move.scope == Scope.CHANNEL)
        if agent is not None:
            last = last.where(_move.agent == agent)
        query = _log().where(
            _move.id.in_(last.group_by(_move.agent, _move.scope_id)), _move.action == ActivationAction.PIN
        )
        return await self._read(query.order_by(_move.agent, _move.scope_id))

    async def requested(self, request_id: str) -> Activation | None:
        """The activation that a request led to, if it was applied already."""
        return next(iter(await self._read(_log().where(_move.request_id == request_id))), None)

    async def append(self, activations: Sequence[Activation]) -> tuple[Activation, ...] | None:
        """All rows or none. Known requests return their first rows; None: an `after` was replaced meanwhile."""
        try:
            async with self._database.write() as connection:
                return await self._append(connection, activations)
        except _ReplacedMeanwhile:
            return None

    async def _append(
        self, connection: AsyncConnection, activations: Sequence[Activation]
    ) -> tuple[Activation, ...]:
        statement = self._database.insert_or_keep(prompt_activations)
        for activation in activations:
            await connection.execute(statement.values(_activation_row(activation)))
        requests = [activation.request_id for activation in activations]
        rows = await connection.execute(_log().where(_move.request_id.in_(requests)).order_by(_move.id))
        found = {row.request_id: _activation(row) for row in rows}
        if len(found) < len(requests):
            raise _ReplacedMeanwhile  # and the transaction takes back what was inserted
        return tuple(found[request] for request in requests)

    async def _read(self, query: Select[Any]) -> tuple[Activation, ...]:
        async with self._database.read() as connection:
            return tuple(map(_activation, await connection.execute(query)))


class _ReplacedMeanwhile(Exception):
    """Somebody else appended to one of the logs first."""


def _log() -> Select[Any]:
    return (
        select(
            prompt_activations,
            _version.version.label("to_version"),
            _previous.c.version.label("from_version"),
        )
        .join_from(prompt_activations, prompt_versions, _move.version_id == _version.id)
        .outerjoin(_previous_move, _previous_move.c.id == _move.prev_id)
        .outerjoin(_previous, _previous.c.id == _previous_move.c.version_id)
    )


def _activation_row(activation: Activation) -> dict[str, Any]:
    version_id = select(_version.id).where(
        _version.agent == activation.agent, _version.version == activation.to_version
    )
    return {
        "agent": activation.agent,
        "scope": activation.scope.value,
        "scope_id": activation.scope_id,
        "action": activation.action.value,
        "version_id": version_id.scalar_subquery(),
        "prev_id": activation.after,
        "actor": activation.actor,
        "reason": activation.reason,
        "gate": activation.gate.value,
        "request_id": activation.request_id,
        "created_at": to_iso(activation.at),
        "percent": activation.percent,
    }


def _activation(row: Row[Any]) -> Activation:
    return Activation(
        agent=row.agent,
        from_version=row.from_version,
        to_version=row.to_version,
        action=ActivationAction(row.action),
        actor=row.actor,
        reason=row.reason,
        at=from_iso(row.created_at),
        request_id=row.request_id,
        after=row.prev_id,
        id=row.id,
        scope=Scope(row.scope),
        scope_id=row.scope_id,
        percent=row.percent,
        gate=Gate(row.gate),
    )


def _version_row(record: PromptRecord) -> dict[str, Any]:
    prompt = record.prompt
    settings = {
        "effort": prompt.effort,
        "max_tokens": prompt.max_tokens,
        "model": prompt.model,
        "variables": prompt.variables,
    }
    return {
        "agent": prompt.agent,
        "version": prompt.version,
        "slug": prompt.slug,
        "note": prompt.note,
        "body": prompt.body,
        "settings": json.dumps(settings),
        "contract": prompt.contract,
        "sha256": prompt.sha256,
        "source": "repo",
        "created_by": record.author,
        "created_at": to_iso(record.created_at),
    }


def _record(row: Row[Any]) -> PromptRecord:
    version = (
        row.agent, row.version, row.slug, row.note, row.body, row.sha256, row.contract, row.settings
    )  # fmt: skip
    return PromptRecord(_prompt(version), row.created_by, from_iso(row.created_at))


def _prompt(version: Sequence[Any], arm: Arm = "live", activation: int = 0) -> Prompt:
    """`version`: agent, version, slug, note, body, sha256, contract and settings, as they stand in the table.

    By position, for this is what a resolution spends its time on.
    """
    agent, number, slug, note, body, sha256, contract, settings = version
    kept = _settings(settings)
    return Prompt(agent, number, slug, note, body, sha256, contract, *kept, "database", arm, activation)


@lru_cache
def _settings(text: str) -> tuple[tuple[str, ...], str, int, str | None]:
    """Variables, effort, max_tokens, model: the same few texts come again and again, and reading JSON is slow."""
    kept = json.loads(text)
    return tuple(kept["variables"]), kept["effort"], kept["max_tokens"], kept["model"]
