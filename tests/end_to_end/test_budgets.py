"""A budget is a promise: at most what it allows is paid for, and everybody else is told why."""

from __future__ import annotations

from pathlib import Path

import pytest

from smallprint.models.domain import NANO_USD_PER_USD
from tests.end_to_end.served import Served
from tests.end_to_end.thread import outcome, shown
from tests.fakes.budgeted_desk import estimate_of
from tests.fakes.claude import FakeClaude
from tests.fakes.passages import document_of
from tests.fakes.slack import FakeSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "Lease number {n}\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"
SHARES, PAID_FOR = 50, 10


AS_LONG_AS_ESTIMATED = {"AnalystAnswer": 6_500, "ReviewAnswer": 4_600}
"""Tokens of thinking: an analysis then costs what was estimated; else what is left over pays for more of them."""


async def test_of_fifty_at_once_against_a_budget_for_ten_ten_are_paid_for_and_forty_are_told_why(
    slack: FakeSlack, tmp_path: Path
) -> None:
    estimate = estimate_of(document_of(TEXT.format(n=10)))
    budget = estimate * (PAID_FOR + 0.2) / NANO_USD_PER_USD  # the documents differ by a digit
    async with (
        FakeClaude(thinking_tokens=AS_LONG_AS_ESTIMATED, latency_s=0.2) as claude,
        Served(slack, claude, tmp_path, MONTHLY_BUDGET_USD=f"{budget:.6f}", FALLBACK_MODELS="none") as bot,
    ):
        shares = [
            await slack.share("contracts", "ann", f"lease-{n}.txt", TEXT.format(n=n)) for n in range(SHARES)
        ]
        texts = [shown((await outcome(slack, share, timeout_s=120))[0]) for share in shares]
        analysts = [bill for bill in claude.billed if bill.form == "AnalystAnswer"]
        spent = bot.query("SELECT sum(cost_nano_usd) FROM llm_calls")[0][0]
    refused = [text for text in texts if "budget for this month" in text]
    assert (len(analysts), len(refused)) == (PAID_FOR, SHARES - PAID_FOR), spent / estimate
    assert spent <= budget * NANO_USD_PER_USD
