"""What a call to a model used and cost. Frozen, plain, without I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or more calls, in Claude's own parts: `input_tokens` is the UNCACHED remainder."""

    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    """Part of output_tokens."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_5m_tokens + other.cache_write_5m_tokens,
            self.cache_write_1h_tokens + other.cache_write_1h_tokens,
            self.output_tokens + other.output_tokens,
            self.thinking_tokens + other.thinking_tokens,
        )


NANO_USD_PER_USD = 1_000_000_000

SENT = "sent"
"""Status of an attempt that has not ended: it runs, or its process was killed."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One attempt that may have been billed, successful or not: a row of `llm_calls`."""

    id: str
    analysis_id: str
    agent: str
    purpose: str
    """As in the request: "main", "repair", …"""
    attempt: int
    prompt_version: int | None
    request_model: str
    started_at: datetime
    latency_ms: int
    status: str
    """SENT, then "ok" or the code of the error it ended in."""
    usage: Usage = field(default_factory=Usage)
    cost_nano_usd: int | None = None
    """None = price unknown, never 0."""
    price_source: str = ""
    response_model: str | None = None
    request_id: str | None = None
    service_tier: str | None = None
    stop_reason: str | None = None
    http_status: int | None = None
    time_to_first_token_ms: int | None = None
    inference_geo: str | None = None
    """Where it ran, by Claude's account; decides the price."""


@dataclass(frozen=True, slots=True)
class AgentRun:
    """How one agent's part of a report was made."""

    agent: str
    model: str
    prompt_version: int | None
    """None for the offline analyst."""
    usage: Usage
    cost_nano_usd: int | None
    seconds: float
    prompt_arm: str = "live"
    """Why that version: "live", "canary", "pin" or "asked"."""
    instead_of: str = ""
    """The model that was to do it, when another one had to step in."""

    @property
    def cost_usd(self) -> Decimal | None:
        """None when the price is unknown."""
        return None if self.cost_nano_usd is None else Decimal(self.cost_nano_usd) / NANO_USD_PER_USD
