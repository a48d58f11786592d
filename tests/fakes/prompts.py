"""Prompt versions without a database."""

from __future__ import annotations

from dataclasses import replace

from smallprint.errors import UnknownPromptVersion
from smallprint.models.domain import Agent, Prompt

CONTRACTS = {
    Agent.ANALYST: "analysis/1",
    Agent.REVIEWER: "review/1",
    Agent.TRIAGE: "triage/1",
    Agent.REPAIR: "repair/1",
    Agent.REDUCER: "reduction/1",
    Agent.ADJUDICATOR: "ruling/1",
    Agent.CHANGES: "changes/1",
    Agent.FOLLOW_UP: "answer/1",
}


def a_prompt(agent: Agent = Agent.ANALYST, version: int = 1, **changes: object) -> Prompt:
    """A short valid prompt version."""
    values: dict[str, object] = {
        "slug": "plain",
        "note": "For a test.",
        "body": f"Do the task of {agent.value} {version}.\n",
        "sha256": f"{agent.value}-{version}",
        "contract": CONTRACTS[agent],
    }
    return Prompt(agent=agent.value, version=version, **{**values, **changes})  # type: ignore[arg-type]


class PromptShelf:
    """Two versions of each agent; version 1 is live until `make_live` says otherwise."""

    def __init__(self) -> None:
        self._prompts = {
            (agent.value, version): a_prompt(agent, version) for agent in Agent for version in (1, 2)
        }
        self._live = {agent.value: 1 for agent in Agent}
        self._pins: dict[tuple[str, str], int] = {}
        self.resolved: list[str] = []

    def make_live(self, agent: str, version: int) -> None:
        self._live[agent] = version

    def change(self, agent: str, **changes: object) -> None:
        """Every version of the agent, changed."""
        for (name, version), prompt in self._prompts.items():
            if name == agent:
                self._prompts[name, version] = replace(prompt, **changes)  # type: ignore[arg-type]  # the test's word

    def pin(self, agent: str, version: int, channel: str) -> None:
        self._pins[agent, channel] = version

    def forget(self, agent: str, version: int) -> None:
        """As if the running release could not use it any more."""
        del self._prompts[agent, version]

    async def resolve(self, agent: str, *, channel: str = "", document_sha256: str = "") -> Prompt:
        self.resolved.append(agent)
        pinned = self._pins.get((agent, channel))
        if pinned is not None:
            return replace(await self.version(agent, pinned), arm="pin", activation=2)
        return replace(await self.version(agent, self._live[agent]), activation=1)

    async def version(self, agent: str, version: int) -> Prompt:
        try:
            return self._prompts[agent, version]
        except KeyError:
            raise UnknownPromptVersion from None
