"""Prompt versions: which one is live, who moved it and why, and the way back.

A version is immutable. What is live is the last row of an append-only log, read without a cache. A release brings
new versions; they go live by themselves only while nobody has chosen by hand, so a deploy never undoes a rollback.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import structlog

from smallprint.errors import (
    DatabaseError,
    NothingToRollBack,
    PromptAlreadyLive,
    PromptError,
    PromptMoved,
    UnknownAgent,
    UnknownPromptVersion,
    UnsupportedContract,
)
from smallprint.models.domain import Activation, ActivationAction, Agent, Prompt, PromptRecord
from smallprint.prompts.listing import (
    ListedAgent,
    ShownVersion,
    done_by,
    list_agent,
    list_version,
    live_before,
    why_unusable,
)
from smallprint.prompts.releases import PromptImport, PromptRelease
from smallprint.prompts.store import PromptStore

UNKNOWN_AGENT = 'I don\'t know an agent "{agent}". The agents are {agents}.'
UNKNOWN_VERSION = "{agent} has no version {version}. It has {versions}."
UNSUPPORTED = "I can't use {agent} {label}: {why}."
ALREADY_LIVE = "{agent} {label} is live already ({how})."
NO_REASON = "Please say why, for those who read the history later: set {agent} {version} <reason>."
NOTHING_BEFORE = (
    "{agent} v{version} is live and no other version was live before it, so there is nothing to go back to."
    " To choose a version, use set."
)
NEVER_LIVE = "{agent} v{version} was never live, so I can't roll back to it. To choose it, use set."
NONE_LIVE = "{agent} has no live version yet. Restart Smallprint, so that it imports its prompts."
MOVED = (
    "{agent} just moved to v{version} ({how}), so I left it there. If you still want your change, ask again."
)

LONGEST_NUMBER = 9
"""Digits: what a 32-bit column holds."""
ALIASES = {"analyst": Agent.ANALYST.value, "reviewer": Agent.REVIEWER.value}

log = structlog.get_logger()


class PromptFiles(Protocol):
    """The release's own prompt files."""

    def all(self) -> tuple[Prompt, ...]: ...


