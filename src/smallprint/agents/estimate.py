"""What an analysis will cost, before anything is spent. Pure, offline, a little too high rather than too low."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from smallprint.agents.profiles import ModelChoice, Staffing
from smallprint.models.domain import Usage

Price = Callable[[str, Usage, datetime], tuple[int | None, str]]
"""`services/pricing.py`: model, usage, time → nano-USD and the price table."""

RULES_AND_TASK_TOKENS = 8_000
ANALYST_ANSWER_TOKENS = 6_000
REVIEWER_ANSWER_TOKENS = 4_000
FINDINGS_TOKENS = 4_000
ADJUDICATION = Usage(input_tokens=12_000, output_tokens=4_000)
"""With thinking; the adjudicator sees windows only, whatever the document's length."""


def estimated_cost(tokens: Sequence[int], staffing: Staffing, price: Price) -> int | None:
    """Nano-USD for a document whose parts have so many tokens; None when a model's price is unknown."""
    calls = [call for of_part in tokens for call in _readings(of_part, staffing)]
    if staffing.adjudicator is not None:
        calls.append((staffing.adjudicator, ADJUDICATION))
    costs = [_cost(choice, usage, price) for choice, usage in calls]
    return None if None in costs else sum(cost for cost in costs if cost is not None)


def _readings(document_tokens: int, staffing: Staffing) -> tuple[tuple[ModelChoice, Usage], ...]:
    tokens = document_tokens + RULES_AND_TASK_TOKENS
    reading = Usage(input_tokens=tokens, output_tokens=ANALYST_ANSWER_TOKENS)
    review = Usage(input_tokens=tokens + FINDINGS_TOKENS, output_tokens=REVIEWER_ANSWER_TOKENS)
    return (staffing.analyst, reading), (staffing.reviewer, review)


def _cost(choice: ModelChoice, usage: Usage, price: Price) -> int | None:
    return price(choice.model, usage, datetime.now(UTC))[0]
