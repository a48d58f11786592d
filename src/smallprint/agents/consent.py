"""The question that is asked before an analysis that costs a lot. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.models.domain import NANO_USD_PER_USD

COST_QUESTION = (
    "This document is long: about {tokens} tokens in {parts}. An analysis would cost about {cost}, more than the {limit}"
    " that may be spent without asking. Nothing has been spent so far."
)


def cost_question(tokens: Sequence[int], cost: int, limit: int) -> str:
    """For a document whose parts have so many tokens; both amounts in nano-USD."""
    return COST_QUESTION.format(
        tokens=f"{round(sum(tokens), -3):,}",
        parts=f"{len(tokens)} parts" if len(tokens) > 1 else "one piece",
        cost=f"${cost / NANO_USD_PER_USD:,.2f}",
        limit=f"${limit / NANO_USD_PER_USD:,.2f}",
    )
