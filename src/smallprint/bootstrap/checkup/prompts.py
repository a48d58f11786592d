"""The prompts of the release, and those that are live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from smallprint.agents.answers import SUPPORTED_CONTRACTS
from smallprint.bootstrap.checkup.checked import Checked, absent, fault, note, ok
from smallprint.bootstrap.lock import contract_hashes
from smallprint.config import Settings
from smallprint.errors import ConfigurationError, DatabaseError, InvalidTemplate
from smallprint.prompts import lock
from smallprint.prompts.listing import ListedAgent
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore

RELEASED, LIVE = "prompt files", "live prompts"

AS_RELEASED = "prompts, checklists and answer forms are as they were released ({count})"
REINSTALL = (
    "Install the release again. To change a prompt, add a new version (docs/how-to/roll-back-a-prompt.md)."
)
NOT_YET = "they come with the first start"
NOT_BEFORE_MIGRATIONS = "not looked at before the database is up to date"
NONE_LIVE = "{agent} has none"
NONE_LIVE_REMEDY = "Start Smallprint once: it imports its prompts."
UNUSABLE = "{agent} v{version} can't be used: {why}. Analyses use the release's own version instead."
UNUSABLE_REMEDY = "smallprint prompts set {agent} <version> <reason>, with a version that smallprint prompts list shows as usable."
WAITING_REMEDY = "To use it: smallprint prompts set {agent} <version> <reason>."


async def check_prompts(settings: Settings) -> AsyncIterator[Checked]:
    """The release against versions.lock, then the live versions against what this release can read."""
    yield _files()
    try:
        pending = await Database.pending(settings.database_url)
        if pending:
            yield absent(LIVE, NOT_BEFORE_MIGRATIONS)
            return
        if pending is None:
            yield absent(LIVE, NOT_YET)
            return
        listed = await _listed(settings.database_url)
    except (ConfigurationError, DatabaseError):
        return  # said of the database already
    except InvalidTemplate:
        return  # said of the files already
    for checked in _live(listed):
        yield checked


def _files(lock_file: Path = lock.LOCK) -> Checked:
    try:
        now = lock.released(contracts=contract_hashes())
    except InvalidTemplate as error:
        return fault(RELEASED, error.user_message, REINSTALL)
    locked = lock.read_lock(lock_file)
    faults = lock.faults(now, locked) + lock.unlocked(now, locked)
    if faults:
        return fault(RELEASED, " ".join(faults), REINSTALL)
    return ok(RELEASED, AS_RELEASED.format(count=len(now)))


async def _listed(url: str) -> tuple[ListedAgent, ...]:
    database = await Database.open(url)
    try:
        versions = PromptVersions(PromptTemplates(), PromptStore(database), contracts=SUPPORTED_CONTRACTS)
        return await versions.list()
    finally:
        await database.close()


def _live(listed: tuple[ListedAgent, ...]) -> list[Checked]:
    found = [checked for agent in listed for checked in _of_agent(agent)]
    names = ", ".join(f"{agent.agent} v{agent.live}" for agent in listed if agent.live is not None)
    return found or [ok(LIVE, names)]


def _of_agent(listed: ListedAgent) -> list[Checked]:
    agent = listed.agent
    if listed.live is None:
        return [fault(LIVE, NONE_LIVE.format(agent=agent), NONE_LIVE_REMEDY)]
    live = next((version for version in listed.versions if version.live), None)
    if live is not None and not live.usable:
        says = UNUSABLE.format(agent=agent, version=live.version, why=live.why_not)
        return [fault(LIVE, says, UNUSABLE_REMEDY.format(agent=agent))]
    if listed.waiting:
        return [note(LIVE, f"{agent}: {listed.waiting}", WAITING_REMEDY.format(agent=agent))]
    return []
