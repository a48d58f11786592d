"""A private analysis: its result goes to the asker alone, who may show it to the channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smallprint.models.domain import Against, Brief, Decisions, Job, Report
from smallprint.services.database.connection import Database
from smallprint.services.database.posts import PostStore
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.offer import DECLINED
from smallprint.slack.blocks.share import SHARE_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.inbox import Inbox
from smallprint.slack.listeners.share import NOT_YOURS, SHARED, ShareListener
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from tests.fakes.reports import low_report
from tests.fakes.slack import FakeSlack, Interaction
from tests.fakes.slack.workspace import ANN, CONTRACTS, DM_ANN, TEAM
from tests.integration.slack.setting import asking_of, files_of

PRIVATE = Job("ask-1-F1", TEAM, CONTRACTS, "", "F1", ANN, "command", "ask-1", brief=Brief(private=True))


class Desk:
    """The job's row, its report, and what may be asked."""

    def __init__(self, clients: SlackClients, database: Database) -> None:
        self.posts = Posts(clients, PostStore(database), "one")
        self.delivery = ThreadDelivery(
            clients, self.posts, Destinations(clients, self.posts), name_of=_no_name
        )
        self.kept: Report | None = replace(low_report(), analysis_id=PRIVATE.id)

    async def get(self, job_id: str) -> Job | None:
        return PRIVATE if job_id == PRIVATE.id else None

    async def decisions(self, _: str) -> Decisions:
        return {}

    async def report(self, analysis_id: str) -> Report | None:
        return self.kept if analysis_id == PRIVATE.id else None


async def _no_name(_: Job) -> str:
    return ""


async def _nothing(_: object) -> None: ...


@pytest.fixture
async def desk(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Desk]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    desk = Desk(clients, database)
    files = files_of(slack, clients)
    permissions = Permissions(clients, team=TEAM, admin_users=frozenset())
    asking = asking_of(clients, files, Sources(files, None), permissions, _nothing)
    identity = await slack_app.identify(clients)
    inbox = Inbox()
    listeners = [ShareListener(desk, desk, desk, asking, desk.posts)]
    app = slack_app.build_app(clients, slack.bot_token, identity, inbox, listeners)
    socket = slack_app.SocketMode(app, slack.app_token, clients, inbox)
    await socket.start()
    yield desk
    await socket.stop()
    await database.close()


async def delivered(slack: FakeSlack, desk: Desk) -> dict[str, Any]:
    """The result, as it stands in the asker's direct messages."""
    assert desk.kept is not None
    await desk.delivery.announce(PRIVATE)
    await desk.delivery.deliver(PRIVATE, desk.kept)
    return slack.bot_messages(DM_ANN)[-1]


def said(interaction: Interaction) -> str:
    return " ".join(str(answer.get("text", "")) for answer in interaction.answers)


async def press(slack: FakeSlack, ts: str, user: str = "ann") -> Interaction:
    return await slack.click(user, DM_ANN, ts, SHARE_ACTION, value=PRIVATE.id, answers=1)


async def test_nothing_of_it_stands_in_the_channel(slack, desk) -> None:
    result = await delivered(slack, desk)
    assert "Low risk" in str(result)
    assert slack.bot_messages("contracts") == []


async def test_the_asker_shares_it_once_however_often_they_press(slack, desk) -> None:
    result = await delivered(slack, desk)
    for _ in range(2):
        assert said(await press(slack, result["ts"])) == SHARED
    (shared,) = slack.bot_messages("contracts")
    assert "Low risk" in str(shared)
    assert ANN in str(shared["blocks"][0])


async def test_only_the_asker_can(slack, desk) -> None:
    result = await delivered(slack, desk)
    assert said(await press(slack, result["ts"], "bob")) == NOT_YOURS
    assert slack.bot_messages("contracts") == []


async def test_a_result_that_is_not_kept_any_more_cannot_be_shared(slack, desk) -> None:
    result = await delivered(slack, desk)
    desk.kept = None
    assert "keep" in said(await press(slack, result["ts"]))


async def test_it_is_not_shared_before_strangers_that_no_admin_has_allowed(slack, desk) -> None:
    """Asked privately, it did not matter who else is in the channel; now it does."""
    result = await delivered(slack, desk)
    slack.workspace.channel("contracts").is_ext_shared = True
    assert DECLINED[Against.ASKED_IN_SHARED_CHANNEL] in said(await press(slack, result["ts"]))
    assert slack.bot_messages("contracts") == []
