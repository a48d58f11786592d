"""A budget that is nearly spent is told in the admins' channel, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smallprint.bootstrap.housekeeping import budget_notices_of
from smallprint.config import Settings
from smallprint.errors import NotInChannel
from smallprint.services.database.connection import Database
from smallprint.services.database.posts import PostStore
from smallprint.slack.budget_notices import AdminBudgetNotices
from smallprint.slack.client import SlackClients
from smallprint.slack.posts import Posts
from tests.fakes import activity
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import GENERAL, LOBBY
from tests.integration.slack.prompting import words


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    yield database
    await database.close()


def posts_of(clients: SlackClients, database: Database, owner: str = "first") -> Posts:
    return Posts(clients, PostStore(database), owner)


async def test_it_says_which_budget_how_much_who_raises_it_and_how(
    slack: FakeSlack, clients: SlackClients, database: Database
) -> None:
    await AdminBudgetNotices(posts_of(clients, database), GENERAL).tell(activity.notice())
    [message] = slack.bot_messages(GENERAL)
    assert "80 % of the budget of <C0CONTRACT> for 2026-11 is spent: $49.00 of $60.00." in words(
        message["blocks"]
    )
    assert "/usage budget set channel C0CONTRACT" in words(message["blocks"])
    assert "<!" not in message["text"]


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_ANSWER_500])
async def test_it_is_told_once_by_several_processes_and_over_lost_answers(
    slack: FakeSlack, clients: SlackClients, database: Database, fault: Fault
) -> None:
    slack.fail("chat.postMessage", fault)
    for owner in ("first", "first", "second"):
        await AdminBudgetNotices(posts_of(clients, database, owner), GENERAL).tell(activity.notice())
    assert len(slack.bot_messages(GENERAL)) == 1


async def test_a_channel_that_we_are_not_in_is_an_error_of_ours(
    clients: SlackClients, database: Database
) -> None:
    with pytest.raises(NotInChannel):
        await AdminBudgetNotices(posts_of(clients, database), LOBBY).tell(activity.notice())


@pytest.mark.parametrize(("channel", "told"), [(GENERAL, True), (None, False)])
async def test_without_an_admin_channel_nobody_is_told(
    clients: SlackClients, database: Database, channel: str | None, *, told: bool
) -> None:
    settings = Settings(admin_channel=channel, _env_file=None)
    assert (budget_notices_of(settings, posts_of(clients, database)) is not None) is told