class PromptVersions:
    """Every question and every change about prompt versions. `agent` may be any case, or "analyst", "reviewer"."""

    def __init__(self, templates: PromptFiles, store: PromptStore, *, contracts: Collection[str]) -> None:
        self._store = store
        self._contracts = frozenset(contracts)
        self._release = PromptRelease(templates.all(), self._contracts)
        self._last_known: dict[str, Prompt] = {}

    async def import_templates(self) -> PromptImport:
        """Bring the release's prompt files into the store; several processes may do so at once.

        Raises InvalidTemplate when a file differs from what was released under its number.
        """
        return await self._release.import_into(self._store)

    async def live(self, agent: str) -> Prompt:
        """The version for the next analysis. Read anew each time; without a database the last known, then the file."""
        agent = self._agent(agent)
        try:
            record = await self._store.live(agent)
        except DatabaseError as error:
            log.warning("live prompt not readable", agent=agent, error=error.code)
            return self._last_known.get(agent) or self._release.packaged(agent)
        if record is None or why_unusable(record.prompt, self._contracts):
            log.warning("live prompt not usable", agent=agent, version=record and record.prompt.version)
            return self._release.packaged(agent)
        self._last_known[agent] = record.prompt
        return record.prompt

    async def version(self, agent: str, version: int | str) -> Prompt:
        """One version, live or not; where the store cannot tell, the release's own.

        Raises UnknownPromptVersion, UnsupportedContract.
        """
        agent = self._agent(agent)
        try:
            return self._usable((await self._record(agent, version)).prompt)
        except (DatabaseError, UnknownPromptVersion):
            packaged = self._release.get(agent, _number(version) or 0)
            if packaged is None:
                raise
            return replace(self._usable(packaged), source="packaged")

    async def list(self, agent: str | None = None) -> tuple[ListedAgent, ...]:
        """The versions of one agent, or of all."""
        agents = self._release.agents if agent is None else (self._agent(agent),)
        return tuple([await self._list(name) for name in agents])

    async def show(self, agent: str, version: int | str | None = None) -> ShownVersion:
        """One version in full; without a number the live one."""
        agent = self._agent(agent)
        moves = await self._store.activations(agent)
        if version is None and not moves:
            raise UnknownPromptVersion(NONE_LIVE.format(agent=agent))
        record = await self._record(agent, moves[0].to_version if version is None else version)
        listed = list_version(record, live=moves[0].to_version if moves else None, contracts=self._contracts)
        to_it = tuple(move for move in moves if move.to_version == listed.version)
        return ShownVersion(listed, record.prompt, to_it)

    async def set(
        self, agent: str, version: int | str, *, actor: str, reason: str, request_id: str
    ) -> Activation:
        """Make a version live for the next analysis. The same request twice is applied once.

        Raises UnknownAgent, UnknownPromptVersion, UnsupportedContract, PromptAlreadyLive, PromptMoved, and
        PromptError when there is no reason.
        """
        if applied := await self._store.requested(request_id):
            return applied
        agent = self._agent(agent)
        prompt = (await self._record(agent, version)).prompt
        if not reason.strip():
            raise PromptError(NO_REASON.format(agent=agent, version=prompt.version))
        last = next(iter(await self._store.activations(agent, 1)), None)
        return await self._move(prompt, last, _Why(ActivationAction.SET, actor, reason, request_id))

    async def rollback(
        self, agent: str, *, actor: str, reason: str, request_id: str, version: int | str | None = None
    ) -> Activation:
        """Go back to the version that was live before, or to an older one. No gate; the reason may be empty.

        Rolling back twice goes further back. Raises NothingToRollBack and what `set` raises.
        """
        if applied := await self._store.requested(request_id):
            return applied
        agent = self._agent(agent)
        moves = await self._store.activations(agent)
        if not moves:
            raise NothingToRollBack(NONE_LIVE.format(agent=agent))
        if version is None:
            target = await self._before(agent, moves)
        else:
            target = await self._once_live(agent, moves, version)
        why = _Why(ActivationAction.ROLLBACK, actor, reason, request_id)
        return await self._move(target, moves[0], why)

    async def history(self, agent: str, limit: int = 20) -> tuple[Activation, ...]:
        """Who moved it, when, from where to where and why; newest first."""
        return await self._store.activations(self._agent(agent), limit)

    async def _move(self, prompt: Prompt, last: Activation | None, why: _Why) -> Activation:
        agent = self._usable(prompt).agent
        if last and last.to_version == prompt.version:
            raise PromptAlreadyLive(ALREADY_LIVE.format(agent=agent, label=prompt.label, how=done_by(last)))
        applied = await self._store.append(_activation(prompt, last, why))
        if applied is None:
            first = (await self._store.activations(agent, 1))[0]
            raise PromptMoved(MOVED.format(agent=agent, version=first.to_version, how=done_by(first)))
        log.info("prompt version is live", agent=agent, version=prompt.version, action=why.action.value)
        return applied

    async def _before(self, agent: str, moves: Sequence[Activation]) -> Prompt:
        """The version that was live before; one that this release cannot use is passed over if there is another."""
        earlier = [(await self._record(agent, number)).prompt for number in live_before(moves[::-1])]
        if not earlier:
            raise NothingToRollBack(NOTHING_BEFORE.format(agent=agent, version=moves[0].to_version))
        usable = (prompt for prompt in earlier if not why_unusable(prompt, self._contracts))
        return next(usable, earlier[0])

    async def _once_live(self, agent: str, moves: Sequence[Activation], version: int | str) -> Prompt:
        prompt = (await self._record(agent, version)).prompt
        if prompt.version not in {move.to_version for move in moves}:
            raise NothingToRollBack(NEVER_LIVE.format(agent=agent, version=prompt.version))
        return prompt

    async def _list(self, agent: str) -> ListedAgent:
        records = await self._store.versions(agent)
        last = next(iter(await self._store.activations(agent, 1)), None)
        newest = self._release.newest(agent, records)
        return list_agent(agent, records, last, newest=newest, contracts=self._contracts)

    async def _record(self, agent: str, version: int | str) -> PromptRecord:
        number = _number(version)
        record = await self._store.version(agent, number) if number else None
        if record is None:
            labels = [known.prompt.label for known in await self._store.versions(agent)]
            raise UnknownPromptVersion(
                UNKNOWN_VERSION.format(agent=agent, version=version, versions=", ".join(labels) or "none")
            )
        return record

    def _usable(self, prompt: Prompt) -> Prompt:
        if why := why_unusable(prompt, self._contracts):
            raise UnsupportedContract(UNSUPPORTED.format(agent=prompt.agent, label=prompt.label, why=why))
        return prompt

    def _agent(self, name: str) -> str:
        wanted = "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
        agent = ALIASES.get(wanted, wanted)
        if agent not in self._release.agents:
            raise UnknownAgent(UNKNOWN_AGENT.format(agent=name, agents=_names(self._release.agents)))
        return agent


@dataclass(frozen=True, slots=True)
class _Why:
    """What a person says about a move."""

    action: ActivationAction
    actor: str
    reason: str
    request_id: str


def _activation(prompt: Prompt, last: Activation | None, why: _Why) -> Activation:
    return Activation(
        agent=prompt.agent,
        from_version=last.to_version if last else None,
        to_version=prompt.version,
        action=why.action,
        actor=why.actor,
        reason=why.reason.strip(),
        at=datetime.now(UTC),
        request_id=why.request_id,
        after=last.id if last else 0,
    )


def _number(version: int | str) -> int | None:
    """2 of 2, "2", "v2" and "V2"; None for anything else."""
    text = str(version).strip().casefold().removeprefix("v")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def _names(agents: Iterable[str]) -> str:
    """ "document_analysis (analyst) and findings_review (reviewer)" """
    short = {agent: alias for alias, agent in ALIASES.items()}
    return " and ".join(f"{agent} ({short[agent]})" if agent in short else agent for agent in agents)
