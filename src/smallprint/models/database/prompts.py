"""Prompt versions, which of them is live, and what came of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from smallprint.models.database.metadata import metadata

prompt_versions = Table(
    "prompt_versions",  # immutable: triggers refuse UPDATE and DELETE
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("agent", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("slug", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("settings", Text, nullable=False),  # JSON: effort, max_tokens, model, variables
    Column("contract", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("source", Text, nullable=False),  # "repo" (later also "slack", "api")
    Column("created_by", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("agent", "version"),
    UniqueConstraint("agent", "sha256"),
)

prompt_activations = Table(
    "prompt_activations",  # append-only: what is live IS the last row of (agent, scope, scope_id)
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("agent", Text, nullable=False),
    Column("scope", Text, nullable=False),  # Scope
    Column("scope_id", Text, nullable=False),  # the channel of a pin; "" otherwise
    Column("action", Text, nullable=False),  # ActivationAction
    Column("version_id", BigInteger, ForeignKey("prompt_versions.id"), nullable=False),
    Column("prev_id", BigInteger, nullable=False),  # 0 for the first; unique: two admins cannot both win
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("gate", Text, nullable=False),  # Gate
    Column("request_id", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
    Column("percent", Integer, nullable=False),  # a canary's share of the documents, 1 to 99; 0 otherwise
    UniqueConstraint("agent", "scope", "scope_id", "prev_id"),
)

analysis_prompts = Table(
    "analysis_prompts",  # what came of each agent's part, written when the analysis ends: statistics read nothing else
    metadata,
    Column("analysis_id", Text, ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True),
    Column("agent", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("arm", Text, nullable=False),  # live | canary | pin | asked
    Column("outcome", Text, nullable=False),  # the document's risk level, or why the agent gave nothing
    Column("ended_at", Text, nullable=False),
    Column("findings", Integer, nullable=False),  # kept
    Column("judged", Integer, nullable=False),  # with a verdict of the reviewer
    Column("rejected", Integer, nullable=False),
    Column("lowered", Integer, nullable=False),
    Column("raised", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("ungrounded", Integer, nullable=False),
    Column("cost_nano_usd", BigInteger),  # of the agent's own part; NULL = price unknown, or no result
    Column("milliseconds", Integer),  # of the agent's own part; NULL = no result
)
