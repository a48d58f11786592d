"""What a call cost, from the tokens it used: pure, offline, exact.

Prices come with the package genai-prices; its `UpdatePrices` would fetch newer ones from the network and is
never started, so the same release of Smallprint always computes the same cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import genai_prices
import structlog

from smallprint.models.domain import NANO_USD_PER_USD, Usage

PROVIDER = "anthropic"
BATCH = "batch"
"""The service tier of Message Batches."""
SHARE_IN_A_BATCH = Decimal("0.5")
"""Of all tokens, cached ones too: https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing"""
SHARE_BY_GEO: Mapping[str, Decimal] = {"us": Decimal("1.1")}
"""Of all tokens: https://platform.claude.com/docs/en/about-claude/pricing#data-residency-pricing

An answer says where it was made. A workspace may have a default, so it can be there though no request asked for it.
"""

log = structlog.get_logger()


class Pricing:
    """List prices of Claude models; knows nothing of discounts that an account may have.

    The table has neither what inference in one country costs nor, for every model and time, what a batch costs:
    both are applied here. It has no fast mode either, which costs more (a beta, on some models); that needs none here,
    because only a request that says `speed: "fast"` is answered so, and ours never do (services/ai_client/wire.py).
    Capacity that was bought beforehand (the tier "priority") is counted at the list price: nobody can know the contract.
    """

    source = f"genai-prices {genai_prices.__version__}"
    """The price table's name and version, stored beside each cost."""

    def __init__(self) -> None:
        self._warned_on: dict[str, date] = {}

    def load(self, model: str) -> None:
        """Read the table now. It takes 0.16 s, for which acks would stand still when the first call is priced."""
        self.cost(model, Usage(), datetime.now(UTC))

    def cost(
        self,
        model: str,
        usage: Usage,
        at: datetime,
        *,
        service_tier: str | None = None,
        inference_geo: str | None = None,
    ) -> tuple[int | None, str]:
        """Nano-USD of a call that began at `at`, and the price table it was computed with.

        The cost is None, never 0, for a model that the table does not know; that is logged once a day.
        Tier and place are Claude's words: "batch", "us"; others cost the list price.
        """
        try:
            price = genai_prices.calc_price(
                _inclusive(usage), model, provider_id=PROVIDER, genai_request_timestamp=at
            )
        except LookupError:
            self._warn_once_a_day(model, at.date())
            return None, self.source
        share = SHARE_BY_GEO.get(inference_geo or "", Decimal(1))
        share *= SHARE_IN_A_BATCH if service_tier == BATCH else 1
        return _nano_usd(price.total_price * share), self.source

    def _warn_once_a_day(self, model: str, day: date) -> None:
        if self._warned_on.get(model) != day:
            self._warned_on[model] = day
            log.warning("price unknown", model=model, source=self.source)


def _inclusive(usage: Usage) -> genai_prices.Usage:
    """genai-prices counts cached tokens as part of `input_tokens`; Claude reports them beside it."""
    cache_write = usage.cache_write_5m_tokens + usage.cache_write_1h_tokens
    return genai_prices.Usage(
        input_tokens=usage.input_tokens + usage.cache_read_tokens + cache_write,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=cache_write,
        cache_write_5m_tokens=usage.cache_write_5m_tokens,
        cache_write_1h_tokens=usage.cache_write_1h_tokens,
        output_tokens=usage.output_tokens,
    )


def _nano_usd(price_usd: Decimal) -> int:
    return int((price_usd * NANO_USD_PER_USD).to_integral_value(ROUND_HALF_UP))
