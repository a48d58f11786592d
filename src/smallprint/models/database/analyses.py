"""Analyses, the model calls they took, and what was found."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from smallprint.models.database.metadata import metadata

analyses = Table(
    "analyses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("user_id", Text),  # NULL once the user was erased
    Column("trigger", Text, nullable=False),  # also "cli"
    Column("document_sha256", Text, nullable=False),
    Column("document_name", Text, nullable=False),
    Column("document_kind", Text, nullable=False),
    Column("document_characters", Integer, nullable=False),
    Column("document_pages", Integer),
    Column("prompts", Text, nullable=False),  # JSON: agent -> version; resolved once, kept by every retry
    Column("prompt_source", Text, nullable=False),  # database | remembered | packaged | none (offline)
    Column("offline", Integer, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("status", Text, nullable=False),  # running | done | failed
    Column("error_code", Text),
    Column("risk_level", Text),
    Column("report", Text),  # JSON of the Report; goes with retention
    Column("created_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("latency_ms", Integer),
    Column(
        "fingerprint", Text, nullable=False
    ),  # prompts, models, wishes: what a report shown again must share
    Column("profile", Text, nullable=False),  # '' for the offline rules
    Column("earlier_id", Text, nullable=False),  # the analysis whose report this one shows again
    Column("arms", Text, nullable=False),  # JSON: agent -> {arm, activation}, beside `prompts`
)

llm_calls = Table(
    "llm_calls",  # one row per attempt that may have been billed, failed ones too
    metadata,
    Column("id", Text, primary_key=True),
    Column("analysis_id", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("prompt_version", Integer),
    Column("channel", Text, nullable=False),  # copied: spend must not change when rows are erased
    Column("user_id", Text),
    Column("request_model", Text, nullable=False),
    Column("response_model", Text),
    Column("request_id", Text),
    Column("service_tier", Text),
    Column("input_tokens", BigInteger, nullable=False),  # Anthropic's meaning: the uncached remainder
    Column("cache_read_tokens", BigInteger, nullable=False),
    Column("cache_write_5m_tokens", BigInteger, nullable=False),
    Column("cache_write_1h_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("thinking_tokens", BigInteger, nullable=False),
    Column("cost_nano_usd", BigInteger),  # NULL = price unknown, never 0
    Column("price_source", Text, nullable=False),
    Column("stop_reason", Text),
    Column("status", Text, nullable=False),
    Column("http_status", Integer),
    Column("time_to_first_token_ms", Integer),
    Column("latency_ms", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("day", Text, nullable=False),  # UTC day, written by us: a generated column would not be covering
    Column("inference_geo", Text),  # where it ran, by Claude's account: decides the price
)

answers = Table(
    "answers",  # a paid answer, stored in the same transaction as its usage: it is never paid again
    metadata,
    Column("key", Text, primary_key=True),  # CompletionRequest.key
    Column("analysis_id", Text, nullable=False),
    Column("call_id", Text, ForeignKey("llm_calls.id"), nullable=False),
    Column("text", Text, nullable=False),  # goes with retention
    Column("model", Text, nullable=False),
    Column("seconds_ms", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("analysis_id", Text, ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True),
    Column("finding_id", Text, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("category", Text, nullable=False),
    Column("severity", Text, nullable=False),  # final
    Column("severity_before", Text, nullable=False),  # its author's
    Column("outcome", Text, nullable=False),
    Column("verdict", Text),
    Column("match", Text, nullable=False),  # of its best evidence
    Column("page", Integer),
    Column("title", Text, nullable=False),  # goes with retention
)
