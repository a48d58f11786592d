from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from smallprint.errors import SlackUnavailable
from smallprint.models.domain import Job, Progress, Step
from smallprint.slack.progress import BURST, ProgressBoard
from tests.fakes.job_store import a_job

READING, ANALYSING = Progress(Step.READING), Progress(Step.ANALYSING)


class Slack:
    """What a thread would show, and when."""

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self.shown: list[str] = []
        self.at: list[float] = []
        self.statuses: list[Step] = []
        self.troubles: list[Exception] = []
        self._takes_s = takes_s

    async def message(self, job: Job, progress: Progress) -> None:
        self.at.append(asyncio.get_running_loop().time())
        if self.troubles:
            raise self.troubles.pop(0)
        await asyncio.sleep(self._takes_s)
        self.shown.append(progress.step)

    async def status(self, job: Job, progress: Progress) -> None:
        self.statuses.append(progress.step)


def board(slack: Slack, *, between_s: float = 0.02, at_least_s: float = 5.0) -> ProgressBoard:
    return ProgressBoard(
        message=slack.message, status=slack.status, between_s=between_s, at_least_s=at_least_s
    )


async def test_many_changes_are_few_updates_and_the_last_one_is_shown() -> None:
    slack = Slack()
    one = board(slack)
    for number in range(200):
        one.tell(a_job(), replace(READING, ahead=number))
        await asyncio.sleep(0.0005)
    one.tell(a_job(), ANALYSING)
    async with asyncio.timeout(5):
        while slack.shown[-1:] != [Step.ANALYSING]:  # noqa: ASYNC110 - the board tells nobody when it has shown
            await asyncio.sleep(0.005)
    one.leave(a_job())
    gaps = [later - earlier for earlier, later in zip(slack.at, slack.at[1:], strict=False)]
    assert min(gaps) >= 0.019
    assert len(slack.shown) < 100


async def test_slack_s_own_status_comes_at_once() -> None:
    slack = Slack()
    one = board(slack, between_s=1.0)
    one.tell(a_job(), READING)
    await asyncio.sleep(0.01)
    assert (slack.statuses, slack.shown) == ([Step.READING], [])
    one.leave(a_job())


async def test_what_does_not_change_is_shown_again_before_slack_forgets_it() -> None:
    slack = Slack()
    one = board(slack, between_s=0.005, at_least_s=0.02)
    one.tell(a_job(), READING)
    for _ in range(10):
        one.tell(a_job(), READING)
        await asyncio.sleep(0.01)
    one.leave(a_job())
    assert 2 <= len(slack.shown) <= 8
    assert len(slack.statuses) >= len(slack.shown)


async def test_a_result_waits_for_an_update_under_way_and_none_comes_after_it() -> None:
    slack = Slack(takes_s=0.03)
    one = board(slack, between_s=0.005)
    one.tell(a_job(), READING)
    await asyncio.sleep(0.02)
    async with one.ending(a_job()):
        slack.shown.append("result")
    one.tell(a_job(), ANALYSING)
    await asyncio.sleep(0.03)
    assert slack.shown == [Step.READING, "result"]


@pytest.mark.parametrize("trouble", [SlackUnavailable(), ValueError("a bug of ours")])
async def test_slack_s_troubles_are_nobody_s_trouble(trouble) -> None:
    slack = Slack()
    slack.troubles = [trouble]
    one = board(slack, between_s=0.005, at_least_s=0.01)
    one.tell(a_job(), READING)
    await asyncio.sleep(0.04)
    one.leave(a_job())
    assert slack.shown


async def test_nobody_waits_for_slack() -> None:
    slack = Slack(takes_s=5)
    one = board(slack, between_s=0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    one.tell(a_job(), READING)
    await asyncio.sleep(0.005)
    one.tell(a_job(), ANALYSING)
    one.leave(a_job())
    assert loop.time() - began < 1


async def test_many_jobs_leave_most_updates_to_results() -> None:
    slack = Slack()
    one = board(slack, between_s=0.001)
    for number in range(3 * BURST):
        one.tell(a_job(number), READING)
    await asyncio.sleep(0.05)
    for number in range(3 * BURST):
        one.leave(a_job(number))
    assert BURST <= len(slack.shown) <= BURST + 1
