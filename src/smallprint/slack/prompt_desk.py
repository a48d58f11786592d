"""Changes of prompts as people ask for them in Slack: made, then told to the admins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from smallprint.models.domain import Activation, ActivationAction
from smallprint.prompts.versions import PromptVersions
from smallprint.slack.announcements import Announcements
from smallprint.slack.carried import Carried

UNDONE = "undone in the admins' channel"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, not yet made."""

    verb: str
    agent: str
    version: str = ""
    channel: str = ""
    """An id."""
    percent: int | None = None
    reason: str = ""
    override: bool = False
    after: int | None = None
    """Id of the activation that the asker saw as the last, where it must still be that."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, and the name under which it is done once."""

    actor: str
    id: str


class PromptDesk:
    """Makes changes. Everything `PromptVersions` raises comes through."""

    def __init__(self, prompts: PromptVersions, announcements: Announcements) -> None:
        self._prompts = prompts
        self._announcements = announcements
        self._verbs: dict[str, Callable[[Change, Request], Awaitable[Activation]]] = {
            "set": self._set,
            "rollback": self._rollback,
            "canary": self._canary,
            "promote": self._promote,
            "abort": self._abort,
            "pin": self._pin,
            "unpin": self._unpin,
        }

    async def make(self, change: Change, request: Request) -> Activation:
        """The change, once: asked again under the same request id it gives its first answer."""
        made = await self._verbs[change.verb](change, request)
        self._announcements.tell(made)
        return made

    async def undo(self, told: Carried, actor: str) -> Activation:
        """Take back the change that an announcement told, unless it was changed again since; once, whoever presses."""
        request = Request(actor, f"undo/{told.activation}")
        change = Change("rollback", told.agent, reason=UNDONE, after=told.activation)
        match told.verb:
            case ActivationAction.CANARY:
                return await self._abort(change, request)
            case ActivationAction.PIN:
                return await self._unpin(replace(change, channel=told.channel), request)
        return await self._rollback(replace(change, version=f"v{told.version}"), request)

    async def _set(self, change: Change, request: Request) -> Activation:
        return await self._prompts.set(
            change.agent,
            change.version,
            actor=request.actor,
            reason=change.reason,
            request_id=request.id,
            after=change.after,
            override=change.override,
        )

    async def _rollback(self, change: Change, request: Request) -> Activation:
        return await self._prompts.rollback(
            change.agent,
            version=change.version or None,
            actor=request.actor,
            reason=change.reason,
            request_id=request.id,
            after=change.after,
        )

    async def _canary(self, change: Change, request: Request) -> Activation:
        return await self._prompts.canary(
            change.agent,
            change.version,
            change.percent or 0,
            actor=request.actor,
            reason=change.reason,
            request_id=request.id,
        )

    async def _promote(self, change: Change, request: Request) -> Activation:
        return await self._prompts.promote(
            change.agent,
            actor=request.actor,
            reason=change.reason,
            request_id=request.id,
            override=change.override,
        )

    async def _abort(self, change: Change, request: Request) -> Activation:
        return await self._prompts.abort(
            change.agent,
            actor=request.actor,
            reason=change.reason,
            request_id=request.id,
            after=change.after,
        )

    async def _pin(self, change: Change, request: Request) -> Activation:
        return await self._prompts.pin(
            change.agent,
            change.version,
            change.channel,
            actor=request.actor,
            reason=change.reason,
            request_id=request.id,
        )

    async def _unpin(self, change: Change, request: Request) -> Activation:
        return await self._prompts.unpin(
            change.agent,
            change.channel,
            actor=request.actor,
            reason=change.reason,
            request_id=request.id,
            after=change.after,
        )
