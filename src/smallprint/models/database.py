"""The tables, as SQLAlchemy Core sees them. `services/database/migrations.py` creates them.

Times are UTC ISO-8601 text with "Z"; money is integer nano-USD (a token at $0.01 per million costs 10, so
nothing is rounded); JSON is text. One shape for SQLite and Postgres.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()

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

jobs = Table(
    "jobs",  # one row per (team, channel, thread, file), written before Slack gets its ack
    metadata,
    Column("id", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", Text, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("state", Text, nullable=False),  # JobState in services/database/jobs.py
    Column("outcome", Text, nullable=False),  # the risk level, or an error's code; "" while it runs
    Column("due_at", Text, nullable=False),  # not dispatched before (a file_shared waits for its message)
    Column("created_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("message_ts", Text, nullable=False),  # with team, channel and thread: the files of one message
    Column("ordinal", Integer, nullable=False),  # the file's place in its message, from 0
    Column("siblings", Integer, nullable=False),  # files of the message, this one included
    Column("summed_up_at", Text),  # when the headline over all files of the message stood in the thread
    Column("brief", Text, nullable=False),  # JSON of the Brief; "" where nobody wished for anything
)

posts = Table(
    "posts",  # what we post, written before we post it: after a crash we look for it instead of posting twice
    metadata,
    Column("tag", Text, primary_key=True),  # "<job id>/placeholder", "<job id>/report"
    Column("state", Text, nullable=False),  # sending | sent
    Column("owner", Text, nullable=False),  # the process that is sending
    Column("ts", Text, nullable=False),  # "" until sent
    Column("attempted_at", Text, nullable=False),
)

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

eval_runs = Table(
    "eval_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dataset", Text, nullable=False),
    Column("dataset_sha256", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("prompts", Text, nullable=False),  # JSON: agent -> version
    Column("prompt_hashes", Text, nullable=False),  # JSON: agent -> sha256
    Column("models", Text, nullable=False),  # JSON: agent -> model
    Column("mode", Text, nullable=False),  # EvaluationMode
    Column("repeats", Integer, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text, nullable=False),
    Column("metrics", Text, nullable=False),  # JSON
    Column("compared_with", Text, nullable=False),  # "" until it was compared
    Column("verdict", Text, nullable=False),  # EvaluationVerdict or ""
    Column("app_version", Text, nullable=False),
)

eval_results = Table(
    "eval_results",
    metadata,
    Column("run_id", Text, ForeignKey("eval_runs.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", Text, primary_key=True),
    Column("repeat", Integer, primary_key=True),
    Column("ordinal", Integer, nullable=False),  # the data set's order
    Column("report", Text),  # JSON of the Report; NULL when there was an error
    Column("error", Text, nullable=False),
    Column("score", Text, nullable=False),  # JSON
)

budget_changes = Table(
    "budget_changes",  # append-only: the limit that holds IS the last row of (scope, scope_id), else the setting
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("scope", Text, nullable=False),  # BudgetScope
    Column("scope_id", Text, nullable=False),  # a user or a channel; "" for everybody
    Column("action", Text, nullable=False),  # BudgetAction
    Column("amount_nano_usd", BigInteger),  # NULL = no limit
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("request_id", Text, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
)

budget_reservations = Table(
    "budget_reservations",  # what analyses that run now may cost in all; a row goes when its analysis has ended
    metadata,
    Column("analysis_id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("amount_nano_usd", BigInteger, nullable=False),  # what it has spent already is part of it
    Column("expires_at", Text, nullable=False),  # analyses that never end hold nothing for ever
)

budget_notices = Table(
    "budget_notices",  # monthly budgets of which 80 or 100 percent are spent, to be told once
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("scope", Text, nullable=False),
    Column("scope_id", Text, nullable=False),
    Column("month", Text, nullable=False),  # YYYY-MM, UTC
    Column("percent", Integer, nullable=False),
    Column("limit_nano_usd", BigInteger, nullable=False),  # one that was raised can be reached again
    Column("spent_nano_usd", BigInteger, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("told_at", Text),
    UniqueConstraint("scope", "scope_id", "month", "percent", "limit_nano_usd"),
)
