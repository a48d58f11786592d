"""What was asked for in Slack lately and what came of it: read-only, from the rows of the jobs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from smallprint.models.activity import Activity, RecentAnalysis
from smallprint.models.database import analyses, jobs, posts
from smallprint.models.domain import JobKind, RiskLevel
from smallprint.services.database.connection import Database, from_iso, to_iso
from smallprint.services.database.jobs import JobState

_NOT_ASKED = (JobState.WAITING, JobState.SUPERSEDED, JobState.DECLINED)
"""An event that another one takes the place of, as a person would see the same file twice; and files that nobody asked about."""
_job = jobs.c
_IS_A_FILE = _job.kind == JobKind.DOCUMENT
_LEVELS = {level.value: level for level in sorted(RiskLevel, key=lambda level: -level.rank)}


class ActivityStore:
    """Two questions, each answered along an index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, user: str, limit: int) -> tuple[RecentAnalysis, ...]:
        """What this person asked for, newest first."""
        async with self._database.read() as connection:
            return tuple(map(_recent, await connection.execute(_newest(user, limit))))

    async def since(self, moment: datetime) -> Activity:
        """What came of everything that was asked for since then."""
        query = (
            select(_job.outcome, func.count().label("files"))
            .where(_job.created_at >= to_iso(moment), _IS_A_FILE, _job.state.not_in(_NOT_ASKED))
            .group_by(_job.outcome)
        )
        async with self._database.read() as connection:
            counts = Counter({row.outcome: int(row.files) for row in await connection.execute(query)})
        return Activity(
            levels={level: counts[name] for name, level in _LEVELS.items() if counts[name]},
            failures={code: n for code, n in counts.most_common() if code and code not in _LEVELS},
            running=counts[""],
        )


def _newest(user: str, limit: int) -> Select[Any]:
    """With the name of the document and our message, where there are any."""
    its_post = posts.c.tag == _job.id + "/placeholder"
    return (
        select(_job.id, _job.channel, _job.created_at, _job.outcome, analyses.c.document_name, posts.c.ts)
        .outerjoin_from(jobs, analyses, analyses.c.id == _job.id)
        .outerjoin(posts, its_post)
        .where(_job.user_id == user, _IS_A_FILE, _job.state.not_in(_NOT_ASKED))
        .order_by(_job.created_at.desc())
        .limit(limit)
    )


def _recent(row: Row[Any]) -> RecentAnalysis:
    return RecentAnalysis(
        job_id=row.id,
        channel=row.channel,
        at=from_iso(row.created_at),
        document_name=row.document_name or "",
        outcome=row.outcome,
        message_ts=row.ts or "",
    )
