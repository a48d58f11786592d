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
    "{agent} was changed since then: v{version} is live ({how}), so I left it there."
    " If you still want your change, please look at it again and ask once more."
)
MOVED_ASIDE = (
    "{agent} was changed since then: v{version} {how}, so I left it there."
    " If you still want your change, please look at it again and ask once more."
)
ENDED_SINCE = "That canary of {agent} has ended already: v{version} {how}."
UNPINNED_SINCE = "That pin of {agent} was changed already: v{version} {how}."
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
    """The verbs. Agents come by their own names; a request that was applied already gives its first answer.

    Each reads what holds and then whether it was applied, never the other way round: else its own change, made in
    between by its twin, would look like somebody else's. That nothing else came in between is the log's to say, in the
    transaction that appends (`after` is unique there).
    """

    def __init__(self, catalogue: PromptCatalogue, store: PromptStore, gate: EvaluationGate) -> None:
        self._catalogue = catalogue
        self._store = store
        self._gate = gate

    async def set(
        self, agent: str, version: int | str, why: Why, *, after: int | None, override: bool
    ) -> Activation:
        prompt = (await self._catalogue.record(agent, version)).prompt
        if not why.reason.strip():
            raise PromptError(NO_REASON.format(agent=agent, version=prompt.version))
        now = await self._store.pointers(agent)
        if applied := await self._store.requested(why.request_id):
            return applied
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
        now = await self._store.pointers(agent)
        moves = await self._store.activations(agent, scopes=ONLY_GLOBAL)
        if applied := await self._store.requested(why.request_id):
            return applied
        target = await self._target(agent, version, moves)
        self._require_other(target, now.live)
        _require_unmoved(now.live, after)
        rows = [_row(ActivationAction.ROLLBACK, agent, target.version, now.live, why)]
        if canary := now.running_canary:
            rows.append(_end_of(canary, ActivationAction.ABORT, replace(why, reason=ENDED_BY_ROLLBACK)))
        return await self._append(rows)

    async def rollback_target(self, agent: str, version: int | str | None) -> Prompt:
        """Where a rollback would go. Raises what it would raise."""
        live = (await self._store.pointers(agent)).live
        moves = await self._store.activations(agent, scopes=ONLY_GLOBAL)
        target = await self._target(agent, version, moves)
        self._require_other(target, live)
        return target

    async def canary(self, agent: str, version: int | str, percent: int, why: Why) -> Activation:
        prompt = (await self._catalogue.record(agent, version)).prompt
        now = await self._store.pointers(agent)
        if applied := await self._store.requested(why.request_id):
            return applied
        self._require_other(prompt, now.live)
        if running := now.running_canary:
            _require_not_tried(prompt, percent, running.activation)
        row = _row(
            ActivationAction.CANARY, agent, prompt.version, now.canary, why, Scope.CANARY, percent=percent
        )
        return await self._append([row])

    async def promote(self, agent: str, why: Why, *, override: bool) -> Activation:
        now = await self._store.pointers(agent)
        if applied := await self._store.requested(why.request_id):
            return applied
        canary = now.running_canary
        if canary is None:
            raise NoCanary(NO_CANARY.format(agent=agent))
        prompt = canary.record.prompt
        self._require_other(prompt, now.live)
        gate = await self._gate.check(prompt, override=override, reason=why.reason)
        row = _row(ActivationAction.PROMOTE, agent, prompt.version, now.live, why, gate=gate)
        return await self._append([row, _end_of(canary, ActivationAction.PROMOTE, why)])

    async def abort(self, agent: str, why: Why, *, after: int | None) -> Activation:
        now = await self._store.pointers(agent)
        if applied := await self._store.requested(why.request_id):
            return applied
        if now.canary and _is_another(now.canary, after):
            raise NoCanary(_told(ENDED_SINCE, now.canary.activation))
        canary = now.running_canary
        if canary is None:
            raise NoCanary(NO_CANARY.format(agent=agent))
        version = canary.activation.to_version
        return await self._append([_row(ActivationAction.ABORT, agent, version, canary, why, Scope.CANARY)])

    async def pin(self, agent: str, version: int | str, channel: str, why: Why) -> Activation:
        prompt = await self._catalogue.usable(agent, version)
        now = await self._store.pointers(agent, channel)
        if applied := await self._store.requested(why.request_id):
            return applied
        if (pinned := now.standing_pin) and pinned.activation.to_version == prompt.version:
            how = done_by(pinned.activation)
            raise PromptAlreadyLive(
                ALREADY_PINNED.format(agent=agent, label=prompt.label, channel=channel, how=how)
            )
        row = _row(ActivationAction.PIN, agent, prompt.version, now.pin, why, Scope.CHANNEL, channel=channel)
        return await self._append([row])

    async def unpin(self, agent: str, channel: str, why: Why, *, after: int | None) -> Activation:
        now = await self._store.pointers(agent, channel)
        if applied := await self._store.requested(why.request_id):
            return applied
        if now.pin and _is_another(now.pin, after):
            raise NotPinned(_told(UNPINNED_SINCE, now.pin.activation))
        pinned = now.standing_pin
        if pinned is None:
            raise NotPinned(NOT_PINNED.format(agent=agent, channel=channel))
        version = pinned.activation.to_version
        row = _row(ActivationAction.UNPIN, agent, version, pinned, why, Scope.CHANNEL, channel=channel)
        return await self._append([row])

    async def _append(self, rows: Sequence[Activation]) -> Activation:
        applied = await self._store.append(rows)
        if applied is None:
            raise _moved(await self._replacing(rows))
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

    async def _replacing(self, rows: Sequence[Activation]) -> Activation:
        """What somebody else appended to one of the same logs meanwhile."""
        now = await self._store.pointers(rows[0].agent, rows[0].scope_id)
        scopes = {row.scope for row in rows}
        last = [pointer.activation for pointer in (now.live, now.canary, now.pin) if pointer]
        return max((row for row in last if row.scope in scopes), key=lambda row: row.id)

    def _require_other(self, prompt: Prompt, live: Pointer | None) -> None:
        """Raises UnsupportedContract, PromptAlreadyLive."""
        self._catalogue.require_usable(prompt)
        if live and live.activation.to_version == prompt.version:
            how = done_by(live.activation)
            raise PromptAlreadyLive(ALREADY_LIVE.format(agent=prompt.agent, label=prompt.label, how=how))

    async def _target(self, agent: str, version: int | str | None, moves: Sequence[Activation]) -> Prompt:
        """`moves`: the global log, newest first. Raises NothingToRollBack."""
        if not moves:
            raise NothingToRollBack(NONE_LIVE.format(agent=agent))
        if version is None:
            return await self._before(agent, moves)
        return await self._once_live(agent, moves, version)

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
    if live and _is_another(live, after):
        raise _moved(live.activation)


def _is_another(last: Pointer, after: int | None) -> bool:
    """`after`: the last row that the asker saw."""
    return after is not None and last.activation.id != after


def _require_not_tried(prompt: Prompt, percent: int, running: Activation) -> None:
    if (running.to_version, running.percent) == (prompt.version, percent):
        told = ALREADY_TRIED.format(
            agent=prompt.agent, label=prompt.label, percent=percent, how=done_by(running)
        )
        raise PromptAlreadyLive(told)


def _moved(first: Activation) -> PromptMoved:
    return PromptMoved(_told(MOVED if first.scope is Scope.GLOBAL else MOVED_ASIDE, first))


def _told(sentence: str, last: Activation) -> str:
    return sentence.format(agent=last.agent, version=last.to_version, how=done_by(last))
