"""Budgets: limits changed at run time, what running analyses may cost, and notices."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text, UniqueConstraint

from smallprint.models.database.metadata import metadata

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
