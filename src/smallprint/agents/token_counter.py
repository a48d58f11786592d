"""How many tokens a request really has: asked where an estimate is too close to a limit to decide by it."""

from __future__ import annotations

from typing import Protocol

from smallprint.models.completion import CompletionRequest

NEARLY, WELL_ABOVE = 0.7, 1.3
"""Shares of a limit. What is ordinary is estimated up to a third too high, and what is dense (figures, Chinese) too
low."""


class TokenCounter(Protocol):
    """`services/ai_client/client.py`."""

    async def count(self, request: CompletionRequest) -> int | None:
        """Input tokens of the request, for its model. Free. None when nobody can say: the estimate holds then."""
        ...


def is_near(nano_usd: int, limit_nano_usd: int | None) -> bool:
    """True when an estimate alone cannot tell whether the limit holds. No limit is near nothing."""
    if limit_nano_usd is None:
        return False
    return limit_nano_usd * NEARLY <= nano_usd <= limit_nano_usd * WELL_ABOVE


def may_not_fit(nano_usd: int, room_nano_usd: int | None) -> bool:
    """True from nearly the whole room on, however far above it."""
    return room_nano_usd is not None and nano_usd >= room_nano_usd * NEARLY
