from __future__ import annotations

import asyncio

import pytest

from smallprint.errors import DatabaseUnavailable, Stopped
from smallprint.jobs.stops import Stops
from smallprint.models.domain import StopAnswer
from tests.fakes.job_store import a_job
from tests.fakes.stops import InMemoryStops

JOB = a_job()


@pytest.fixture
def log() -> InMemoryStops:
    return InMemoryStops()


@pytest.fixture
def stops(log) -> Stops:
    return Stops(log, poll_s=0.01)


async def working(stops: Stops, begun: asyncio.Event) -> str:
    """Who stopped it."""
    try:
        async with stops.guard(JOB):
            begun.set()
            await asyncio.sleep(5)
    except Stopped as stopped:
        return stopped.by
    return "nobody"


async def test_a_stop_cancels_what_runs_here_at_once(stops) -> None:
    begun = asyncio.Event()
    work = asyncio.create_task(working(stops, begun))
    await begun.wait()
    assert await stops.stop(JOB.id, "U9") is StopAnswer.STOPPED
    assert await asyncio.wait_for(work, 0.1) == "U9"


async def test_a_stop_of_another_process_is_noticed(stops, log) -> None:
    begun = asyncio.Event()
    work = asyncio.create_task(working(stops, begun))
    await begun.wait()
    await Stops(log).stop(JOB.id, "U9")
    assert await asyncio.wait_for(work, 1) == "U9"


async def test_pressed_by_two_it_is_the_first_one_s_stop(stops) -> None:
    begun = asyncio.Event()
    work = asyncio.create_task(working(stops, begun))
    await begun.wait()
    answers = await asyncio.gather(stops.stop(JOB.id, "U1"), stops.stop(JOB.id, "U2"))
    assert list(answers) == [StopAnswer.STOPPED, StopAnswer.ALREADY]
    assert await work == "U1"


async def test_a_stop_may_be_nobody_s(stops, log) -> None:
    begun = asyncio.Event()
    work = asyncio.create_task(working(stops, begun))
    await begun.wait()
    assert await stops.stop(JOB.id, "") is StopAnswer.STOPPED
    assert await work == log.by[JOB.id] != ""


async def test_what_was_stopped_before_it_began_does_not_begin(stops, log) -> None:
    log.by[JOB.id] = "U9"
    begun = asyncio.Event()
    assert await working(stops, begun) == "U9"
    assert not begun.is_set()


async def test_a_job_that_nobody_stopped_is_left_alone(stops) -> None:
    await stops.stop(a_job(2).id, "U9")
    async with stops.guard(JOB):
        await asyncio.sleep(0.05)


async def test_nothing_is_asked_while_nothing_runs(stops, log) -> None:
    async with stops.guard(JOB):
        await asyncio.sleep(0.05)
    looks = log.looks
    await asyncio.sleep(0.05)
    assert log.looks == looks


async def test_a_database_that_is_away_for_a_while_is_asked_again(stops, log) -> None:
    begun = asyncio.Event()
    work = asyncio.create_task(working(stops, begun))
    await begun.wait()
    log.away = True
    with pytest.raises(DatabaseUnavailable):
        await stops.stop(JOB.id, "U9")
    await asyncio.sleep(0.03)
    log.away = False
    log.by[JOB.id] = "U9"
    assert await asyncio.wait_for(work, 1) == "U9"


async def test_a_process_that_stops_is_no_stop_of_the_job(stops) -> None:
    begun = asyncio.Event()
    work = asyncio.create_task(working(stops, begun))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_a_process_that_stops_wins_over_a_stop_of_the_same_moment(stops) -> None:
    begun = asyncio.Event()
    work = asyncio.create_task(working(stops, begun))
    await begun.wait()
    await stops.stop(JOB.id, "U9")
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_after_a_stop_the_same_task_goes_on(stops) -> None:
    async def work() -> str:
        begun = asyncio.Event()
        asyncio.get_running_loop().call_later(0.01, asyncio.ensure_future, stops.stop(JOB.id, "U9"))
        by = await working(stops, begun)
        await asyncio.sleep(0.01)
        return by

    assert await work() == "U9"
