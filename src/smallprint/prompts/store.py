"""Where prompt versions and the log of activations are kept, as `PromptVersions` needs it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from smallprint.models.domain import Activation, Choices, Pointers, PromptRecord, Scope

ONLY_GLOBAL = frozenset({Scope.GLOBAL})
"""The log of what is live for everybody."""


class PromptStore(Protocol):
    """Append-only. `services/database/prompts.py` implements it; so does a fake, under the same tests."""

    async def add(self, records: Sequence[PromptRecord]) -> None:
        """Keep new versions; one whose number or content is there already changes nothing."""
        ...

    async def versions(self, agent: str | None = None) -> tuple[PromptRecord, ...]:
        """Of one agent or of all, in the order of agents and numbers."""
        ...

    async def version(self, agent: str, version: int) -> PromptRecord | None: ...

    async def choices(self, agent: str, channel: str = "") -> Choices:
        """What may hold for an analysis; asked for each agent of each, so it costs next to nothing.

        A version that this release can't read counts as none.
        """
        ...

    async def pointers(self, agent: str, channel: str = "") -> Pointers:
        """The last rows of the agent's logs, whole, as they stand at one moment."""
        ...

    async def activations(
        self,
        agent: str | None = None,
        *,
        limit: int | None = None,
        before: int | None = None,
        scopes: Collection[Scope] = frozenset(Scope),
    ) -> tuple[Activation, ...]:
        """The log of one agent or of all, newest first; `before`: only rows with a smaller id."""
        ...

    async def pins(self, agent: str | None = None) -> tuple[Activation, ...]:
        """The pins that stand, in the order of agents and channels."""
        ...

    async def requested(self, request_id: str) -> Activation | None:
        """The activation that a request led to, if it was applied already."""
        ...

    async def append(self, activations: Sequence[Activation]) -> tuple[Activation, ...] | None:
        """All rows or none. Known requests return their first rows; None: an `after` was replaced meanwhile."""
        ...
