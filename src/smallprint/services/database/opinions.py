"""What people say of the reports that a prompt version made: thumbs, and findings accepted and dismissed.

What is said of a report that was shown again counts for the analysis that made it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Select, Table, case, func, select
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
"""What is written down, and the name of its figure."""

Opinions = Mapping[tuple[int, str], Counter[str]]
"""(version, arm) → figure → count."""


async def opinions(connection: AsyncConnection, agent: str, since: str | None) -> Opinions:
    """Of every version of an agent; `since` (ISO) is about the analyses, None: since ever."""
    counted: dict[tuple[int, str], Counter[str]] = {}
    for query in (
        _counts(feedback, feedback.c.user_id, feedback.c.thumb, agent, since),
        _counts(
            finding_decisions, finding_decisions.c.finding_id, finding_decisions.c.decision, agent, since
        ),
    ):
        for row in await connection.execute(query):
            if row.said in _NAMES:  # what was undone counts for nothing
                counted.setdefault((row.version, row.arm), Counter())[_NAMES[row.said]] += row.n
    return counted


def of_version(said: Opinions, version: int, arm: str | None = None) -> dict[str, int]:
    """Figure → count, zeros too; without `arm` of all arms together."""
    total: Counter[str] = Counter()
    for (its_version, its_arm), counts in said.items():
        if its_version == version and arm in {None, its_arm}:
            total.update(counts)
    return {name: total[name] for name in _NAMES.values()}


def _counts(
    table: Table, whose: Column[Any], said: Column[Any], agent: str, since: str | None
) -> Select[Any]:
    """The last word of each person on an analysis, or on each finding. People who were forgotten count as one."""
    last = select(func.max(table.c.id)).group_by(table.c.analysis_id, whose)
    made_by = case((analyses.c.earlier_id != "", analyses.c.earlier_id), else_=analyses.c.id)
    query = (
        select(_part.version, _part.arm, said.label("said"), func.count().label("n"))
        .select_from(table)
        .join(analyses, analyses.c.id == table.c.analysis_id)
        .join(analysis_prompts, _part.analysis_id == made_by)
        .where(table.c.id.in_(last), _part.agent == agent)
        .group_by(_part.version, _part.arm, said)
    )
    return query if since is None else query.where(_part.ended_at >= since)
