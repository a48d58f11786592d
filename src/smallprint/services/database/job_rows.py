"""A row of the table `jobs` as the job that it is, with its wishes."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Row

from smallprint.models.domain import Brief, Job, JobKind

_NO_WISHES = Brief()


def job_of(row: Row[tuple[object, ...]]) -> Job:
    """A row of the table as the job that it is."""
    return Job(
        id=row.id,
        team=row.team,
        channel=row.channel,
        thread_ts=row.thread_ts,
        file_id=row.file_id,
        user=row.user_id,
        trigger=row.trigger,
        message_ts=row.message_ts,
        ordinal=row.ordinal,
        of=row.siblings,
        brief=_brief(row.brief),
        kind=JobKind(row.kind),
    )


@cache
def _briefs() -> TypeAdapter[Brief]:
    return TypeAdapter(Brief)


def _brief(text: str) -> Brief:
    return _briefs().validate_json(text) if text else _NO_WISHES


def brief_json(brief: Brief) -> str:
    """As it stands in a row."""
    # Slack's ack waits for this, and hardly any job brings wishes.
    return "" if brief == _NO_WISHES else _briefs().dump_json(brief).decode()
