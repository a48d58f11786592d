"""Which two documents are compared: the jobs of kind CHANGES, by themselves after a result, or because somebody asked.

A job's id follows from the two that it compares. So each pair is compared once, whoever asks and however often.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import PurePath
from typing import Protocol

import structlog
from rapidfuzz import fuzz

from smallprint.errors import DatabaseUnavailable
from smallprint.jobs.changes import ASKED, VERSIONS
from smallprint.jobs.intake import IntakeStopped
from smallprint.models.domain import Brief, Job, JobKind, Report
from smallprint.services.database.versions import AnalysedDocument

log = structlog.get_logger()

NAMES_ALIKE = 80.0
"""Of 100, without dates, numbers and "final": "MSA v2 (signed).pdf" beside "msa_v1.docx"."""

_NOT_A_NAME = re.compile(
    r"[\d_\W]+|\b(?:v|ver|version|rev|final|draft|copy|clean|redline|signed|new|old|latest)\b", re.IGNORECASE
)

Accept = Callable[[Sequence[Job]], Awaitable[None]]


class ThreadDocuments(Protocol):
    """services/database/versions.py."""

    async def of_thread(self, job: Job) -> list[AnalysedDocument]: ...


class VersionsSequel:
    """After a result is shown: if the thread has another document, a silent job looks whether it is an earlier version."""

    def __init__(self, documents: ThreadDocuments, accept: Accept) -> None:
        self._documents = documents
        self._accept = accept

    async def after(self, job: Job, _: Report) -> None:
        """At most one job, and the same one when it is called again.

        Raises:
            DatabaseUnavailable: it could not be written down; call again.
        """
        if not job.thread_ts or job.brief.private:
            return
        thread = await self._documents.of_thread(job)
        mine = next((each for each in thread if each.file_id == job.file_id), None)
        other = _likely_version(mine, thread) if mine else None
        if mine is not None and other is not None:
            older, newer = sorted((mine, other), key=lambda each: each.order)
            try:
                await self._accept([silent_comparison(job, older, newer)])
            except IntakeStopped as error:
                raise DatabaseUnavailable from error  # passing: the next process shows the result again, and asks again


def silent_comparison(job: Job, older: AnalysedDocument, newer: AnalysedDocument) -> Job:
    """Shows itself only if the two are versions of one document. `job`: one in their thread."""
    return _comparison(job, older, newer, VERSIONS, job.user, job.thread_ts)


def asked_comparison(
    job: Job, older: AnalysedDocument, newer: AnalysedDocument, *, user: str, thread_ts: str
) -> Job:
    """What `user` asked for, answered in the thread of `job`, or in `thread_ts` for a command's job, which knows none."""
    return _comparison(job, older, newer, ASKED, user, job.thread_ts or thread_ts)


def _comparison(
    job: Job, older: AnalysedDocument, newer: AnalysedDocument, trigger: str, user: str, thread_ts: str
) -> Job:
    wishes = job.brief
    return Job(
        id=_comparison_id(job, older, newer, trigger),
        team=job.team,
        channel=job.channel,
        thread_ts=thread_ts,
        file_id=newer.file_id,
        user=user,
        trigger=trigger,
        brief=Brief(
            profile=wishes.profile,
            side=wishes.side,
            focus=wishes.focus,
            language=wishes.language,
            compare_with=older.job_id,
            private=wishes.private,
        ),
        kind=JobKind.CHANGES,
    )


def _comparison_id(job: Job, older: AnalysedDocument, newer: AnalysedDocument, trigger: str) -> str:
    """By files where nobody asked: another run of the same file is no other version. By content where somebody did."""
    pair = (older.file_id, newer.file_id) if trigger == VERSIONS else (older.sha256, newer.sha256)
    parts = json.dumps([job.team, job.channel, job.thread_ts or job.id, trigger, *pair])
    return "chg-" + hashlib.sha256(parts.encode()).hexdigest()[:32]


def _likely_version(mine: AnalysedDocument, thread: Sequence[AnalysedDocument]) -> AnalysedDocument | None:
    """Another document of the thread that may be a version of this one: before it, if there is one.

    One with a name like it goes first, then the nearest. What came in the same message must have a name like it:
    files that are shared together mostly belong together for another reason.
    """
    others = [each for each in thread if each.file_id != mine.file_id and _may_be(mine, each)]
    earlier = [each for each in others if each.order < mine.order]
    nearest_first = earlier[::-1] or [each for each in others if each.order > mine.order]
    named_alike = [each for each in nearest_first if _named_alike(mine, each)]
    return next(iter([*named_alike, *nearest_first]), None)


def _may_be(one: AnalysedDocument, other: AnalysedDocument) -> bool:
    apart = not one.message_ts or one.message_ts != other.message_ts
    return apart or _named_alike(one, other)


def _named_alike(one: AnalysedDocument, other: AnalysedDocument) -> bool:
    names = [_stem(each.name) for each in (one, other)]
    return all(names) and fuzz.token_sort_ratio(*names) >= NAMES_ALIKE


def _stem(name: str) -> str:
    return " ".join(_NOT_A_NAME.sub(" ", PurePath(name).stem.replace("_", " ")).casefold().split())
