"""What a release's prompt files bring to the store at a start."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from smallprint import __version__
from smallprint.errors import InvalidTemplate
from smallprint.models.domain import Activation, ActivationAction, Prompt, PromptRecord
from smallprint.prompts.listing import waiting_note, why_unusable
from smallprint.prompts.store import ONLY_GLOBAL, PromptStore

CHANGED_FILE = (
    "The prompt file of {agent} {label} differs from what was released under that number."
    " A released version is never changed: restore the file and make a new version."
)
RELEASE = f"smallprint {__version__}"
FIRST_IMPORT = "first version"
NEWER_IMPORT = "newer version in the release"
ATTEMPTS = 5
"""Processes that start together race for the pointer; in each round one of them wins."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PromptImport:
    """What a start brought."""

    added: tuple[Prompt, ...] = ()
    activated: tuple[Activation, ...] = ()
    waiting: tuple[str, ...] = ()
    """Sentences: "document_analysis: the release has v4; live is v3 (rolled back by U1: worse on leases)"."""


class PromptRelease:
    """The prompt files of the running release."""

    def __init__(self, prompts: Sequence[Prompt], contracts: Collection[str]) -> None:
        self._prompts = {(prompt.agent, prompt.version): prompt for prompt in prompts}
        self._contracts = frozenset(contracts)
        self.agents = tuple(dict.fromkeys(prompt.agent for prompt in prompts))

    def get(self, agent: str, version: int) -> Prompt | None:
        return self._prompts.get((agent, version))

    def newest(self, agent: str, kept: Collection[PromptRecord]) -> Prompt | None:
        """The newest of the release's own that it can use and that is kept under its number.

        A file whose content is kept already under another number is that other version: same content, same version.
        """
        numbers = {record.prompt.version for record in kept if record.prompt.agent == agent}
        own = [prompt for prompt in self._usable(agent) if prompt.version in numbers]
        return max(own, key=_version, default=None)

    def packaged(self, agent: str) -> Prompt:
        """The newest file that this release can use, for when there is no database."""
        return replace(max(self._usable(agent), key=_version), source="packaged")

    async def import_into(self, store: PromptStore) -> PromptImport:
        """Add what is new and let it go live, unless a person chose by hand. Raises InvalidTemplate."""
        added, kept = await self._add(store)
        newest = [prompt for agent in self.agents if (prompt := self.newest(agent, kept))]
        activated = [move for prompt in newest if (move := await _advance(store, prompt))]
        waiting = [note for prompt in newest if (note := await _waiting(store, prompt))]
        return PromptImport(added, tuple(activated), tuple(waiting))

    async def _add(self, store: PromptStore) -> tuple[tuple[Prompt, ...], tuple[PromptRecord, ...]]:
        kept = await store.versions()
        numbers = {(record.prompt.agent, record.prompt.version) for record in kept}
        contents = {(record.prompt.agent, record.prompt.sha256) for record in kept}
        new = tuple(
            prompt
            for number, prompt in self._prompts.items()
            if number not in numbers and (prompt.agent, prompt.sha256) not in contents
        )
        if new:
            now = datetime.now(UTC)
            await store.add([PromptRecord(prompt, RELEASE, now) for prompt in new])
            kept = await store.versions()
        self._refuse_changes(kept)
        return new, kept

    def _usable(self, agent: str) -> list[Prompt]:
        return [
            prompt
            for prompt in self._prompts.values()
            if prompt.agent == agent and not why_unusable(prompt, self._contracts)
        ]

    def _refuse_changes(self, kept: Collection[PromptRecord]) -> None:
        for record in kept:
            own = self.get(record.prompt.agent, record.prompt.version)
            if own and own.sha256 != record.prompt.sha256:
                raise InvalidTemplate(CHANGED_FILE.format(agent=own.agent, label=own.label))


async def _advance(store: PromptStore, newest: Prompt) -> Activation | None:
    for _ in range(ATTEMPTS):
        last = await _last_move(store, newest.agent)
        if not _goes_live_by_itself(newest, last):
            return None
        if moved := await store.append([_import(newest, last)]):
            log.info("prompt version is live", agent=newest.agent, version=newest.version, action="import")
            return moved[0]
    return None


async def _last_move(store: PromptStore, agent: str) -> Activation | None:
    return next(iter(await store.activations(agent, limit=1, scopes=ONLY_GLOBAL)), None)


async def _waiting(store: PromptStore, newest: Prompt) -> str:
    last = await _last_move(store, newest.agent)
    note = waiting_note(last, newest)
    if note:
        log.warning("newer prompt version waits", agent=newest.agent, note=note)
    return note and f"{newest.agent}: {note}"


def _goes_live_by_itself(newest: Prompt, last: Activation | None) -> bool:
    """Only forward, and only where nobody has chosen by hand: a deploy undoes neither a rollback nor a promotion."""
    if last is None:
        return True
    return last.action is ActivationAction.IMPORT and newest.version > last.to_version


def _import(newest: Prompt, last: Activation | None) -> Activation:
    after = last.id if last else 0
    return Activation(
        agent=newest.agent,
        from_version=last.to_version if last else None,
        to_version=newest.version,
        action=ActivationAction.IMPORT,
        actor=RELEASE,
        reason=NEWER_IMPORT if last else FIRST_IMPORT,
        at=datetime.now(UTC),
        request_id=f"import/{newest.agent}/{newest.version}/{after}",
        after=after,
    )


def _version(prompt: Prompt) -> int:
    return prompt.version
