"""What people say of the reports that a prompt version made: thumbs, and findings accepted and dismissed.

What is said of a report that was shown again counts for the analysis that made it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    case,
    exists,
    func,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from smallprint.models.database import analyses, analysis_prompts, feedback, finding_decisions
from smallprint.models.domain import Decision, Thumb

_part = analysis_prompts.c
_NAMES = {
    Thumb.UP: "thumbs_up",
    Thumb.DOWN: "thumbs_down",
    Decision.ACCEPTED: "accepted",
    Decision.DISMISSED: "dismissed",
}
"""What is written down, and the name of its figure; what was undone counts for nothing."""

Opinions = Mapping[tuple[int, str], Counter[str]]
"""(version, arm) → figure → count."""


async def opinions(connection: AsyncConnection, agent: str, since: str | None) -> Opinions:
    """Of every version of an agent; `since` (ISO) is about the analyses, None: since ever."""
    rows = await connection.execute(_counts(agent, since))
    return {
        (row.version, row.arm): Counter({name: int(row._mapping[name]) for name in _NAMES.values()})  # noqa: SLF001 - SQLAlchemy's public name
        for row in rows
    }


def of_version(said: Opinions, version: int, arm: str | None = None) -> dict[str, int]:
    """Figure → count, zeros too; without `arm` of all arms together."""
    total: Counter[str] = Counter()
    for (its_version, its_arm), counts in said.items():
        if its_version == version and arm in {None, its_arm}:
            total.update(counts)
    return {name: total[name] for name in _NAMES.values()}


def superseded(table: FromClause, whose: str) -> ColumnElement[bool]:
    """True of a row after which the same person said something else of the same analysis."""
    later = table.alias("later")
    return exists().where(
        later.c.analysis_id == table.c.analysis_id,
        later.c[whose] == table.c[whose],
        later.c.id > table.c.id,
    )


def _counts(agent: str, since: str | None) -> Select[Any]:
    """First summed up by analysis: an analysis is looked up once, however much is said of it."""
    said = _by_analysis(since)
    made_by = case((analyses.c.earlier_id != "", analyses.c.earlier_id), else_=analyses.c.id)
    query = (
        select(_part.version, _part.arm, *(func.sum(said.c[name]).label(name) for name in _NAMES.values()))
        .select_from(said)
        .join(analyses, analyses.c.id == said.c.analysis_id)
        .join(analysis_prompts, and_(_part.analysis_id == made_by, _part.agent == agent))
        .group_by(_part.version, _part.arm)
    )
    return query if since is None else query.where(_part.ended_at >= since)


def _by_analysis(since: str | None) -> Subquery:
    """A row for each analysis of which something is said."""
    words = union_all(
        _last_words(feedback, "user_id", feedback.c.thumb, since),
        _last_words(finding_decisions, "finding_id", finding_decisions.c.decision, since),
    ).subquery()
    counts = (
        func.sum(case((words.c.said == said.value, 1), else_=0)).label(name) for said, name in _NAMES.items()
    )
    return select(words.c.analysis_id, *counts).group_by(words.c.analysis_id).subquery()


def _last_words(table: Table, whose: str, said: Column[Any], since: str | None) -> Select[Any]:
    """Of each person on an analysis, or on each finding. Who was forgotten has one word left, and no name.

    Nothing is said of an analysis before it has ended, so what was said before `since` is about older ones.
    """
    query = select(table.c.analysis_id, said.label("said")).where(~superseded(table, whose))
    return query if since is None else query.where(table.c.created_at >= since)
