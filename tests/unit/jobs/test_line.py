from __future__ import annotations

import asyncio

from smallprint.errors import DatabaseUnavailable
from smallprint.jobs import line
from smallprint.jobs.line import Line
from smallprint.jobs.stops import Stops
from smallprint.models.domain import Job
from tests.fakes.job_store import a_job
from tests.fakes.stops import InMemoryStops


class Places:
    """Counts down, and stumbles first when told to."""

    def __init__(self, *answers: int | Exception) -> None:
        self._answers = list(answers)

    async def ahead_of(self, job_id: str) -> int:
        answer = self._answers.pop(0) if self._answers else 0
        if isinstance(answer, Exception):
            raise answer
        return answer


async def told_nobody(ahead: int) -> None:
    raise AssertionError("nobody waits")


async def test_whose_turn_it_is_does_not_wait() -> None:
    async with Line(1, Stops(InMemoryStops()), Places()).turn(a_job(), told_nobody):
        pass


async def test_who_waits_is_told_how_many_come_before(monkeypatch) -> None:
    monkeypatch.setattr(line, "COUNT_S", 0.005)
    one = Line(1, Stops(InMemoryStops()), Places(2, DatabaseUnavailable(), 1))
    told: list[int | str] = []

    async def waits() -> None:
        async def tell(ahead: int) -> None:
            told.append(ahead)

        async with one.turn(a_job(2), tell):
            told.append("turn")

    async with one.turn(a_job(1), told_nobody):
        waiting = asyncio.create_task(waits())
        await asyncio.sleep(0.03)
    await waiting
    assert told[:2] == [2, 1]
    assert told[-1] == "turn"


async def test_who_is_stopped_while_waiting_goes_on_at_once_and_takes_nobody_s_place() -> None:
    stops = Stops(InMemoryStops())
    queue = Line(1, stops, None)
    went: list[str] = []

    async def go(job: Job) -> None:
        async with queue.turn(job, told_nobody):
            went.append(job.id)

    async with queue.turn(a_job(1), told_nobody):
        waiting = [asyncio.create_task(go(a_job(number))) for number in (2, 3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await stops.stop(a_job(2).id, "U1")
        await asyncio.wait_for(waiting[0], 0.1)
        assert went == [a_job(2).id]
    await waiting[1]
    async with queue.turn(a_job(4), told_nobody):
        pass
