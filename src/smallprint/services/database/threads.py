"""Which documents a thread holds: those that were shared in it, and those of a command that opened it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, or_, select

from smallprint.models.database import erasures, jobs, posts
from smallprint.models.domain import ErasureKind, Job, JobKind
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobState, JobStore

MOST = 50
"""Jobs of one thread that are looked at: the latest."""
REQUEST = "/request"
"""Ends the tag of a thread's root that we posted ourselves (slack/destinations.py)."""

_NO_DOCUMENT = (JobState.WAITING, JobState.SUPERSEDED, JobState.DECLINED)
"""A declined document becomes one when somebody asks for it by name: it is handed in again."""


class ThreadStore:
    """Reads the tables `jobs` and `posts`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs = JobStore(database)

    async def documents(self, asked: Job) -> tuple[Job, ...]:
        """The jobs of the documents in the thread that `asked` was asked in, oldest first; of a file's several jobs the latest.

        Also those that still run or that have failed: their files may be readable all the same.
        """
        shared = (jobs.c.channel == asked.channel) & (jobs.c.thread_ts == asked.thread_ts)
        found = await self._latest(shared)
        return found or await self._of_command(asked)

    async def latest(self, asked: Job) -> tuple[Job, ...]:
        """The documents of the latest thread with any in the conversation that `asked` was asked in, before it."""
        here = (jobs.c.channel == asked.channel) & (jobs.c.thread_ts != "")
        found = await self._latest(here & (jobs.c.thread_ts <= asked.thread_ts))
        return tuple(job for job in found if job.thread_ts == found[-1].thread_ts)

    async def get(self, job_id: str) -> Job | None:
        return await self._jobs.get(job_id)

    async def _of_command(self, asked: Job) -> tuple[Job, ...]:
        """Those whose results stand under a root of ours; a private one only for whoever asked for it."""
        opened = select(posts.c.tag).where(posts.c.ts == asked.thread_ts, posts.c.tag.endswith(REQUEST))
        async with self._database.read() as connection:
            tags = (await connection.execute(opened)).scalars().all()
        names = [tag.removesuffix(REQUEST) for tag in tags]
        if not names:
            return ()
        found = await self._latest(or_(*(_of_request(name) for name in names)))
        return tuple(job for job in found if _may_be_asked_about(job, asked))

    async def _latest(self, wanted: ColumnElement[bool]) -> tuple[Job, ...]:
        query = (
            select(jobs.c.id)
            .where(wanted, jobs.c.kind == JobKind.DOCUMENT, jobs.c.state.not_in(_NO_DOCUMENT))
            .where(~_is_forgotten())
            .order_by(jobs.c.created_at.desc(), jobs.c.ordinal.desc())
            .limit(MOST)
        )
        async with self._database.read() as connection:
            ids = (await connection.execute(query)).scalars().all()
        return _one_a_file([job for job_id in ids if (job := await self._jobs.get(job_id))])


def _is_forgotten() -> ColumnElement[bool]:
    """Its message was deleted, or somebody had it forgotten: its file may be there still, and is not read again for that."""
    first, wish = jobs.alias("first"), erasures.c
    its_message = exists().where(
        *(
            first.c[name] == jobs.c[name] for name in ("channel", "thread_ts", "file_id")
        ),  # itself, or what it repeats
        wish.kind == ErasureKind.MESSAGE,
        wish.channel == first.c.channel,
        wish.reference == first.c.message_ts,
    )
    itself = or_(wish.reference == jobs.c.id, jobs.c.id.like(wish.reference.concat("-%")))
    return or_(its_message, exists().where(wish.kind == ErasureKind.JOB, itself))


def _of_request(name: str) -> ColumnElement[bool]:
    return or_(jobs.c.id == name, jobs.c.id.startswith(f"{name}-", autoescape=True))


def _may_be_asked_about(document: Job, asked: Job) -> bool:
    if document.brief.private:
        return document.user == asked.user
    return document.channel == asked.channel


def _one_a_file(newest_first: Iterable[Job]) -> tuple[Job, ...]:
    latest: dict[str, Job] = {}
    for job in newest_first:
        latest.setdefault(job.file_id, job)
    return tuple(reversed(latest.values()))
