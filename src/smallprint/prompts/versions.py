"""Prompt versions: which one is live, tried or pinned, who decided it and why, and the way back.

A version is immutable. What holds is the last row of an append-only log, read without a cache. A release brings
new versions; they go live by themselves only while nobody has chosen by hand, so a deploy never undoes a rollback.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from smallprint.errors import UnknownPromptVersion
from smallprint.models.domain import Activation, Prompt
from smallprint.models.evaluation import EvaluationRun
from smallprint.prompts.catalogue import PromptCatalogue
from smallprint.prompts.changes import NONE_LIVE, PromptChanges, Why
from smallprint.prompts.diff import PromptDiff, diff_prompts
from smallprint.prompts.gate import EvaluationGate, GatePolicy
from smallprint.prompts.listing import (
    History,
    ListedAgent,
    ListedVersion,
    ShownVersion,
    list_agent,
    list_version,
)
from smallprint.prompts.names import channel_of, percent_of
from smallprint.prompts.releases import PromptImport, PromptRelease
from smallprint.prompts.resolution import PromptResolution
from smallprint.prompts.store import ONLY_GLOBAL, PromptStore


class PromptFiles(Protocol):
    """The release's own prompt files."""

    def all(self) -> tuple[Prompt, ...]: ...


class PromptVersions:
    """Every question and every change about prompt versions.

    `agent` may be in any case, or a short name such as "analyst"; `version` 2, "2" or "v2". Besides what is said
    of each, all raise UnknownAgent and DatabaseError, those with a version UnknownPromptVersion, and every change
    PromptMoved when somebody else was faster. The same `request_id` twice is applied once.
    """

    def __init__(
        self,
        templates: PromptFiles,
        store: PromptStore,
        *,
        contracts: Collection[str],
        gate: EvaluationGate | None = None,
    ) -> None:
        """`gate`: none means that nobody asks for an evaluation."""
        supported = frozenset(contracts)
        self._store = store
        self._gate = gate or EvaluationGate(GatePolicy.OFF, _NoEvaluations())
        self._release = PromptRelease(templates.all(), supported)
        self._catalogue = PromptCatalogue(self._release, store, supported)
        self._resolution = PromptResolution(self._catalogue, store)
        self._changes = PromptChanges(self._catalogue, store, self._gate)

    async def import_templates(self) -> PromptImport:
        """Bring the release's prompt files into the store; several processes may do so at once.

        Raises InvalidTemplate when a file differs from what was released under its number.
        """
        return await self._release.import_into(self._store)

    # --- which version to work with ----------------------------------------------------------------------

    async def resolve(self, agent: str, *, channel: str = "", document_sha256: str = "") -> Prompt:
        """The version for one analysis: the channel's pin, else the canary if the document falls in its share, else live.

        Read anew each time, one query. Never fails for want of a database: see `Prompt.source`, `Prompt.arm`.
        """
        return await self._resolution.resolve(self._catalogue.agent(agent), channel, document_sha256)

    async def live(self, agent: str) -> Prompt:
        """The version that is live for everybody."""
        return await self._resolution.resolve(self._catalogue.agent(agent), "", "")

    async def version(self, agent: str, version: int | str) -> Prompt:
        """One version, live or not; where the store cannot tell, the release's own. Raises UnsupportedContract."""
        return await self._catalogue.found(self._catalogue.agent(agent), version)

    # --- what people see ---------------------------------------------------------------------------------

    async def list(self, agent: str | None = None) -> tuple[ListedAgent, ...]:
        """The versions of one agent, or of all."""
        agents = self._catalogue.agents if agent is None else (self._catalogue.agent(agent),)
        pins = await self.pins(agent)
        return tuple([await self._list(name, pins) for name in agents])

    async def show(self, agent: str, version: int | str | None = None) -> ShownVersion:
        """One version in full; without a number the live one."""
        agent = self._catalogue.agent(agent)
        moves = await self._store.activations(agent, scopes=ONLY_GLOBAL)
        if version is None and not moves:
            raise UnknownPromptVersion(NONE_LIVE.format(agent=agent))
        record = await self._catalogue.record(agent, moves[0].to_version if version is None else version)
        prompt = record.prompt
        opinion = await self._gate.opinion(prompt)
        canary = (await self._store.pointers(agent)).running_canary
        live = moves[0].to_version if moves else None
        return ShownVersion(
            listed=list_version(
                record, live=live, contracts=self._catalogue.contracts, evaluation=opinion.verdict
            ),
            prompt=prompt,
            activations=tuple(move for move in moves if move.to_version == prompt.version),
            canary=canary.activation if canary and canary.activation.to_version == prompt.version else None,
            pins=tuple(pin for pin in await self._store.pins(agent) if pin.to_version == prompt.version),
            opinion=opinion,
        )

    async def diff(self, agent: str, one: int | str, other: int | str) -> PromptDiff:
        """What changed from one version to the other."""
        agent = self._catalogue.agent(agent)
        first = await self._catalogue.record(agent, one)
        second = await self._catalogue.record(agent, other)
        return diff_prompts(first.prompt, second.prompt)

    async def pins(self, agent: str | None = None) -> tuple[Activation, ...]:
        """The channels that have a version of their own, of one agent or of all."""
        return await self._store.pins(None if agent is None else self._catalogue.agent(agent))

    async def history(
        self, agent: str | None = None, *, limit: int = 20, before: int | None = None
    ) -> History:
        """Who decided what, when, from where to where, why and with which evidence; newest first, a page at a time."""
        name = None if agent is None else self._catalogue.agent(agent)
        found = await self._store.activations(name, limit=limit + 1, before=before)
        page = found[:limit]
        return History(page, page[-1].id if len(found) > limit and page else None)

    # --- what people change ------------------------------------------------------------------------------

    async def set(
        self,
        agent: str,
        version: int | str,
        *,
        actor: str,
        reason: str,
        request_id: str,
        after: int | None = None,
        override: bool = False,
    ) -> Activation:
        """Make a version live for the next analysis.

        `after`: id of the activation that the asker saw as the last, if it must still be that.
        Raises UnsupportedContract, PromptAlreadyLive, GateRefused, and PromptError when there is no reason.
        """
        why = Why(actor, reason, request_id)
        return await self._changes.set(
            self._catalogue.agent(agent), version, why, after=after, override=override
        )

    async def rollback(
        self,
        agent: str,
        *,
        actor: str,
        reason: str,
        request_id: str,
        version: int | str | None = None,
        after: int | None = None,
    ) -> Activation:
        """Go back to the version that was live before, or to an older one; a canary that runs is ended with it.

        No gate; the reason may be empty. Rolling back twice goes further back. Pins stay: see `pins`. `after` as in `set`.
        Raises NothingToRollBack, UnsupportedContract, PromptAlreadyLive.
        """
        why = Why(actor, reason, request_id)
        return await self._changes.rollback(self._catalogue.agent(agent), version, why, after=after)

    async def rollback_target(self, agent: str, version: int | str | None = None) -> Prompt:
        """The version that `rollback` would make live. Raises what it would raise."""
        return await self._changes.rollback_target(self._catalogue.agent(agent), version)

    async def canary(
        self,
        agent: str,
        version: int | str,
        percent: int | str,
        *,
        actor: str,
        reason: str,
        request_id: str,
        override: bool = False,
    ) -> Activation:
        """Try a version on a share of the documents, 1 to 99; it replaces one that is being tried.

        No gate, and so nothing to override: a canary is how evidence is gathered.
        Raises UnsupportedContract, PromptAlreadyLive.
        """
        why = Why(actor, reason, request_id)
        share = percent_of(percent)
        return await self._changes.canary(self._catalogue.agent(agent), version, share, why)

    async def promote(
        self, agent: str, *, actor: str, reason: str, request_id: str, override: bool = False
    ) -> Activation:
        """What is being tried is live from now on. Raises NoCanary, GateRefused, UnsupportedContract."""
        why = Why(actor, reason, request_id)
        return await self._changes.promote(self._catalogue.agent(agent), why, override=override)

    async def abort(
        self, agent: str, *, actor: str, reason: str, request_id: str, after: int | None = None
    ) -> Activation:
        """The live version holds for every document again. `after`: the canary that is meant. Raises NoCanary."""
        why = Why(actor, reason, request_id)
        return await self._changes.abort(self._catalogue.agent(agent), why, after=after)

    async def pin(
        self, agent: str, version: int | str, channel: str, *, actor: str, reason: str, request_id: str
    ) -> Activation:
        """Give a channel (its id) a version of its own, whatever is live. Raises UnsupportedContract, PromptAlreadyLive."""
        why = Why(actor, reason, request_id)
        return await self._changes.pin(self._catalogue.agent(agent), version, channel_of(channel), why)

    async def unpin(
        self,
        agent: str,
        channel: str,
        *,
        actor: str,
        reason: str,
        request_id: str,
        after: int | None = None,
    ) -> Activation:
        """The live version holds in that channel again. `after`: the pin that is meant. Raises NotPinned."""
        why = Why(actor, reason, request_id)
        return await self._changes.unpin(self._catalogue.agent(agent), channel_of(channel), why, after=after)

    # -----------------------------------------------------------------------------------------------------

    async def _list(self, agent: str, pins: Collection[Activation]) -> ListedAgent:
        records = await self._store.versions(agent)
        pointers = await self._store.pointers(agent)
        live = pointers.live.activation.to_version if pointers.live else None
        versions: list[ListedVersion] = []
        for record in records:
            verdict = (await self._gate.opinion(record.prompt)).verdict
            versions.append(
                list_version(record, live=live, contracts=self._catalogue.contracts, evaluation=verdict)
            )
        newest = self._release.newest(agent, records)
        return list_agent(agent, versions, pointers, pins, newest=newest)


class _NoEvaluations:
    async def latest_verdict(self, agent: str, sha256: str) -> EvaluationRun | None:
        return None
