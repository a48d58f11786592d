"""Evaluation runs and their results."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, Table, Text

from smallprint.models.database.metadata import metadata

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
