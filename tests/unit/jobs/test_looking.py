"""A task that looks again and again: at once, when it is time, and when something is noticed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from smallprint.jobs.looking import Looking

NEVER_S = 60.0


class Looks:
    """Counts the looks, and says how long until the next."""

    def __init__(self, wait_s: float = NEVER_S, *, failing: int = 0) -> None:
        self.count = 0
        self.looking = Looking(self._look, failed="looking failed", again_s=0.0)
        self._wait_s = wait_s
        self._failing = failing

    async def _look(self) -> float:
        self.count += 1
        if self.count <= self._failing:
            raise ValueError
        return self._wait_s

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(1):
            while self.count < count:  # noqa: ASYNC110 - a look tells nobody
                await asyncio.sleep(0)

    async def during(self, what: Callable[[], Awaitable[None]]) -> None:
        self.looking.start()
        await what()
        await self.looking.stop()


async def test_the_first_look_comes_at_once_and_the_next_when_it_is_time():
    patient, restless = Looks(), Looks(0.0)
    await patient.during(lambda: patient.reach(1))
    await restless.during(lambda: restless.reach(5))
    assert patient.count == 1


async def test_what_is_noticed_is_looked_at_at_once():
    looks = Looks()

    async def notice() -> None:
        await looks.reach(1)
        looks.looking.notice()
        await looks.reach(2)

    await looks.during(notice)
    assert looks.count == 2


async def test_what_is_noticed_while_it_looks_is_looked_at_once_more():
    noticed: list[int] = []

    async def look() -> float:
        noticed.append(len(noticed))
        if len(noticed) == 1:
            looking.notice()
        return NEVER_S

    looking = Looking(look, failed="looking failed", again_s=NEVER_S)
    looking.start()
    async with asyncio.timeout(1):
        while len(noticed) < 2:  # noqa: ASYNC110 - a look tells nobody
            await asyncio.sleep(0)
    await looking.stop()
    assert noticed == [0, 1]


async def test_a_look_that_fails_does_not_keep_the_next_from_coming():
    looks = Looks(failing=3)
    await looks.during(lambda: looks.reach(4))
    assert looks.count == 4


async def test_nothing_is_looked_at_once_it_has_stopped():
    looks = Looks(0.0)
    await looks.during(lambda: looks.reach(2))
    count = looks.count
    looks.looking.notice()
    await asyncio.sleep(0.01)
    assert looks.count == count
    await looks.looking.stop()


@pytest.mark.parametrize("started", [True, False])
async def test_it_can_be_stopped_whether_or_not_it_was_started(started):
    looks = Looks()
    if started:
        looks.looking.start()
    await looks.looking.stop()
    assert looks.count == 0
