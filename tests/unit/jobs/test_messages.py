"""Several files in one message: in their order, and one headline."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from smallprint.errors import SlackRefused, SlackUnavailable
from smallprint.jobs.messages import Messages, message_id
from smallprint.models.domain import Ending, Job
from smallprint.services.database.jobs import Arrival, JobState
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.delivery import RecordingDelivery
from tests.fakes.job_store import NOW, InMemoryJobStore, a_job, jobs_of_message


class SlowDelivery(RecordingDelivery):
    """Posts each placeholder once, as Slack would show them."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: dict[str, asyncio.Task[None]] = {}

    async def announce(self, job: Job) -> None:
        if job.id not in self.posted:
            self.posted[job.id] = asyncio.create_task(self._post(job))
        await self.posted[job.id]

    async def _post(self, job: Job) -> None:
        await asyncio.sleep(0.001)
        self.announced.append(job.id)


class Desk:
    def __init__(self) -> None:
        self.store, self.delivery, self.reports = InMemoryJobStore(), SlowDelivery(), HarmlessAnalyser()
        self.messages = Messages(self.store, self.delivery, self.reports)

    async def put(self, jobs: Sequence[Job]) -> None:
        await self.store.add([Arrival(job, JobState.QUEUED, NOW) for job in jobs])

    async def end(self, job: Job, outcome: str = "low", state: JobState = JobState.DONE) -> None:
        await self.store.finish(job.id, state, outcome)
        await self.messages.ended(job)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_placeholders_stand_in_the_order_of_the_files_whoever_comes_first(desk) -> None:
    jobs = jobs_of_message(6)
    await desk.put(jobs)
    await asyncio.gather(*(desk.messages.announce(job) for job in (jobs[4], jobs[2], jobs[5], jobs[0])))
    assert desk.delivery.announced == [job.id for job in jobs]


async def test_a_file_that_came_alone_asks_nobody_about_others(desk) -> None:
    await desk.messages.announce(a_job())
    await desk.messages.ended(a_job())
    assert desk.delivery.announced == [a_job().id]
    assert desk.delivery.headlines == []


async def test_the_headline_comes_once_when_the_last_file_has_ended(desk) -> None:
    jobs = jobs_of_message(3)
    await desk.put(jobs)
    await desk.end(jobs[2], "scanned", JobState.FAILED)
    await desk.end(jobs[0])
    assert desk.delivery.headlines == []
    await desk.end(jobs[1])
    assert desk.delivery.headlines == [
        [Ending(jobs[0], "low"), Ending(jobs[1], "low"), Ending(jobs[2], "scanned")]
    ]
    await desk.messages.sweep()
    assert len(desk.delivery.headlines) == 1


async def test_what_nobody_has_seen_yet_has_not_ended(desk) -> None:
    jobs = jobs_of_message(2)
    await desk.put(jobs)
    await desk.end(jobs[0], state=JobState.UNDELIVERED)
    await desk.end(jobs[1])
    assert desk.delivery.headlines == []


async def test_a_headline_that_a_crash_or_an_outage_prevented_is_posted_by_the_sweep(desk) -> None:
    jobs = jobs_of_message(2)
    await desk.put(jobs)
    desk.delivery.troubles = [SlackUnavailable()]
    for job in jobs:
        await desk.end(job)
    assert desk.delivery.headlines == []
    await desk.messages.sweep()
    assert len(desk.delivery.headlines) == 1


async def test_a_headline_that_slack_refuses_is_given_up(desk) -> None:
    jobs = jobs_of_message(2)
    await desk.put(jobs)
    desk.delivery.troubles = [SlackRefused("channel_not_found")]
    for job in jobs:
        await desk.end(job)
    await desk.messages.sweep()
    assert desk.delivery.headlines == []


async def test_one_new_file_beside_known_ones_needs_no_headline(desk) -> None:
    job = jobs_of_message(2)[1]
    await desk.put([job])
    await desk.end(job)
    assert desk.delivery.headlines == []
    assert await desk.store.not_summed_up() == []


def test_files_of_one_message_share_its_name_and_no_other_does() -> None:
    first, second = jobs_of_message(2)
    assert message_id(first) == message_id(second)
    assert message_id(first) != message_id(replace(first, message_ts="1700000000.000600"))
    assert message_id(first) != message_id(replace(first, channel="C2"))
