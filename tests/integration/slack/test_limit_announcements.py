"""A limit that is changed with `/usage budget` is told in the admins' channel, once, with what held before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.client import SlackClients
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import BOB, CONTRACTS, GENERAL
from tests.integration.slack.accounting import LIMITS, Accounts, accounts_of
from tests.integration.slack.prompting import words


@pytest.fixture
async def accounts(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Accounts]:
    async with accounts_of(slack, clients, tmp_path, limits=LIMITS, admin_channel=GENERAL) as accounts:
        yield accounts


async def told(slack: FakeSlack, accounts: Accounts) -> list[str]:
    """The words of each announcement so far."""
    await accounts.announcements.finish()
    messages = slack.bot_messages(GENERAL)
    for message in messages:
        assert validate_blocks(message["blocks"]) == []
        assert '"user_id"' not in str(message)
        assert "<@" not in message["text"]
    return [words(message) for message in messages]


async def test_who_scope_old_new_reason_and_how_to_take_it_back_are_told(
    slack: FakeSlack, accounts: Accounts
) -> None:
    await accounts.asks("budget set workspace 25.50 the trial is over", "ann")
    (said,) = await told(slack, accounts)
    assert "the workspace, a month: $100.00 → $25.50, set by ann" in said
    assert "Reason: the trial is over" in said
    assert "/usage budget clear workspace <reason>" in said


async def test_a_second_change_of_the_same_limit_is_taken_back_by_the_first_amount(
    slack: FakeSlack, accounts: Accounts
) -> None:
    await accounts.asks(f"budget set channel <#{CONTRACTS}|contracts> 2.50 trial", "ann")
    await accounts.asks(f"budget set channel <#{CONTRACTS}|contracts> none they pay", "olly")
    await accounts.asks(f"budget clear channel <#{CONTRACTS}|contracts> as everywhere", "ann")
    first, second, third = await told(slack, accounts)
    assert f"channel <{CONTRACTS}>, a month: no limit → $2.50, set by ann" in first
    assert f"channel <{CONTRACTS}>, a month: $2.50 → no limit, set by olly" in second
    assert f"/usage budget set channel {CONTRACTS} 2.5 <reason>" in second
    assert "no limit → no limit, cleared by ann" in third
    assert f"/usage budget set channel {CONTRACTS} none <reason>" in third


async def test_a_person_is_named_and_not_woken(slack: FakeSlack, accounts: Accounts) -> None:
    await accounts.asks(f"budget set user <@{BOB}|bob> 7 more work", "ann")
    (said,) = await told(slack, accounts)
    assert "bob, a day: $5.00 → $7.00, set by ann" in said
    assert f"/usage budget clear user {BOB} <reason>" in said


async def test_a_command_that_comes_twice_is_told_once(slack: FakeSlack, accounts: Accounts) -> None:
    await accounts.asks("budget set workspace 25 trial", "ann")
    await accounts.asks("budget set workspace 10 less", "ann")
    _, first = await accounts.limits.history()
    accounts.announcements.tell_limit(await accounts.limits.move(first))
    assert [line.partition(" → ")[2][:6] for line in await told(slack, accounts)] == ["$25.00", "$10.00"]


async def test_what_changes_nothing_is_not_told(slack: FakeSlack, accounts: Accounts) -> None:
    await accounts.asks("budget set workspace 25 trial", "bob")
    await accounts.asks("budget set workspace", "ann")
    await accounts.asks("budget", "ann")
    assert await told(slack, accounts) == []


async def test_a_channel_that_does_not_take_it_changes_nothing_and_stands_in_the_log(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with accounts_of(slack, clients, tmp_path, limits=LIMITS, admin_channel="C0LOBBY001") as accounts:
        with structlog.testing.capture_logs() as log:
            assert "✓" in await accounts.asks("budget set workspace 25 trial", "ann")
            await accounts.announcements.finish()
    assert [line["error"] for line in log if line["event"] == "change not told in the admin channel"] == [
        "not_in_channel"
    ]
