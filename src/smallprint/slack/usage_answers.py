"""What `/usage` says to whom: the same answer for the command and for the buttons of the App Home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from smallprint.agents.budget_words import LimitWish, limit_to_clear, limit_to_set
from smallprint.models.domain import Budget, BudgetChange, BudgetScope, LimitMove
from smallprint.models.usage import Grouping, Period, UsageTable, Viewer
from smallprint.reports.usage import UsageQuestion, read_question
from smallprint.slack.announcements import Announcements
from smallprint.slack.blocks.budget import budget_changed, budgets_message
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.usage import usage_help, usage_message
from smallprint.slack.permissions import Permissions
from smallprint.slack.prompt_command import spoken
from smallprint.slack.usage_names import UsageNames

COMMAND = "/usage"
SEES_EVERYTHING = "You see everything, because you are an admin."
SEES_CHANNEL = "You see what you asked for, and what was asked in this channel."
SEES_OWN = "You see what you asked for."


class Usages(Protocol):
    """services/database/usage.py"""

    async def spend(self, period: Period, by: Grouping, *, viewer: Viewer) -> UsageTable: ...


class Limits(Protocol):
    """agents/budget_limits.py"""

    async def show(self) -> tuple[Budget, ...]: ...

    async def own(self, user: str, channel: str = "") -> tuple[Budget, ...]: ...

    async def set(self, wish: LimitWish, *, actor: str, request_id: str) -> BudgetChange: ...

    async def clear(self, wish: LimitWish, *, actor: str, request_id: str) -> BudgetChange: ...

    async def move(self, change: BudgetChange) -> LimitMove: ...


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where."""

    user: str
    channel: str = ""
    """Empty in the App Home."""
    request_id: str = ""
    """The same one changes nothing twice."""


class UsageAnswers:
    """Rights are asked for each time: what somebody may see can change between a message and its button."""

    def __init__(
        self,
        usages: Usages,
        limits: Limits,
        names: UsageNames,
        permissions: Permissions,
        announcements: Announcements | None = None,
    ) -> None:
        """`announcements`: who tells the admins of a limit that was changed, if anybody."""
        self._usages = usages
        self._limits = limits
        self._names = names
        self._permissions = permissions
        self._announcements = announcements

    async def answer(self, text: str, asker: Asker) -> Message:
        """To what stands after `/usage`. Raises SmallprintError."""
        words = text.split()
        if words and words[0].casefold() in {"budget", "budgets"}:
            return await self._budget(words[1:], asker)
        question = read_question(words)
        if question is None:
            return usage_help(unknown=[word.casefold() for word in words] != ["help"])
        viewer = await self.viewer(asker)
        return usage_message(await self._table(question, viewer), _seen(viewer))

    async def table(self, question: UsageQuestion, asker: Asker) -> UsageTable:
        """With the names of channels and people. Raises SmallprintError."""
        return await self._table(question, await self.viewer(asker))

    async def viewer(self, asker: Asker) -> Viewer:
        """Guests see what they caused; so does everybody where Slack can't say who they are."""
        if await self._permissions.is_admin(asker.user):
            return Viewer(asker.user, admin=True)
        sees_channel = (
            asker.channel
            and await self._permissions.is_full_member(asker.user)
            and await self._permissions.is_member_of_any(asker.user, [asker.channel])
        )
        return Viewer(asker.user, frozenset({asker.channel}) if sees_channel else frozenset())

    async def _table(self, question: UsageQuestion, viewer: Viewer) -> UsageTable:
        table = await self._usages.spend(question.period, question.by, viewer=viewer)
        return await self._names.named(table, viewer.user)

    async def _budget(self, words: Sequence[str], asker: Asker) -> Message:
        """Show, set or clear."""
        verb = words[0].casefold() if words else "show"
        if verb == "show":
            return await self._budgets(await self.viewer(asker))
        if verb not in {"set", "clear"}:
            return usage_help(unknown=True)
        await self._permissions.require_admin(asker.user, f"{COMMAND} budget {verb}")
        if verb == "set":
            wish = _readable(limit_to_set(words[1:]))
            change = await self._limits.set(wish, actor=asker.user, request_id=asker.request_id)
        else:
            wish = _readable(limit_to_clear(words[1:]))
            change = await self._limits.clear(wish, actor=asker.user, request_id=asker.request_id)
        if self._announcements is not None:
            self._announcements.tell_limit(await self._limits.move(change))
        return budget_changed(change)

    async def _budgets(self, viewer: Viewer) -> Message:
        if viewer.admin:
            return budgets_message(await self._limits.show(), admin=True)
        own = await self._limits.own(viewer.user, next(iter(viewer.channels), ""))
        theirs = [budget for budget in own if budget.place.scope is not BudgetScope.WORKSPACE_MONTH]
        return budgets_message(theirs, admin=False)


def _seen(viewer: Viewer) -> str:
    return SEES_EVERYTHING if viewer.admin else SEES_CHANNEL if viewer.channels else SEES_OWN


def _readable(wish: LimitWish) -> LimitWish:
    """Slack writes mentions and some characters in its own way."""
    return replace(wish, reason=spoken(wish.reason) or wish.reason)
