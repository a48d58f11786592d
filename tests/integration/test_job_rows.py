"""The rows of jobs and posts in a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from smallprint.models.database import jobs
from smallprint.models.domain import Brief, Job, Profile
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import Arrival, JobCounts, JobState, JobStore
from smallprint.services.database.migrations import MIGRATIONS_FOLDER
from smallprint.services.database.posts import LEASE_S, Claim, PostStore
from tests.fakes.job_store import NOW, a_job, jobs_of_message
from tests.integration.databases import DIALECTS, fresh_database


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        yield database


@pytest.fixture
def store(database: Database) -> JobStore:
    return JobStore(database)


def arrivals(*jobs: Job, state: JobState = JobState.ACCEPTED) -> list[Arrival]:
    return [Arrival(job, state, NOW) for job in jobs]


async def test_a_job_comes_back_as_it_was(store) -> None:
    await store.add(arrivals(a_job(1), a_job(2)))
    assert await store.get(a_job(1).id) == a_job(1)
    assert await store.get("doc-unknown") is None


async def test_the_asker_s_wishes_come_back_with_the_job(store) -> None:
    wishes = Brief(Profile.THOROUGH, "the tenant", "exit", "English", {"document_analysis": 2}, True, True)
    job = replace(a_job(1), brief=wishes)
    await store.add(arrivals(job, a_job(2)))
    assert await store.get(job.id) == job
    assert await store.accepted() == [job, a_job(2)]


@pytest.mark.parametrize("kept", ["", "{}", '{"of_a_later_release": 1}'])
async def test_a_job_without_wishes_or_with_later_ones_is_read(database, store, kept) -> None:
    await store.add(arrivals(a_job(1)))
    async with database.write() as connection:
        await connection.execute(update(jobs).values(brief=kept))
    assert await store.get(a_job(1).id) == a_job(1)


async def test_a_row_of_an_earlier_release_has_no_wishes(tmp_path: Path) -> None:
    old = tmp_path / "schema"
    old.mkdir()
    for file in MIGRATIONS_FOLDER.glob("000[12]*.sql"):
        (old / file.name).write_bytes(file.read_bytes())
    url = f"sqlite+aiosqlite:///{tmp_path}/old.db"
    database = await Database.open(url, migrations_folder=old)
    later = {"brief", "kind", "stopped_by"}
    names_before = (column.name for column in jobs.columns if column.name not in later)
    row: dict[str, str | int] = dict.fromkeys(names_before, "x")
    row |= {"ordinal": 0, "siblings": 1}
    async with database.write() as connection:
        names = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f":{name}" for name in row)
        await connection.execute(text(f"INSERT INTO jobs ({names}) VALUES ({values})"), row)  # noqa: S608
    await database.close()
    database = await Database.open(url)
    job = await JobStore(database).get("x")
    await database.close()
    assert job is not None
    assert job.brief == Brief()


async def test_a_job_that_exists_stays_as_it_is(store) -> None:
    await store.add(arrivals(a_job(1)))
    await store.mark_queued([a_job(1).id])
    await store.add(arrivals(a_job(1), a_job(2)))
    assert await store.queued() == [a_job(1)]
    assert await store.accepted() == [a_job(2)]


async def test_many_jobs_are_queued_at_once_and_only_accepted_ones(store) -> None:
    many = [a_job(number) for number in range(1200)]
    await store.add(arrivals(*many))
    await store.finish(a_job(0).id, JobState.DONE, "low")
    await store.mark_queued([job.id for job in many])
    assert len(await store.queued()) == 1199


async def test_waiting_jobs_come_soonest_first(store) -> None:
    later = Arrival(a_job(1), JobState.WAITING, NOW + timedelta(seconds=9))
    await store.add([later, Arrival(a_job(2), JobState.WAITING, NOW)])
    assert [(job, due) for job, due, _ in await store.waiting()] == [
        (a_job(2), NOW),
        (a_job(1), later.due_at),
    ]
    await store.postpone(a_job(2).id, NOW + timedelta(seconds=20))
    assert [job for job, _, _ in await store.waiting()] == [a_job(1), a_job(2)]


async def test_the_same_file_in_the_same_channel_is_found(store) -> None:
    bare = a_job(1, thread="", trigger="file_shared")
    await store.add(arrivals(bare, Job("doc-elsewhere", "T1", "C2", "1.1", "F1", "U1", "message")))
    assert not await store.shared_elsewhere(bare)
    await store.add(arrivals(Job("doc-here", "T1", "C1", "1.1", "F1", "U1", "message")))
    assert await store.shared_elsewhere(bare)


async def test_the_files_of_a_message_come_in_their_order(store) -> None:
    files = jobs_of_message(3)
    await store.add(arrivals(*reversed(files), a_job(9)))
    await store.finish(files[1].id, JobState.FAILED, "scanned")
    assert await store.of_message(files[2]) == [
        (files[0], JobState.ACCEPTED, ""),
        (files[1], JobState.FAILED, "scanned"),
        (files[2], JobState.ACCEPTED, ""),
    ]


async def test_a_message_is_to_be_summed_up_once_all_its_files_have_ended(store) -> None:
    files, others = jobs_of_message(2), jobs_of_message(2, message_ts="1700000000.000600")
    others = [replace(job, id=f"{job.id}-other") for job in others]
    await store.add(arrivals(*files, *others, a_job(9)))
    for job, state in zip(
        (*files, *others, a_job(9)),
        (JobState.DONE, JobState.FAILED, JobState.DONE, JobState.UNDELIVERED, JobState.DONE),
        strict=True,
    ):
        await store.finish(job.id, state, "")
    (found,) = await store.not_summed_up()
    assert found.message_ts == files[0].message_ts
    await store.mark_summed_up(files[1])
    assert await store.not_summed_up() == []


async def test_undelivered_jobs_come_with_their_outcome(store) -> None:
    await store.add(arrivals(a_job(1)))
    await store.finish(a_job(1).id, JobState.UNDELIVERED, "scanned")
    assert await store.undelivered() == [(a_job(1), "scanned")]


async def test_jobs_are_counted_by_where_they_stand(store) -> None:
    assert await store.counts() == JobCounts()
    await store.add(arrivals(*(a_job(number) for number in range(6))))
    await store.add(arrivals(a_job(6), state=JobState.WAITING))
    await store.mark_queued([a_job(0).id])
    for number, state in (
        (1, JobState.DONE),
        (2, JobState.FAILED),
        (3, JobState.UNDELIVERED),
        (4, JobState.SUPERSEDED),
    ):
        await store.finish(a_job(number).id, state, "")
    counts = await store.counts()
    assert (counts.waiting, counts.queued, counts.done, counts.failed, counts.undelivered) == (1, 2, 1, 1, 1)
    assert counts.oldest is not None
    assert datetime.now(UTC) - counts.oldest < timedelta(seconds=10)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def test_the_first_to_claim_a_post_wins(database) -> None:
    posts = PostStore(database, clock=Clock())
    assert await posts.claim("t", "a") == Claim("won", "", 0.0, "a")
    assert await posts.claim("t", "b") == Claim("sending", "", 0.0, "a")


async def test_what_was_sent_stays_sent(database) -> None:
    posts = PostStore(database, clock=Clock())
    await posts.claim("t", "a")
    await posts.sent("t", "1.5")
    await posts.sent("t", "1.6")
    assert await posts.claim("t", "b") == Claim("sent", "1.5", 0.0, "a")


async def test_a_process_may_take_over_after_the_lease_and_then_holds_it(database) -> None:
    clock = Clock()
    posts = PostStore(database, clock=clock)
    await posts.claim("t", "a")
    clock.pass_s(LEASE_S - 1)
    assert (await posts.claim("t", "b")).age_s == LEASE_S - 1
    clock.pass_s(2)
    taken = await posts.claim("t", "b")
    assert (taken.state, taken.age_s, taken.owner) == ("sending", LEASE_S + 1, "a")
    assert await posts.claim("t", "c") == Claim("sending", "", 0.0, "b")


async def test_ones_own_unfinished_post_is_still_ones_own(database) -> None:
    clock = Clock()
    posts = PostStore(database, clock=clock)
    await posts.claim("t", "a")
    clock.pass_s(LEASE_S - 1)
    assert await posts.claim("t", "a") == Claim("sending", "", LEASE_S - 1, "a")
    clock.pass_s(LEASE_S - 1)
    assert (await posts.claim("t", "b")).age_s == LEASE_S - 1
