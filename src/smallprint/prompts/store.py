"""Where prompt versions and the log of activations are kept, as `PromptVersions` needs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from smallprint.models.domain import Activation, PromptRecord


class PromptStore(Protocol):
    """Append-only. `services/database/prompts.py` implements it; so does a fake, under the same tests."""

    async def add(self, records: Sequence[PromptRecord]) -> None:
        """Keep new versions; one whose number or content is there already changes nothing."""
        ...

    async def versions(self, agent: str | None = None) -> tuple[PromptRecord, ...]:
        """Of one agent or of all, in the order of agents and numbers."""
        ...

    async def version(self, agent: str, version: int) -> PromptRecord | None: ...

    async def live(self, agent: str) -> PromptRecord | None:
        """The version that the agent's last activation names; None before the first."""
        ...

    async def activations(self, agent: str, limit: int | None = None) -> tuple[Activation, ...]:
        """The agent's log, newest first."""
        ...

    async def requested(self, request_id: str) -> Activation | None:
        """The activation that a request led to, if it was applied already."""
        ...

    async def append(self, activation: Activation) -> Activation | None:
        """Move the pointer. A known request returns its first activation; None: `after` was replaced meanwhile."""
        ...
