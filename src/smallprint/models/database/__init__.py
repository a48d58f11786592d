"""The tables, as SQLAlchemy Core sees them. `services/database/migrations.py` creates them.

Times are UTC ISO-8601 text with "Z"; money is integer nano-USD (a token at $0.01 per million costs 10, so
nothing is rounded); JSON is text. One shape for SQLite and Postgres.
"""

from smallprint.models.database.analyses import analyses, answers, findings, llm_calls
from smallprint.models.database.budgets import budget_changes, budget_notices, budget_reservations
from smallprint.models.database.conversations import comparisons, feedback, finding_decisions, questions
from smallprint.models.database.evaluations import eval_results, eval_runs
from smallprint.models.database.jobs import channel_settings, erasures, jobs, posts
from smallprint.models.database.metadata import metadata
from smallprint.models.database.prompts import analysis_prompts, prompt_activations, prompt_versions

__all__ = [
    "analyses",
    "analysis_prompts",
    "answers",
    "budget_changes",
    "budget_notices",
    "budget_reservations",
    "channel_settings",
    "comparisons",
    "erasures",
    "eval_results",
    "eval_runs",
    "feedback",
    "finding_decisions",
    "findings",
    "jobs",
    "llm_calls",
    "metadata",
    "posts",
    "prompt_activations",
    "prompt_versions",
    "questions",
]
