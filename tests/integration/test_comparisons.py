"""What newer versions change, and which documents may be versions of each other, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from smallprint.errors import DatabaseError
from smallprint.models.database import comparisons, jobs
from smallprint.models.domain import AnalysisRequest, Brief, Document, Job, JobKind
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.comparisons import ComparisonStore
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.versions import VersionStore
from tests.fakes.job_store import NOW, a_job
from tests.fakes.passages import document_of
from tests.fakes.reports import low_report
from tests.fakes.versions import computed_changes, some_changes
from tests.integration.databases import DIALECTS, fresh_database

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Archive:
    """Documents that were analysed, one after the other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.versions = VersionStore(database)
        self.comparisons = ComparisonStore(database)
        self._count = 0

    async def analysed(self, job: Job, document: Document | None = None, *, finished: bool = True) -> Job:
        """Each a minute after the one before it."""
        self._count += 1
        document = document or document_of(f"The text of {job.file_id}.", name=f"{job.file_id}.pdf")
        await JobStore(self.database).add([Arrival(job, JobState.DONE, NOW)])
        at = to_iso(NOW + timedelta(minutes=self._count))
        async with self.database.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.id == job.id).values(created_at=at))
        analyses = AnalysisStore(self.database)
        request = AnalysisRequest(job.id, job.team, job.channel, job.user)
        await analyses.begin(request, document, {}, offline=True)
        if finished:
            await analyses.finish(replace(low_report(), analysis_id=job.id))
        return job

    async def thread(self, job: Job) -> list[str]:
        return [each.file_id for each in await self.versions.of_thread(job)]

    async def channel(self, *, since: datetime = LONG_AGO) -> list[str]:
        return [each.file_id for each in await self.versions.of_channel("T1", "C1", since)]


@pytest.fixture(params=DIALECTS)
async def archive(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Archive]:
    async with fresh_database(request.param, tmp_path) as database:
        yield Archive(database)


def in_thread(number: int, **changes: object) -> Job:
    return replace(a_job(number, thread="1.0"), **changes)  # type: ignore[arg-type]  # the test's word


CHANGES_JOB = in_thread(9, id="chg-9", kind=JobKind.CHANGES, brief=Brief(compare_with=a_job(1).id))


async def test_changes_come_back_as_they_were_and_the_first_stay(archive):
    changes = computed_changes()
    await archive.comparisons.keep(CHANGES_JOB, changes)
    await archive.comparisons.keep(CHANGES_JOB, some_changes())

    kept = await archive.comparisons.changes("chg-9")
    assert kept == replace(changes, found=replace(changes.found, spans={}))
    assert await archive.comparisons.changes("chg-8") is None


async def test_changes_that_another_release_wrote_or_retention_took_are_told_apart(archive):
    await archive.comparisons.keep(CHANGES_JOB, some_changes())
    for result, expected in ((None, None), ('{"x": "SECRET"}', DatabaseError)):
        async with archive.database.write() as connection:
            await connection.execute(update(comparisons).values(result=result))
        if expected is None:
            assert await archive.comparisons.changes("chg-9") is None
        else:
            with pytest.raises(DatabaseError) as caught:
                await archive.comparisons.changes("chg-9")
            assert "SECRET" not in str(caught.value)


async def test_a_thread_has_the_documents_that_have_a_report_oldest_first(archive):
    first = await archive.analysed(in_thread(2))
    await archive.analysed(in_thread(1))
    await archive.analysed(in_thread(3), finished=False)
    await archive.analysed(in_thread(4, thread_ts="2.0"))
    await archive.analysed(in_thread(5, channel="C2"))
    await archive.analysed(in_thread(6, brief=Brief(private=True)))
    assert await archive.thread(first) == ["F2", "F1"]


async def test_a_document_that_ran_again_stands_where_it_stood_with_its_last_report(archive):
    first = await archive.analysed(in_thread(1))
    await archive.analysed(in_thread(2))
    await archive.analysed(in_thread(1, id="doc-again"))

    found = await archive.versions.of_thread(first)

    assert [(each.file_id, each.job_id) for each in found] == [("F1", "doc-again"), ("F2", a_job(2).id)]
    own = await archive.versions.of_file(first)
    assert own is not None
    assert (own.job_id, own.shared_at) == ("doc-again", found[0].shared_at)


async def test_a_channel_lists_its_documents_newest_first_and_the_same_bytes_once(archive):
    same = document_of("The same bytes.")
    await archive.analysed(in_thread(1), same)
    await archive.analysed(in_thread(2))
    await archive.analysed(in_thread(3), same)
    await archive.analysed(in_thread(4, brief=Brief(private=True)))
    assert await archive.channel() == ["F3", "F2"]
    assert await archive.channel(since=NOW + timedelta(minutes=3)) == ["F3"]


async def test_a_private_report_is_found_by_who_asked_for_it_alone(archive):
    job = await archive.analysed(in_thread(1, brief=Brief(private=True)))
    assert await archive.versions.of_file(job) is not None
    assert await archive.versions.of_file(replace(job, user="U2")) is None
    assert await archive.versions.of_file(replace(job, brief=Brief())) is None
