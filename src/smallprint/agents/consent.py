"""The question that is asked before an analysis that costs a lot. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from smallprint.agents.document_text import estimated_tokens
from smallprint.models.domain import NANO_USD_PER_USD, Document

COST_QUESTION = (
    "This document is long: about {tokens} tokens in {parts}. An analysis would cost about {cost}, more than the {limit}"
    " that may be spent without asking. Nothing has been spent so far."
)


def cost_question(parts: Sequence[Document], cost: int, limit: int) -> str:
    """For a document in its parts; both amounts in nano-USD."""
    tokens = sum(map(estimated_tokens, parts))
    return COST_QUESTION.format(
        tokens=f"{round(tokens, -3):,}",
        parts=f"{len(parts)} parts" if len(parts) > 1 else "one piece",
        cost=f"${cost / NANO_USD_PER_USD:,.2f}",
        limit=f"${limit / NANO_USD_PER_USD:,.2f}",
    )
