"""Prompt versions and the log of which one is live, as rows. The rules are in `prompts/versions.py`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from smallprint.models.database import prompt_activations, prompt_versions
from smallprint.models.domain import Activation, ActivationAction, Prompt, PromptRecord
from smallprint.services.database.connection import Database, from_iso, to_iso

SCOPE = "global"

_version = prompt_versions.c
_move = prompt_activations.c
_previous_move = prompt_activations.alias("previous_move")
_previous = prompt_versions.alias("previous")


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

    async def live(self, agent: str) -> PromptRecord | None:
        """The version that the agent's last activation names; None before the first."""
        query = (
            select(prompt_versions)
            .join_from(prompt_activations, prompt_versions, _move.version_id == _version.id)
            .where(_move.agent == agent, _move.scope == SCOPE, _move.scope_id == "")
            .order_by(_move.id.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return _record(row) if row else None

    async def activations(self, agent: str, limit: int | None = None) -> tuple[Activation, ...]:
        """The agent's log, newest first."""
        query = _log().where(_move.agent == agent, _move.scope == SCOPE, _move.scope_id == "")
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(_move.id.desc()).limit(limit))
            return tuple(_activation(row) for row in rows)

    async def requested(self, request_id: str) -> Activation | None:
        """The activation that a request led to, if it was applied already."""
        async with self._database.read() as connection:
            row = (await connection.execute(_log().where(_move.request_id == request_id))).first()
        return _activation(row) if row else None

    async def append(self, activation: Activation) -> Activation | None:
        """Move the pointer. A known request returns its first activation; None: `after` was replaced meanwhile."""
        query = _log().where(_move.request_id == activation.request_id)
        async with self._database.write() as connection:
            statement = self._database.insert_or_keep(prompt_activations)
            await connection.execute(statement.values(_activation_row(activation)))
            row = (await connection.execute(query)).first()
        return _activation(row) if row else None


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
        "scope": SCOPE,
        "scope_id": "",
        "action": activation.action.value,
        "version_id": version_id.scalar_subquery(),
        "prev_id": activation.after,
        "actor": activation.actor,
        "reason": activation.reason,
        "gate": "none",
        "request_id": activation.request_id,
        "created_at": to_iso(activation.at),
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
    settings = json.loads(row.settings)
    prompt = Prompt(
        agent=row.agent,
        version=row.version,
        slug=row.slug,
        note=row.note,
        body=row.body,
        sha256=row.sha256,
        contract=row.contract,
        variables=tuple(settings["variables"]),
        effort=settings["effort"],
        max_tokens=settings["max_tokens"],
        model=settings["model"],
    )
    return PromptRecord(prompt, row.created_by, from_iso(row.created_at))
