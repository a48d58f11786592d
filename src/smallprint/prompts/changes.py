"""Every change of what is live, tried or pinned: rows appended to the log, all of one change or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from smallprint.errors import (
    NoCanary,
    NothingToRollBack,
    NotPinned,
    PromptAlreadyLive,
    PromptError,
    PromptMoved,
)
from smallprint.models.domain import Activation, ActivationAction, Gate, Pointer, Prompt, Scope
from smallprint.prompts.catalogue import PromptCatalogue
from smallprint.prompts.gate import EvaluationGate
from smallprint.prompts.listing import done_by, live_before
from smallprint.prompts.store import ONLY_GLOBAL, PromptStore

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
ALREADY_TRIED = "{agent} {label} is being tried on {percent} % of the documents already ({how})."
NO_CANARY = (
    "No version of {agent} is being tried at the moment. To try one: canary {agent} <version> <percent>."
)
ALREADY_PINNED = "{agent} is pinned to {label} in {channel} already ({how})."
NOT_PINNED = "{agent} is not pinned in {channel}: the live version holds there."
ENDED_BY_ROLLBACK = "ended by the rollback"
WENT_LIVE = "it was set live"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Why:
    """Who asks for a change, and what for."""

    actor: str
    reason: str
    request_id: str


class PromptChanges:
    """The verbs. Agents come by their own names; a request that was applied already gives its first answer."""

    def __init__(self, catalogue: PromptCatalogue, store: PromptStore, gate: EvaluationGate) -> None:
        self._catalogue = catalogue
        self._store = store
        self._gate = gate

    async def set(
        self, agent: str, version: int | str, why: Why, *, after: int | None, override: bool
    ) -> Activation:
        if applied := await self._store.requested(why.request_id):
            return applied
        prompt = (await self._catalogue.record(agent, version)).prompt
        if not why.reason.strip():
            raise PromptError(NO_REASON.format(agent=agent, version=prompt.version))
        now = await self._store.pointers(agent)
        self._require_other(prompt, now.live)
        _require_unmoved(now.live, after)
        gate = await self._gate.check(prompt, override=override, reason=why.reason)
        rows = [_row(ActivationAction.SET, prompt.agent, prompt.version, now.live, why, gate=gate)]
        if (canary := now.running_canary) and canary.activation.to_version == prompt.version:
            rows.append(_end_of(canary, ActivationAction.PROMOTE, replace(why, reason=WENT_LIVE)))
        return await self._append(rows)

    async def rollback(
        self, agent: str, version: int | str | None, why: Why, *, after: int | None
    ) -> Activation:
        if applied := await self._store.requested(why.request_id):
            return applied
        now = await self._store.pointers(agent)
        target = await self.rollback_target(agent, version)
        self._require_other(target, now.live)
        _require_unmoved(now.live, after)
        rows = [_row(ActivationAction.ROLLBACK, agent, target.version, now.live, why)]
        if canary := now.running_canary:
            rows.append(_end_of(canary, ActivationAction.ABORT, replace(why, reason=ENDED_BY_ROLLBACK)))
        return await self._append(rows)

    async def rollback_target(self, agent: str, version: int | str | None) -> Prompt:
        """Where a rollback would go. Raises NothingToRollBack."""
        moves = await self._store.activations(agent, scopes=ONLY_GLOBAL)
        if not moves:
            raise NothingToRollBack(NONE_LIVE.format(agent=agent))
        if version is None:
            return await self._before(agent, moves)
        return await self._once_live(agent, moves, version)

    async def canary(self, agent: str, version: int | str, percent: int, why: Why) -> Activation:
        if applied := await self._store.requested(why.request_id):
            return applied
        prompt = (await self._catalogue.record(agent, version)).prompt
        now = await self._store.pointers(agent)
        self._require_other(prompt, now.live)
        if running := now.running_canary:
            _require_not_tried(prompt, percent, running.activation)
        row = _row(
            ActivationAction.CANARY, agent, prompt.version, now.canary, why, Scope.CANARY, percent=percent
        )
        return await self._append([row])

    async def promote(self, agent: str, why: Why, *, override: bool) -> Activation:
        if applied := await self._store.requested(why.request_id):
            return applied
        now = await self._store.pointers(agent)
        canary = now.running_canary
        if canary is None:
            raise NoCanary(NO_CANARY.format(agent=agent))
        prompt = canary.record.prompt
        self._require_other(prompt, now.live)
        gate = await self._gate.check(prompt, override=override, reason=why.reason)
        row = _row(ActivationAction.PROMOTE, agent, prompt.version, now.live, why, gate=gate)
        return await self._append([row, _end_of(canary, ActivationAction.PROMOTE, why)])

    async def abort(self, agent: str, why: Why) -> Activation:
        if applied := await self._store.requested(why.request_id):
            return applied
        canary = (await self._store.pointers(agent)).running_canary
        if canary is None:
            raise NoCanary(NO_CANARY.format(agent=agent))
        version = canary.activation.to_version
        return await self._append([_row(ActivationAction.ABORT, agent, version, canary, why, Scope.CANARY)])

    async def pin(self, agent: str, version: int | str, channel: str, why: Why) -> Activation:
        if applied := await self._store.requested(why.request_id):
            return applied
        prompt = await self._catalogue.usable(agent, version)
        now = await self._store.pointers(agent, channel)
        if (pinned := now.standing_pin) and pinned.activation.to_version == prompt.version:
            how = done_by(pinned.activation)
            raise PromptAlreadyLive(
                ALREADY_PINNED.format(agent=agent, label=prompt.label, channel=channel, how=how)
            )
        row = _row(ActivationAction.PIN, agent, prompt.version, now.pin, why, Scope.CHANNEL, channel=channel)
        return await self._append([row])

    async def unpin(self, agent: str, channel: str, why: Why) -> Activation:
        if applied := await self._store.requested(why.request_id):
            return applied
        pinned = (await self._store.pointers(agent, channel)).standing_pin
        if pinned is None:
            raise NotPinned(NOT_PINNED.format(agent=agent, channel=channel))
        version = pinned.activation.to_version
        row = _row(ActivationAction.UNPIN, agent, version, pinned, why, Scope.CHANNEL, channel=channel)
        return await self._append([row])

    async def _append(self, rows: Sequence[Activation]) -> Activation:
        applied = await self._store.append(rows)
        if applied is None:
            agent, scopes = rows[0].agent, {row.scope for row in rows}
            raise _moved((await self._store.activations(agent, limit=1, scopes=scopes))[0])
        first = applied[0]
        log.info(
            "prompt pointer moved",
            agent=first.agent,
            version=first.to_version,
            action=first.action.value,
            actor=first.actor,
            gate=first.gate.value,
        )
        return first

    def _require_other(self, prompt: Prompt, live: Pointer | None) -> None:
        """Raises UnsupportedContract, PromptAlreadyLive."""
        self._catalogue.require_usable(prompt)
        if live and live.activation.to_version == prompt.version:
            how = done_by(live.activation)
            raise PromptAlreadyLive(ALREADY_LIVE.format(agent=prompt.agent, label=prompt.label, how=how))

    async def _before(self, agent: str, moves: Sequence[Activation]) -> Prompt:
        """The version that was live before; one that this release cannot use is passed over if there is another."""
        earlier = [
            (await self._catalogue.record(agent, number)).prompt for number in live_before(moves[::-1])
        ]
        if not earlier:
            raise NothingToRollBack(NOTHING_BEFORE.format(agent=agent, version=moves[0].to_version))
        return next(filter(self._catalogue.is_usable, earlier), earlier[0])

    async def _once_live(self, agent: str, moves: Sequence[Activation], version: int | str) -> Prompt:
        prompt = (await self._catalogue.record(agent, version)).prompt
        if prompt.version not in {move.to_version for move in moves}:
            raise NothingToRollBack(NEVER_LIVE.format(agent=agent, version=prompt.version))
        return prompt


def _row(
    action: ActivationAction,
    agent: str,
    version: int,
    last: Pointer | None,
    why: Why,
    scope: Scope = Scope.GLOBAL,
    *,
    channel: str = "",
    percent: int = 0,
    gate: Gate = Gate.NONE,
) -> Activation:
    """`last`: the last row of the same log, which this one replaces."""
    return Activation(
        agent=agent,
        from_version=last.activation.to_version if last else None,
        to_version=version,
        action=action,
        actor=why.actor,
        reason=why.reason.strip(),
        at=datetime.now(UTC),
        request_id=why.request_id,
        after=last.activation.id if last else 0,
        scope=scope,
        scope_id=channel,
        percent=percent,
        gate=gate,
    )


def _end_of(canary: Pointer, action: ActivationAction, why: Why) -> Activation:
    """The row that ends a canary beside another row of the same request: request ids are unique."""
    why = replace(why, request_id=f"{why.request_id}/canary")
    ended = canary.activation
    return _row(action, ended.agent, ended.to_version, canary, why, Scope.CANARY)


def _require_unmoved(live: Pointer | None, after: int | None) -> None:
    """`after`: the last row that the asker saw."""
    if after is not None and live and live.activation.id != after:
        raise _moved(live.activation)


def _require_not_tried(prompt: Prompt, percent: int, running: Activation) -> None:
    if (running.to_version, running.percent) == (prompt.version, percent):
        told = ALREADY_TRIED.format(
            agent=prompt.agent, label=prompt.label, percent=percent, how=done_by(running)
        )
        raise PromptAlreadyLive(told)


def _moved(first: Activation) -> PromptMoved:
    return PromptMoved(MOVED.format(agent=first.agent, version=first.to_version, how=done_by(first)))
