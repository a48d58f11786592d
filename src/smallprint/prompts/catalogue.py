"""The prompt versions there are, and which of them the running code can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smallprint.errors import DatabaseError, UnknownPromptVersion, UnsupportedContract
from smallprint.models.domain import Prompt, PromptRecord
from smallprint.prompts.listing import why_unusable
from smallprint.prompts.names import agent_of, number_of
from smallprint.prompts.releases import PromptRelease
from smallprint.prompts.store import PromptStore

UNKNOWN_VERSION = "{agent} has no version {version}. It has {versions}."
UNSUPPORTED = "I can't use {agent} {label}: {why}."


class PromptCatalogue:
    """Finds agents and versions as people name them."""

    def __init__(self, release: PromptRelease, store: PromptStore, contracts: frozenset[str]) -> None:
        self.release = release
        self.contracts = contracts
        self._store = store

    @property
    def agents(self) -> Sequence[str]:
        return self.release.agents

    def agent(self, name: str) -> str:
        """Raises UnknownAgent."""
        return name if name in self.release.agents else agent_of(name, self.release.agents)

    async def record(self, agent: str, version: int | str) -> PromptRecord:
        """Raises UnknownPromptVersion."""
        number = number_of(version)
        record = await self._store.version(agent, number) if number else None
        if record is None:
            labels = [known.prompt.label for known in await self._store.versions(agent)]
            raise UnknownPromptVersion(
                UNKNOWN_VERSION.format(agent=agent, version=version, versions=", ".join(labels) or "none")
            )
        return record

    async def usable(self, agent: str, version: int | str) -> Prompt:
        """Raises UnknownPromptVersion, UnsupportedContract."""
        return self.require_usable((await self.record(agent, version)).prompt)

    async def found(self, agent: str, version: int | str) -> Prompt:
        """As `usable`; where the store cannot tell, the release's own."""
        try:
            return await self.usable(agent, version)
        except (DatabaseError, UnknownPromptVersion):
            packaged = self.release.get(agent, number_of(version) or 0)
            if packaged is None:
                raise
            return replace(self.require_usable(packaged), source="packaged")

    def is_usable(self, prompt: Prompt) -> bool:
        return prompt.contract in self.contracts

    def require_usable(self, prompt: Prompt) -> Prompt:
        """The prompt itself. Raises UnsupportedContract with the reason."""
        if why := why_unusable(prompt, self.contracts):
            raise UnsupportedContract(UNSUPPORTED.format(agent=prompt.agent, label=prompt.label, why=why))
        return prompt
