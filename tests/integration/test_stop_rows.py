"""Who stopped a job, what it had cost, and how many documents come before it, in a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smallprint.models.domain import AnalysisRequest, JobKind, ModelCall, Stop, StopAnswer
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.queue_positions import QueuePositions
from smallprint.services.database.stops import StopStore
from tests.fakes.job_store import NOW, a_job, jobs_of_message
from tests.fakes.passages import document_of
from tests.fakes.reports import low_report
from tests.integration.databases import DIALECTS, fresh_database

JOB = a_job()


@pytest.fixture(params=DIALECTS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database(request.param, tmp_path) as database:
        await JobStore(database).add([Arrival(JOB, JobState.QUEUED, NOW)])
        yield database


async def test_of_two_who_stop_a_job_the_first_is_remembered(database) -> None:
    stops = StopStore(database)
    answers = await asyncio.gather(stops.stop(JOB.id, "U1"), stops.stop(JOB.id, "U2"))
    assert sorted(answers) == [StopAnswer.ALREADY, StopAnswer.STOPPED]
    first = ("U1", "U2")[answers.index(StopAnswer.STOPPED)]
    assert await stops.stopped_by([JOB.id, "doc-unknown"]) == {JOB.id: first}


async def test_a_job_that_has_ended_can_not_be_stopped(database) -> None:
    await JobStore(database).finish(JOB.id, JobState.FAILED, "scanned")
    assert await StopStore(database).stop(JOB.id, "U1") is StopAnswer.TOO_LATE
    assert await StopStore(database).stop("doc-unknown", "U1") is StopAnswer.TOO_LATE
    assert await StopStore(database).stopped_by([JOB.id]) == {}


async def test_a_report_that_is_made_is_shown_whoever_stops_its_job(database) -> None:
    log = AnalysisStore(database)
    await log.begin(AnalysisRequest(JOB.id), document_of("text"), {}, offline=False)
    await log.finish(replace(low_report(), analysis_id=JOB.id))
    assert await StopStore(database).stop(JOB.id, "U1") is StopAnswer.TOO_LATE


async def test_what_was_spent_by_then_is_added_up_and_what_nobody_knows_is_counted(database) -> None:
    calls, stops = CallStore(database), StopStore(database)
    assert await stops.stop_of(JOB.id) == Stop("", 0, 0)
    for number, (cost, reason) in enumerate(
        [(5_000_000, "end_turn"), (None, None), (2_000_000, None), (0, None)]
    ):
        call = ModelCall(
            f"call{number}",
            JOB.id,
            "document_analysis",
            "main",
            1,
            None,
            "claude",
            datetime.now(UTC),
            5,
            "cancelled",
            cost_nano_usd=cost,
            stop_reason=reason,
        )
        await calls.record(call, f"{JOB.id}/{number}", None)
    await stops.stop(JOB.id, "U1")
    assert await stops.stop_of(JOB.id) == Stop("U1", 7_000_000, 2)


async def test_the_unfinished_jobs_of_a_thread_come_with_their_askers(database) -> None:
    other = replace(a_job(2, thread=JOB.thread_ts), user="U2")
    ended, elsewhere = a_job(3, thread=JOB.thread_ts), a_job(4)
    store = JobStore(database)
    await store.add([Arrival(job, JobState.QUEUED, NOW) for job in (other, ended, elsewhere)])
    await store.finish(ended.id, JobState.DONE, "low")
    found = await StopStore(database).unfinished_in(JOB.channel, JOB.thread_ts)
    assert found == {JOB.id: "U1", other.id: "U2"}


async def test_documents_that_came_before_and_have_not_ended_are_counted(database) -> None:
    store, positions = JobStore(database), QueuePositions(database, fresh_s=0.0)
    question = replace(a_job(2), kind=JobKind.QUESTION)
    together = jobs_of_message(3)
    together = [replace(job, id=f"doc-together-{job.ordinal}") for job in together]
    await store.add([Arrival(question, JobState.QUEUED, NOW)])
    await store.add([Arrival(job, JobState.ACCEPTED, NOW) for job in together])
    assert [await positions.ahead_of(job.id) for job in together] == [1, 2, 3]
    await store.finish(JOB.id, JobState.DONE, "low")
    assert [await positions.ahead_of(job.id) for job in together] == [0, 1, 2]
    assert await positions.ahead_of("doc-unknown") == 0


async def test_for_a_second_the_line_is_not_looked_at_again_but_for_who_is_new_in_it(database) -> None:
    now = [0.0]
    store, positions = JobStore(database), QueuePositions(database, clock=lambda: now[0])
    await store.add([Arrival(a_job(2), JobState.ACCEPTED, NOW)])
    assert await positions.ahead_of(a_job(2).id) == 1
    await store.finish(JOB.id, JobState.DONE, "low")
    assert await positions.ahead_of(a_job(2).id) == 1
    await store.add([Arrival(a_job(3), JobState.ACCEPTED, NOW)])
    now[0] = 0.5
    assert await positions.ahead_of(a_job(3).id) == 1
    assert await positions.ahead_of(a_job(2).id) == 0


async def test_when_a_job_came_in_is_known_as_long_as_it_is_kept(database) -> None:
    positions = QueuePositions(database)
    came = await positions.came_at(JOB.id)
    assert came is not None
    assert abs((datetime.now(UTC) - came).total_seconds()) < 60
    assert await positions.came_at("doc-unknown") is None
