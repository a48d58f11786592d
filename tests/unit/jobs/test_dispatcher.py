from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from smallprint.errors import FileGone, SlackUnavailable
from smallprint.jobs.admission import Gate
from smallprint.jobs.dispatcher import ANNOUNCING, AT_MOST_S, Dispatcher
from smallprint.jobs.intake import job_id
from smallprint.models.domain import Against, Job
from smallprint.services.database.jobs import Arrival, JobState
from tests.fakes.admission import InMemoryAdmissions, ScriptedAdmission
from tests.fakes.files import ShelfOfFiles
from tests.fakes.job_store import InMemoryJobStore, a_job


class Desk:
    """A dispatcher with its surroundings."""

    def __init__(self, files: ShelfOfFiles | None = None, admission: ScriptedAdmission | None = None) -> None:
        self.store = InMemoryJobStore()
        self.queued: list[str] = []
        self.announced: list[str] = []
        self.most_at_once = 0
        self._now = 0
        self.dispatcher = Dispatcher(
            self.store,
            files or ShelfOfFiles(),
            announce=self._announce,
            enqueue=self._enqueue,
            gate=Gate(InMemoryAdmissions(self.store), admission) if admission else None,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        self.dispatcher.start()
        yield
        await self.dispatcher.stop()

    async def put(self, *jobs: Job, state: JobState = JobState.ACCEPTED, since_s: float = 0) -> None:
        moment = datetime.now(UTC) - timedelta(seconds=since_s)
        await self.store.add([Arrival(job, state, moment) for job in jobs])
        for job in jobs:
            self.store.rows[job.id].created_at = moment

    async def _announce(self, job: Job) -> None:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(0.005)
        self._now -= 1
        self.announced.append(job.id)
        if job.file_id == "F13":
            raise SlackUnavailable

    async def _enqueue(self, jobs: Sequence[Job]) -> None:
        self.queued.extend(job.id for job in jobs)


async def settle() -> None:
    await asyncio.sleep(0.06)


async def test_what_an_earlier_process_left_is_dispatched_at_the_start() -> None:
    desk = Desk()
    await desk.put(a_job())
    async with desk.open():
        await settle()
    assert desk.queued == desk.announced == [a_job().id]
    assert desk.store.rows[a_job().id].state is JobState.QUEUED


async def test_what_is_not_let_in_gets_an_offer_and_neither_a_placeholder_nor_a_run() -> None:
    admission = ScriptedAdmission({"F1": Against.OFFERED.value, "F2": Against.TOO_SMALL.value})
    desk = Desk(admission=admission)
    await desk.put(a_job(1), a_job(2), a_job(3))
    async with desk.open():
        await settle()
        await settle()
    assert desk.queued == desk.announced == [a_job(3).id]
    assert admission.told == [(a_job(1).id, Against.OFFERED)]
    assert desk.store.rows[a_job(1).id].state is JobState.DECLINED


async def test_a_shared_file_that_found_its_thread_is_decided_on_too() -> None:
    desk = Desk(ShelfOfFiles(thread="1.5"), ScriptedAdmission({"F1": Against.ONLY_WHEN_ASKED.value}))
    await desk.put(a_job(1, thread="", trigger="file_shared"), state=JobState.WAITING)
    async with desk.open():
        await settle()
        await settle()
    assert desk.queued == desk.announced == []
    assert desk.store.rows[job_id("T1", "C1", "1.5", "F1")].state is JobState.DECLINED


async def test_placeholders_are_posted_a_few_at_once_and_a_failed_one_stops_nothing() -> None:
    desk = Desk()
    await desk.put(*(a_job(number) for number in range(40)))
    async with desk.open():
        await settle()
        await settle()
    assert sorted(desk.announced) == sorted(a_job(number).id for number in range(40))
    assert desk.most_at_once == ANNOUNCING


async def test_dispatching_waits_for_the_end_of_a_burst_but_not_for_ever() -> None:
    desk = Desk()
    async with desk.open():
        await settle()
        await desk.put(a_job())
        began = time.monotonic()
        while not desk.queued:
            desk.dispatcher.notice()
            await asyncio.sleep(0.002)
        assert AT_MOST_S - 0.02 < time.monotonic() - began < AT_MOST_S + 5


async def test_a_shared_file_whose_message_came_is_superseded() -> None:
    desk = Desk()
    await desk.put(a_job(1, thread="", trigger="file_shared"), state=JobState.WAITING)
    await desk.put(Job("doc-message", "T1", "C1", "1.1", "F1", "U1", "message"))
    async with desk.open():
        await settle()
    assert desk.store.rows[a_job(1).id].state is JobState.SUPERSEDED
    assert desk.queued == ["doc-message"]


async def test_a_shared_file_finds_its_thread_when_no_message_came() -> None:
    desk = Desk(ShelfOfFiles(thread="1.5"))
    await desk.put(a_job(1, thread="", trigger="file_shared"), state=JobState.WAITING)
    async with desk.open():
        await settle()
    found = desk.store.rows[job_id("T1", "C1", "1.5", "F1")]
    assert (found.job.thread_ts, found.job.trigger) == ("1.5", "file_shared")
    assert desk.queued == [found.job.id]
    assert desk.store.rows[a_job(1).id].state is JobState.SUPERSEDED


async def test_a_shared_file_is_not_looked_at_before_its_time() -> None:
    desk = Desk()
    await desk.put(a_job(1, thread="", trigger="file_shared"), state=JobState.WAITING, since_s=-5)
    async with desk.open():
        await settle()
    assert desk.store.rows[a_job(1).id].state is JobState.WAITING


@pytest.mark.parametrize("trouble", [SlackUnavailable(), ValueError()])
async def test_when_slack_does_not_say_where_a_file_is_it_is_asked_again_later(trouble) -> None:
    desk = Desk(ShelfOfFiles(trouble))
    await desk.put(
        a_job(1, thread="", trigger="file_shared"),
        a_job(2, thread="", trigger="file_shared"),
        state=JobState.WAITING,
    )
    async with desk.open():
        await settle()
    first, second = (desk.store.rows[a_job(number).id] for number in (1, 2))
    assert first.state is JobState.WAITING
    assert first.due_at > datetime.now(UTC)
    assert second.state is JobState.SUPERSEDED


@pytest.mark.parametrize(
    ("trouble", "since_s"), [(FileGone(), 0), (SlackUnavailable(), 600), (ValueError(), 600)]
)
async def test_a_shared_file_that_cannot_be_found_is_given_up(trouble, since_s) -> None:
    desk = Desk(ShelfOfFiles(trouble))
    await desk.put(a_job(1, thread="", trigger="file_shared"), state=JobState.WAITING, since_s=since_s)
    async with desk.open():
        await settle()
    assert desk.store.rows[a_job(1).id].state is JobState.FAILED
