"""kill -9 and the bill: what Claude billed is booked to the token, or known to be unknown."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from smallprint.models.domain import SENT, Usage
from tests.end_to_end.served import Served
from tests.end_to_end.thread import finished
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack
from tests.integration.program import run

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANALYSES, KILLS = 30, 3
TEXT = "Lease number {n}\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"
ROWS = """SELECT request_id, status, cost_nano_usd, input_tokens, cache_read_tokens, cache_write_5m_tokens,
cache_write_1h_tokens, output_tokens, thinking_tokens FROM llm_calls"""


async def test_after_three_kills_every_answer_is_booked_or_known_to_be_unknown(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    claude.latency_s = 0.5
    async with Served(slack, claude, tmp_path, MAX_CONCURRENT_JOBS="4") as bot:
        shares = [
            await slack.share("contracts", "ann", f"lease-{n}.txt", TEXT.format(n=n))
            for n in range(1, ANALYSES + 1)
        ]
        for _ in range(KILLS):
            await claude.until_billed(len(claude.billed) + 5)  # the answer is made and on its way
            await bot.kill()
            await bot.start()
        await slack.wait_for(
            lambda: all(any(map(finished, slack.replies(share.channel, share.ts))) for share in shares),
            120,
            what="thirty results",
        )
        await bot.terminate()
        rows = bot.query(ROWS)
        shown = await usage(bot)

    booked = {row[0]: Usage(*row[3:]) for row in rows if row[0] is not None}
    arrived = [bill for bill in claude.billed if bill.request_id in booked]
    lost = [bill for bill in claude.billed if bill.request_id not in booked]
    unknown = [row for row in rows if row[2] is None]

    assert {bill.request_id: bill.usage for bill in arrived} == booked
    assert sum(booked.values(), Usage()) == sum((bill.usage for bill in arrived), Usage())
    assert len(lost) <= len(unknown), "whatever was lost is a call of unknown cost"
    assert {row[1] for row in unknown} <= {SENT, "cancelled"}
    assert unknown, "three kills in the middle of answers: some were cut off"
    assert len(rows) >= len(claude.received), "a row for every request, noted before it was sent"
    assert shown["total"]["calls"] == len(rows)
    assert shown["total"]["calls_of_unknown_cost"] == len(unknown)
    assert shown["total"]["input_tokens"] == sum(usage.input_tokens for usage in booked.values())


async def usage(bot: Served) -> dict[str, Any]:
    done = await asyncio.to_thread(run, bot.folder, "usage", "7d", "--json")
    document: dict[str, Any] = json.loads(done.stdout)
    return document
