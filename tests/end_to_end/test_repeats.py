"""A costly analysis is asked for, the same document again is free, and a button starts what the thread offers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.end_to_end.served import CALLS, Served
from tests.end_to_end.thread import outcome, shown
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.slack import FakeSlack, Share

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "Lease\n\nThe tenant shall pay a penalty of {n},000 euros for each day of delay.\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_bot(
    module_slack: FakeSlack, module_claude: FakeClaude, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """With a memory, a cost that is soon reached, and rules that may stand in."""
    settings: dict[str, Any] = {
        "ENABLE_CACHING": "true",
        "ASK_ABOVE_COST_USD": "0.5",
        "OFFLINE_FALLBACK": "true",
        "FALLBACK_MODELS": "none",
        "MAX_RETRIES": "0",
    }
    folder = tmp_path_factory.mktemp("served")
    async with Served(module_slack, module_claude, folder, **settings) as bot:
        yield bot


def button(message: dict[str, Any], action: str) -> str:
    """The value of the button with this action."""
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    (value,) = [item["value"] for row in rows for item in row["elements"] if item["action_id"] == action]
    return str(value)


async def press(slack: FakeSlack, share: Share, message: dict[str, Any], action: str) -> None:
    value = button(message, action)
    await slack.click("bob", share.channel, str(message["ts"]), action, value=value, answers=0)


async def test_the_same_document_again_is_free_and_run_again_makes_a_new_report(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    await outcome(slack, await slack.share("contracts", "ann", "lease.txt", TEXT.format(n=1)))
    calls = len(claude.received)
    share = await slack.share("contracts", "bob", "again.txt", TEXT.format(n=1))
    (result,) = await outcome(slack, share)
    assert "analysed before" in shown(result)
    assert len(claude.received) == calls

    await press(slack, share, result, "run_again")

    first, second = await outcome(slack, share, count=2)
    assert "analysed before" not in shown(second)
    assert len(claude.received) == calls + CALLS
    assert await slack.wait_for(lambda: "run_again" not in str(first["blocks"]), 10) is not None


async def test_a_costly_document_is_analysed_after_a_yes_and_not_before(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    clause = "The supplier shall deliver item {n} within {n} days, and the customer shall pay {n} euros for it.\n\n"
    long = "Framework agreement\n\n" + "".join(clause.format(n=n) for n in range(1, 6_000))
    share = await slack.share("contracts", "ann", "framework.txt", long)
    (question,) = await outcome(slack, share)
    assert "would cost about $" in shown(question)
    assert claude.received == []

    await press(slack, share, question, "consent_to_cost")

    results = await outcome(slack, share, count=2)
    assert "risk" in shown(results[-1]).lower()
    assert claude.received != []


async def test_what_the_rules_read_while_the_ai_was_down_can_be_run_again(
    bot: Served, slack: FakeSlack, claude: FakeClaude
) -> None:
    claude.always(outcomes.rejected(), match=lambda body: "haiku" in body["model"])
    claude.always(outcomes.overloaded())
    share = await slack.share("contracts", "ann", "down.txt", TEXT.format(n=3))
    (result,) = await outcome(slack, share, timeout_s=60)
    assert "offline rules" in shown(result).lower()
    claude.answer_well()

    await press(slack, share, result, "run_again")

    results = await outcome(slack, share, count=2)
    assert "offline rules" not in shown(results[-1]).lower()
