"""Which prompt version an analysis works with. Read from the log each time, without a cache; never without an answer."""

from __future__ import annotations

from dataclasses import replace

import structlog

from smallprint.errors import DatabaseError
from smallprint.models.domain import Prompt
from smallprint.prompts.arms import preferred
from smallprint.prompts.catalogue import PromptCatalogue
from smallprint.prompts.store import PromptStore

log = structlog.get_logger()


class PromptResolution:
    """Remembers, per agent, what was live when it last looked: for the moment when it can't look."""

    def __init__(self, catalogue: PromptCatalogue, store: PromptStore) -> None:
        self._catalogue = catalogue
        self._store = store
        self._last_known: dict[str, Prompt] = {}

    async def resolve(self, agent: str, channel: str, document_sha256: str) -> Prompt:
        """Pin, else canary, else live; what can't be used or read falls to the next, at last to the release's file."""
        try:
            choices = await self._store.choices(agent, channel)
        except DatabaseError as error:
            log.warning("prompt log not readable", agent=agent, error=error.code)
            return self._without_log(agent)
        if choices.live and self._catalogue.is_usable(choices.live):
            self._last_known[agent] = choices.live
        for prompt in preferred(choices, document_sha256):
            if self._catalogue.is_usable(prompt):
                return prompt
            log.warning("prompt not usable", agent=agent, version=prompt.version, arm=prompt.arm)
        return self._without_log(agent)

    def _without_log(self, agent: str) -> Prompt:
        """The last live one that this process knew, else the newest file of the release that it can use."""
        known = self._last_known.get(agent)
        return replace(known, source="remembered") if known else self._catalogue.release.packaged(agent)
