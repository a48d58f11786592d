"""The budgets' books in memory: they say what they were told to say, and remember what they were asked."""

from __future__ import annotations

from smallprint.models.domain import Budget, BudgetScope, Limit, Place, Refusal

A_REFUSAL = Refusal(
    Budget(Place(BudgetScope.WORKSPACE_MONTH), Limit(10), spent_nano_usd=8, reserved_nano_usd=1),
    cost_nano_usd=5,
    spent_nano_usd=0,
)


class ScriptedBooks:
    """Holds `nano_usd` for each analysis, and extends that as long as it is `generous`."""

    def __init__(self, nano_usd: int = 0, *, generous: bool = True, room: int | None = None) -> None:
        """`room`: what they say may still be spent. They decide by `generous` alone."""
        self.held = nano_usd
        self._room = room
        self.generous = generous
        self.asked: list[int] = []
        """How much more each call wanted to be covered."""
        self.settled: list[str] = []

    async def reserve(self, analysis_id: str, user: str, channel: str, nano_usd: int) -> Refusal | None:
        self.held = nano_usd
        return None if self.generous else A_REFUSAL

    async def covers(self, analysis_id: str, nano_usd: int) -> bool:
        self.asked.append(nano_usd)
        return nano_usd <= self.held

    async def room(self, analysis_id: str) -> int | None:
        return self._room

    async def extend(self, analysis_id: str, nano_usd: int) -> Refusal | None:
        if not self.generous:
            return A_REFUSAL
        self.held = nano_usd
        return None

    async def settle(self, analysis_id: str) -> None:
        self.settled.append(analysis_id)
