"""What can be seen of a running bot from outside: its log, its health and its metrics."""

from __future__ import annotations

import json

import pytest

from tests.end_to_end.http import get
from tests.end_to_end.served import Served
from tests.end_to_end.thread import outcome
from tests.fakes.shared_files import TEXT
from tests.fakes.slack import FakeSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_step_of_a_job_is_a_line_with_its_id(bot: Served, slack: FakeSlack) -> None:
    await outcome(slack, await slack.share("contracts", "ann", "lease.txt", TEXT))
    await slack.wait_for(lambda: any(line["event"] == "job ended" for line in bot.log_lines()), 5)
    events = {line["event"] for line in bot.log_lines()}
    assert {"document read", "model answered", "report made", "job ended"} <= events
    assert all("level" in line and "timestamp" in line for line in bot.log_lines())


async def test_health_says_that_it_lives_and_whether_it_can_work(bot: Served) -> None:
    assert (await get(bot, "/healthz"))[0] == 200
    status, said = await get(bot, "/readyz")
    assert (status, json.loads(said)) == (200, {"status": "ready", "problems": {}})


async def test_without_a_token_the_metrics_of_what_was_done_are_open(bot: Served, slack: FakeSlack) -> None:
    await outcome(slack, await slack.share("contracts", "ann", "lease.txt", TEXT))
    status, told = await get(bot, "/metrics")
    assert status == 200
    assert 'smallprint_jobs_ended_total{outcome="' in told
    assert "lease.txt" not in told
