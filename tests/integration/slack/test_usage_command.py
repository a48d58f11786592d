"""`/usage`: figures for who may see them, budgets, and a chart that nobody else sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import BudgetScope
from smallprint.reports.usage import NOTHING_YET
from smallprint.slack.blocks.usage import CHART_ACTION, NO_CHART, SENT
from smallprint.slack.client import SlackClients
from smallprint.slack.listeners.usage import ADMINS_ONLY
from smallprint.slack.usage_answers import SEES_CHANNEL, SEES_EVERYTHING, SEES_OWN
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import ANN, BOB, CONTRACTS, DM_ANN, EVE, GENERAL, LEGAL, OLLY, VAULT
from tests.integration.slack.accounting import LIMITS, Accounts, ClosedBooks, accounts_of


@pytest.fixture
async def accounts(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Accounts]:
    async with accounts_of(slack, clients, tmp_path, limits=LIMITS) as accounts:
        yield accounts


async def spend_everywhere(accounts: Accounts) -> None:
    """$1 of bob's in contracts, $2 of ann's there, $4 of ann's in legal, $8 of olly's in general."""
    await accounts.analysed(1, 1, user=BOB)
    await accounts.analysed(2, 2, user=ANN)
    await accounts.analysed(3, 4, user=ANN, channel=LEGAL)
    await accounts.analysed(4, 8, user=OLLY, channel=GENERAL)


async def test_before_anything_was_asked_it_says_so(accounts: Accounts) -> None:
    assert NOTHING_YET in await accounts.asks("")


async def test_admins_see_everything(accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    told = await accounts.asks("30d by user", "ann")
    assert "$15.00  4 documents" in told
    assert SEES_EVERYTHING in told
    for name in ("ann", "bob", "olly"):
        assert f"\n{name} " in told


async def test_members_see_their_own_and_what_was_asked_in_the_channel_they_type_in(
    accounts: Accounts,
) -> None:
    await spend_everywhere(accounts)
    told = await accounts.asks("30d by user", "bob", "contracts")
    assert "$3.00  2 documents" in told
    assert SEES_CHANNEL in told
    assert "olly" not in told


async def test_in_a_channel_that_somebody_is_not_in_they_see_their_own(accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    told = await accounts.asks("30d", "bob", "legal")
    assert "$1.00  1 document" in told
    assert SEES_OWN in told


async def test_guests_see_their_own(accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    await accounts.analysed(5, 3, user=EVE, channel=GENERAL)
    told = await accounts.asks("30d", "eve", "general")
    assert "$3.00  1 document" in told
    assert SEES_OWN in told


async def test_when_slack_cannot_say_who_somebody_is_they_see_their_own(
    slack: FakeSlack, accounts: Accounts
) -> None:
    await spend_everywhere(accounts)
    slack.fail("users.info", Fault.ERROR, times=20, error="fatal_error")
    assert "$6.00  2 documents" in await accounts.asks("30d", "ann")


async def test_channels_have_their_names_as_far_as_the_asker_may_know_them(accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    await accounts.analysed(6, 1, channel=DM_ANN, user=ANN)
    await accounts.analysed(7, 1, channel=VAULT, user=ANN)
    told = await accounts.asks("30d by channel", "olly")
    assert "#contracts" in told
    assert f"private channel {LEGAL}" in told
    assert f"direct message {DM_ANN}" in told
    assert VAULT in told
    assert "#legal" in await accounts.asks("30d by channel", "ann")


async def test_names_can_not_mention(slack: FakeSlack, accounts: Accounts) -> None:
    slack.workspace.user(BOB).name = "<!channel> *bob*"
    await accounts.analysed(1, 1)
    answer = await accounts.types("30d by user", "ann")
    assert "<!channel>" in str(answer.said[0]["blocks"])
    assert "<!channel>" not in answer.said[0]["text"]
    assert "mrkdwn" not in str(answer.said[0]["blocks"])


@pytest.mark.parametrize("text", ["help", "HELP", "everything", "7d 30d", "budget explode"])
async def test_anything_else_gets_help(accounts: Accounts, text: str) -> None:
    told = await accounts.asks(text)
    assert "/usage 7d by channel" in told
    assert ("I don't understand" in told) is (text.lower() != "help")


async def test_a_database_that_does_not_answer_is_said(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    async with accounts_of(slack, clients, tmp_path, usages=ClosedBooks()) as accounts:
        assert DatabaseUnavailable.sentence in await accounts.asks("30d")


# --- the chart ---------------------------------------------------------------------------------------------


async def chart_of(accounts: Accounts, user: str, text: str) -> Any:
    """Types it and presses the button; what is said."""
    await accounts.types(text, user)
    pressed = await accounts.slack.click(
        user, "contracts", "ephemeral", CHART_ACTION, value="30d by channel", answers=1, timeout_s=20
    )
    return pressed.answers[0]["text"]


async def test_the_chart_comes_as_a_picture_with_words_for_who_cannot_see_it_to_the_asker_alone(
    slack: FakeSlack, accounts: Accounts
) -> None:
    await spend_everywhere(accounts)
    assert await chart_of(accounts, "ann", "30d by channel") == SENT
    [message] = [message for message in slack.bot_messages() if message.get("files")]
    assert message in slack.bot_messages(DM_ANN)
    [file] = message["files"]
    assert file["name"].startswith("usage-by-channel-")
    assert slack.core.files[file["id"]].upload.content.startswith(b"\x89PNG")
    [upload] = slack.calls_to("files.getUploadURLExternal")
    assert upload.arguments["alt_txt"].startswith("Chart. Usage by channel")
    assert "$15.00 in all" in upload.arguments["alt_txt"]


async def test_a_chart_shows_no_more_than_its_asker_may_see(slack: FakeSlack, accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    await accounts.analysed(9, 2, user=BOB, channel=GENERAL)
    await chart_of(accounts, "bob", "30d by channel")
    [upload] = slack.calls_to("files.getUploadURLExternal")
    assert "$5.00 in all" in upload.arguments["alt_txt"]


async def test_where_there_is_nothing_to_draw_it_says_so(slack: FakeSlack, accounts: Accounts) -> None:
    await accounts.analysed(1, 1)
    assert await chart_of(accounts, "bob", "30d") == NO_CHART
    assert slack.calls_to("files.getUploadURLExternal") == []


async def test_a_chart_that_cannot_be_sent_is_said(slack: FakeSlack, accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    slack.fail("files.getUploadURLExternal", Fault.ERROR, times=5, error="file_uploads_disabled")
    assert await chart_of(accounts, "ann", "30d by channel") != SENT


# --- budgets -----------------------------------------------------------------------------------------------


async def test_members_see_their_own_budgets_and_not_the_workspaces(accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    told = await accounts.asks("budget", "bob")
    assert f"<{BOB}>, a day" in told
    assert "limit $5.00 · $1.00 spent · $4.00 left" in told
    assert f"<{CONTRACTS}>, a month\nno limit · $3.00 spent" in told
    assert "workspace" not in told
    assert "$15.00" not in told


async def test_admins_see_all_budgets(accounts: Accounts) -> None:
    await spend_everywhere(accounts)
    told = await accounts.asks("budget", "ann")
    assert "limit $100.00 · $15.00 spent · $85.00 left" in told
    assert f"<{LEGAL}>, a month" in told


async def test_an_admin_sets_and_clears_a_limit_and_the_log_says_who_and_why(accounts: Accounts) -> None:
    told = await accounts.asks(
        f"budget set channel <#{CONTRACTS}|contracts> 25 bob &amp; <@{BOB}|bob> asked", "ann"
    )
    assert f"✓ <{CONTRACTS}>, a month: $25.00." in told
    assert "Reason: bob & @bob asked" in told
    [change] = await accounts.limits.history()
    assert (change.place.scope, change.place.id) == (BudgetScope.CHANNEL_MONTH, CONTRACTS)
    assert (change.actor, change.reason, change.amount_nano_usd) == (ANN, "bob & @bob asked", 25_000_000_000)
    assert "limit $25.00" in await accounts.asks("budget")
    assert "back to what holds" in await accounts.asks(
        f"budget clear channel <#{CONTRACTS}|contracts> done", "ann"
    )
    assert f"<{CONTRACTS}>, a month\nno limit" in await accounts.asks("budget")


@pytest.mark.parametrize("verb", ["set", "clear"])
@pytest.mark.parametrize("user", ["bob", "eve", "stranger"])
async def test_only_admins_change_limits(accounts: Accounts, user: str, verb: str) -> None:
    assert ADMINS_ONLY in await accounts.asks(f"budget {verb} workspace 1000 why not", user)
    assert await accounts.limits.history() == ()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "I know limits for"),
        ("workspace", "how much"),
        ("workspace 5", "say why"),
        ("workspace x y", "how much"),
    ],
)
async def test_what_is_missing_is_named(accounts: Accounts, text: str, what: str) -> None:
    assert what in await accounts.asks(f"budget set {text}", "ann")
    assert await accounts.limits.history() == ()
