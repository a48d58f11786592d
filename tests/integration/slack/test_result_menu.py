"""The ⋯ menu under a result: each entry answers, whoever chooses it, also when there is nothing to do any more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from smallprint.errors import DatabaseUnavailable
from smallprint.jobs.intake import Intake, IntakeStopped
from smallprint.models.domain import Brief, Job, Report
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.receipt import READ
from smallprint.slack.blocks.repeat import AGAIN, ASKED_BEFORE, ON_IT
from smallprint.slack.blocks.result_menu import RESULT_MENU_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox
from smallprint.slack.listeners.actions import NOT_KEPT, ActionListeners
from smallprint.slack.listeners.repeat import NOT_FOR_GUESTS, STOPPING, UNKNOWN_JOB, RepeatListener
from smallprint.slack.listeners.result_menu import UNKNOWN_ENTRY, ResultMenuListener
from smallprint.slack.permissions import Permissions
from tests.fakes.reports import medium_report
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import DM_ANN, TEAM

JOB = Job("doc-1", TEAM, "C0CONTRACT", "", "F1", "U0ANN00001", "message")


class Bot:
    """The menu with two of its entries, on real job rows. `troubles` are raised by accept, one a call."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database) -> None:
        self.slack, self.clients, self.jobs = slack, clients, JobStore(database)
        self.troubles: list[Exception] = []
        self.kept: Report | None = replace(medium_report(), analysis_id=JOB.id)
        self._intake = Intake(self.jobs, wait_for_message_s=1, committed=lambda: None)
        self.ts = ""

    async def accept(self, jobs: Sequence[Job]) -> None:
        if self.troubles:
            raise self.troubles.pop()
        await self._intake.accept(jobs)

    async def report(self, _: str) -> Report | None:
        return self.kept

    async def connect(self) -> slack_app.SocketMode:
        identity = await slack_app.identify(self.clients)
        permissions = Permissions(self.clients, team=TEAM, admin_users=frozenset())
        repeats = RepeatListener(self.clients, self.jobs, permissions, self.accept)
        menu = ResultMenuListener({AGAIN: repeats.again, READ: ActionListeners(self).read})
        inbox = Inbox()
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, [menu])
        socket = slack_app.SocketMode(app, self.slack.app_token, self.clients, inbox)
        await socket.start()
        return socket

    async def chooses(self, user: str, verb: str, job_id: str = JOB.id, channel: str = "contracts") -> str:
        """What is said to them."""
        answer = await self.slack.choose(
            user, channel, self.ts, RESULT_MENU_ACTION, value=f"{verb} {job_id}", answers=1
        )
        assert [each["response_type"] for each in answer.answers] == ["ephemeral"]
        return json.dumps(answer.answers, ensure_ascii=False)


@pytest.fixture
async def bot(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Bot]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    bot = Bot(slack, clients, database)
    socket = await bot.connect()
    root = await slack.say("contracts", "ann", "could we sign this?")
    posted = await clients.write.chat_postMessage(channel=root.channel, thread_ts=root.ts, text="result")
    bot.ts = str(posted["ts"])
    await bot.accept([replace(JOB, channel=root.channel, thread_ts=root.ts)])
    yield bot
    await socket.stop()
    await database.close()


async def test_run_again_is_one_job_whoever_asks_and_however_often(bot: Bot) -> None:
    assert ON_IT in await bot.chooses("bob", AGAIN)
    assert ASKED_BEFORE in await bot.chooses("olly", AGAIN)
    new = await bot.jobs.get("doc-1-again")
    assert new is not None
    assert (new.user, new.brief.again) == (bot.slack.workspace.user("bob").id, True)
    assert len(await bot.jobs.accepted()) == 2


async def test_a_private_result_is_run_again_from_the_direct_messages_by_its_asker_alone(bot: Bot) -> None:
    private = replace(JOB, id="ask-1", brief=Brief(private=True))
    await bot.accept([private])
    assert ON_IT in await bot.chooses("ann", AGAIN, "ask-1", DM_ANN)
    assert UNKNOWN_JOB in await bot.chooses("bob", AGAIN, "ask-1", "general")


async def test_what_was_read_is_an_entry_too(bot: Bot) -> None:
    assert "Page 9 has 2 lines of hidden text" in await bot.chooses("eve", READ)


async def test_guests_unknown_entries_and_what_is_gone_get_a_kind_sentence(bot: Bot) -> None:
    assert NOT_FOR_GUESTS in await bot.chooses("eve", AGAIN)
    assert UNKNOWN_JOB in await bot.chooses("bob", AGAIN, "doc-unknown")
    assert UNKNOWN_ENTRY in await bot.chooses("bob", "juggle")
    bot.kept = None
    assert NOT_KEPT in await bot.chooses("bob", READ)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [(DatabaseUnavailable(), DatabaseUnavailable.sentence), (IntakeStopped(), STOPPING)],
)
async def test_what_could_not_be_written_down_is_said(bot: Bot, trouble: Exception, sentence: str) -> None:
    bot.troubles.append(trouble)
    assert sentence in await bot.chooses("bob", AGAIN)
    assert ON_IT in await bot.chooses("bob", AGAIN)
