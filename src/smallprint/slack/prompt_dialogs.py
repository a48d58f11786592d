"""What somebody is asked before a change and told after it, with what holds at that moment."""

from __future__ import annotations

from dataclasses import replace

from smallprint.errors import DatabaseError, NothingToRollBack, PromptAlreadyLive
from smallprint.models.domain import Activation, ActivationAction
from smallprint.prompts.changes import ALREADY_LIVE, NONE_LIVE
from smallprint.prompts.diff import PromptDiff
from smallprint.prompts.listing import done_by, pins_that_differ
from smallprint.prompts.versions import PromptVersions
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.prompt_answers import prompt_changed
from smallprint.slack.blocks.prompt_modal import PromptChoice
from smallprint.slack.carried import Carried

MOVES = frozenset({ActivationAction.SET, ActivationAction.ROLLBACK, ActivationAction.PROMOTE})


class PromptDialogs:
    """Reads only."""

    def __init__(self, prompts: PromptVersions) -> None:
        self._prompts = prompts

    async def choice(self, agent: str, version: str, channel: str = "") -> PromptChoice:
        """For the modal that asks why. Raises PromptAlreadyLive and what `PromptVersions.version` raises."""
        await self._prompts.version(agent, version)
        shown = await self._prompts.show(agent, version)
        target = shown.prompt
        listed = (await self._prompts.list(target.agent))[0]
        pin = next((pin for pin in listed.pins if pin.scope_id == channel), None) if channel else None
        held = pin or listed.last
        if held is not None and held.to_version == target.version and (pin or not channel):
            raise PromptAlreadyLive(
                ALREADY_LIVE.format(agent=target.agent, label=target.label, how=done_by(held))
            )
        before = held.to_version if held else target.version
        differing = () if channel else pins_that_differ(listed.pins, target.version)
        return PromptChoice(
            Carried("pin" if channel else "set", target.agent, target.version, _id(listed.last), channel),
            await self._prompts.diff(target.agent, before, target.version),
            shown.opinion,
            differing,
        )

    async def rechosen(self, carried: Carried) -> PromptChoice:
        """As it was shown before, with the activation that was seen then."""
        choice = await self.choice(carried.agent, f"v{carried.version}", carried.channel)
        return replace(choice, carried=carried)

    async def rollback(self, agent: str, version: str = "") -> tuple[PromptDiff, int]:
        """From what is live to where it would go back, and the id of the last activation.

        Raises what the rollback itself would raise, so that nobody says yes to what can't be done.
        """
        listed = (await self._prompts.list(agent))[0]
        if listed.last is None:
            raise NothingToRollBack(NONE_LIVE.format(agent=listed.agent))
        target = await self._prompts.rollback_target(listed.agent, version or None)
        diff = await self._prompts.diff(listed.agent, listed.last.to_version, target.version)
        return diff, listed.last.id

    async def told(self, made: Activation) -> Message:
        """The change is made: what can't be looked up about it is left out."""
        try:
            pins = pins_that_differ(await self._prompts.pins(made.agent), made.to_version)
            opinion = (await self._prompts.show(made.agent, made.to_version)).opinion.sentence
        except DatabaseError:
            return prompt_changed(made)
        tried = made.action in {ActivationAction.CANARY, ActivationAction.PIN}
        return prompt_changed(made, pins if made.action in MOVES else (), opinion if tried else "")


def _id(activation: Activation | None) -> int:
    return activation.id if activation else 0
