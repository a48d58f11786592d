"""The verbs of `/prompt-version` that only look: list, show, diff, history, stats, help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from smallprint.errors import PromptError
from smallprint.models.domain import Agent
from smallprint.models.statistics import DEFAULT_PERIOD, Period, VersionStatistics
from smallprint.prompts.names import number_of
from smallprint.prompts.versions import PromptVersions
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.prompt_answers import prompt_help
from smallprint.slack.blocks.prompt_diff import prompt_diff
from smallprint.slack.blocks.prompt_history import PAGE, prompt_history
from smallprint.slack.blocks.prompt_list import prompt_list
from smallprint.slack.blocks.prompt_statistics import prompt_statistics
from smallprint.slack.blocks.prompt_text import prompt_shown, prompt_text
from smallprint.slack.prompt_command import HELP, PromptCommand

NEEDS_AGENT = "Which agent? For example `/prompt-version {example}`."
NEEDS_VERSIONS = "Which versions? For example `/prompt-version diff {agent} v1 v2`; with one, I compare it with the live one."
EXAMPLES = {"diff": "diff document_analysis v1 v2", "stats": "stats document_analysis v1 v2 7d"}
NO_NUMBER = '"{version}" is not the number of a version.'


class Statistics(Protocol):
    """services/database/statistics.py"""

    async def compare(
        self, agent: str, versions: Sequence[int] = (), since: datetime | None = None
    ) -> tuple[VersionStatistics, ...]: ...


class PromptQuestions:
    """One method per verb; each gives at most five messages, as many as answer a command."""

    def __init__(self, prompts: PromptVersions, statistics: Statistics) -> None:
        self._prompts = prompts
        self._statistics = statistics
        self._verbs: dict[str, Callable[[PromptCommand], Awaitable[list[Message]]]] = {
            "list": self._list,
            "show": self._show,
            "diff": self._diff,
            "history": self._history,
            "stats": self._stats,
            HELP: self._help,
        }

    def answers(self, verb: str) -> bool:
        return verb in self._verbs

    async def answer(self, asked: PromptCommand) -> list[Message]:
        """Raises what `PromptVersions` raises."""
        return await self._verbs[asked.verb](asked)

    async def page(self, agent: str, before: int) -> Message:
        """A page of the history; 0 for the newest."""
        name = (await self._prompts.list(agent))[0].agent if agent else ""
        page = await self._prompts.history(name or None, limit=PAGE, before=before or None)
        return prompt_history(page, name, datetime.now(UTC), before=before)

    async def _list(self, asked: PromptCommand) -> list[Message]:
        return [prompt_list(await self._prompts.list(asked.agent or None), datetime.now(UTC))]

    async def _show(self, asked: PromptCommand) -> list[Message]:
        shown = await self._prompts.show(asked.agent or Agent.ANALYST.value, asked.version or None)
        message = prompt_shown(shown, datetime.now(UTC))
        return [message, *(prompt_text(shown) if message.overflow else ())]

    async def _diff(self, asked: PromptCommand) -> list[Message]:
        _require_agent(asked)
        if not asked.versions:
            raise PromptError(NEEDS_VERSIONS.format(agent=asked.agent))
        one, *others = asked.versions
        if others:
            return prompt_diff(await self._prompts.diff(asked.agent, one, others[0]))
        live = (await self._prompts.list(asked.agent))[0].live
        return prompt_diff(await self._prompts.diff(asked.agent, one if live is None else live, one))

    async def _history(self, asked: PromptCommand) -> list[Message]:
        return [await self.page(asked.agent, 0)]

    async def _stats(self, asked: PromptCommand) -> list[Message]:
        _require_agent(asked)
        period = Period.parse(asked.period) if asked.period else DEFAULT_PERIOD
        agent = (await self._prompts.list(asked.agent))[0].agent
        numbers = [await self._known(agent, version) for version in asked.versions]
        compared = await self._statistics.compare(agent, numbers, period.since(datetime.now(UTC)))
        return [prompt_statistics(agent, compared, period)]

    async def _known(self, agent: str, version: str) -> int:
        """Raises UnknownPromptVersion: a version that never was has no figures, not even noughts."""
        await self._prompts.show(agent, version)
        number = number_of(version)
        if number is None:
            raise PromptError(NO_NUMBER.format(version=version))
        return number

    async def _help(self, _: PromptCommand) -> list[Message]:
        return [prompt_help()]


def _require_agent(asked: PromptCommand) -> None:
    if not asked.agent:
        raise PromptError(NEEDS_AGENT.format(example=EXAMPLES[asked.verb]))
