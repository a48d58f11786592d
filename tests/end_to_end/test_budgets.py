"""A budget is a promise: at most what it allows is paid for, and everybody else is told why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.served import Served
from tests.end_to_end.thread import outcome, shown
from tests.fakes.claude import FakeClaude
from tests.fakes.slack import FakeSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "Lease number {n}\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"
SHARES = 50
BUDGET_USD = 0.5
"""Room for three at once; what they don't spend is there for the next ones."""


async def test_of_fifty_at_once_only_those_are_paid_for_that_the_month_allows(
    slack: FakeSlack, claude: FakeClaude, tmp_path: Path
) -> None:
    claude.latency_s = 0.2
    async with Served(
        slack, claude, tmp_path, MONTHLY_BUDGET_USD=f"{BUDGET_USD}", FALLBACK_MODELS="none"
    ) as bot:
        shares = [
            await slack.share("contracts", "ann", f"lease-{n}.txt", TEXT.format(n=n)) for n in range(SHARES)
        ]
        texts = [shown((await outcome(slack, share, timeout_s=120))[0]) for share in shares]
        analysts = [bill for bill in claude.billed if bill.form == "AnalystAnswer"]
        spent = bot.query("SELECT sum(cost_nano_usd) FROM llm_calls")[0][0]
    refused = [text for text in texts if "budget" in text.lower()]
    assert 0 < len(analysts) < SHARES
    assert len(refused) == SHARES - len(analysts), texts
    assert spent <= BUDGET_USD * 1_000_000_000
