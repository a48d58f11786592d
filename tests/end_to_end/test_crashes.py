"""kill -9 and SIGTERM: nothing is lost, nothing is repeated, nothing is paid twice."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest

from tests.end_to_end.served import AT_ONCE, CALLS, Served
from tests.end_to_end.thread import finished, outcome
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "Lease number {n}\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"


def done(slack: FakeSlack, shares: list[object]) -> list[int]:
    return [sum(finished(reply) for reply in slack.replies(share.channel, share.ts)) for share in shares]  # type: ignore[attr-defined]


async def test_three_kills_during_twenty_analyses_give_twenty_results_none_twice(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    claude.latency_s = 0.4
    chance = random.Random(7)
    async with Served(slack, claude, tmp_path, MAX_CONCURRENT_JOBS="4") as bot:
        shares = [
            await slack.share("contracts", "ann", f"lease-{n}.txt", TEXT.format(n=n)) for n in range(1, 21)
        ]
        for _ in range(3):
            await asyncio.sleep(chance.uniform(0.8, 2.0))
            await bot.kill()
            await bot.start()
        await slack.wait_for(lambda: all(done(slack, list(shares))), 60, what="twenty results")
        await slack.wait_quiet(1.0, timeout_s=20)
        assert done(slack, list(shares)) == [1] * 20
        assert [len(slack.replies(share.channel, share.ts)) for share in shares] == [1] * 20
        paid_twice = [key for key, times in claude.deliveries().items() if times > 1]
        assert not paid_twice or stored_before_repeat(bot, claude)


def stored_before_repeat(bot: Served, claude: FakeClaude) -> bool:
    """A call in flight when the process died never reached us: only those may be made again."""
    kept = bot.query("SELECT count(*) FROM answers")[0][0]
    repeated = sum(times - 1 for times in claude.deliveries().values())
    return bool(kept == 20 * CALLS and repeated <= 3 * 4 * AT_ONCE)


async def test_sigterm_lets_paid_calls_finish_and_the_rest_goes_on_later(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    claude.latency_s = 1.0
    async with Served(slack, claude, tmp_path, MAX_CONCURRENT_JOBS="3") as bot:
        shares = [
            await slack.share("contracts", "ann", f"lease-{n}.txt", TEXT.format(n=n)) for n in range(1, 7)
        ]
        await slack.wait_for(lambda: len(claude.received) >= 2, 20)
        began = time.monotonic()
        assert await bot.terminate() == 0
        assert time.monotonic() - began < 30
        await bot.start()
        for share in shares:
            assert await outcome(slack, share)
        assert all(times == 1 for times in claude.deliveries().values())
        assert done(slack, list(shares)) == [1] * 6


async def test_an_event_that_came_while_we_were_down_is_answered_after_the_start(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    async with Served(slack, claude, tmp_path, anew=True) as bot:
        await bot.kill()
        share = await slack.share("contracts", "ann", "lease.txt", TEXT.format(n=1))
        await bot.start()
        assert await outcome(slack, share)


async def test_a_second_process_on_the_same_database_repeats_nothing(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    claude.latency_s = 0.3
    async with Served(slack, claude, tmp_path), Served(slack, claude, tmp_path):
        shares = [
            await slack.share("contracts", "ann", f"lease-{n}.txt", TEXT.format(n=n)) for n in range(1, 9)
        ]
        for share in shares:
            assert await outcome(slack, share)
        await slack.wait_quiet(0.5)
        assert done(slack, list(shares)) == [1] * 8
        assert all(times == 1 for times in claude.deliveries().values())
