"""A yes to the cost, and "Run again": pressed by one, by two at once, by guests, through Bolt and Socket Mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smallprint.errors import CostNeedsConsent, DatabaseUnavailable
from smallprint.jobs.intake import Intake, IntakeStopped
from smallprint.models.domain import Brief, Job, Profile
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.export import EXPORT_ACTION
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.blocks.repeat import AGAIN_ACTION, CONSENT_ACTION
from smallprint.slack.blocks.result_menu import RESULT_MENU_ACTION
from smallprint.slack.blocks.result_row import ALL_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.repeat import NOT_FOR_GUESTS, STOPPING, UNKNOWN_JOB, RepeatListener
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from tests.fakes.reports import earlier_report
from tests.fakes.slack import FakeSlack, Fault, Interaction
from tests.fakes.slack.workspace import DM_ANN, TEAM

QUESTION = "Analysing this document would cost about $3.10."
WISHES = Brief(profile=Profile.THOROUGH, side="the tenant")


class Bot:
    """The listener, real job rows, and the real delivery beside it. `troubles` are raised by accept, one a call."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database) -> None:
        self.slack, self.clients = slack, clients
        self.store = JobStore(database)
        posts = Posts(clients, PostStore(database), "first")
        self.delivery = ThreadDelivery(clients, posts, Destinations(clients, posts), name_of=_no_name)
        self.troubles: list[Exception] = []
        self.written: list[Job] = []
        self._intake = Intake(self.store, wait_for_message_s=1, committed=lambda: None)

    async def accept(self, jobs: Sequence[Job]) -> None:
        if self.troubles:
            raise self.troubles.pop()
        await self._intake.accept(jobs)
        self.written.extend(jobs)

    async def connect(self) -> slack_app.SocketMode:
        identity = await slack_app.identify(self.clients)
        permissions = Permissions(self.clients, team=TEAM, admin_users=frozenset())
        inbox = Inbox(SharedFiles(self.accept, bot_user=identity.bot_user))
        listener = RepeatListener(self.clients, self.store, permissions, self.accept)
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, [listener])
        socket = slack_app.SocketMode(app, self.slack.app_token, self.clients, inbox)
        await socket.start()
        return socket

    async def asks(self, job: Job) -> str:
        """The job ends in the question; the ts of the message that asks."""
        await self._intake.accept([job])
        await self.delivery.fail(job, CostNeedsConsent.code, QUESTION)
        return str(self.slack.bot_messages(job.channel)[-1]["ts"])

    async def shows_again(self, job: Job) -> str:
        await self._intake.accept([job])
        await self.delivery.deliver(job, replace(earlier_report(), analysis_id=job.id))
        return str(self.slack.bot_messages(job.channel)[-1]["ts"])

    async def press(
        self, user: str, ts: str, value: str, *, action: str = CONSENT_ACTION, answers: int = 0
    ) -> Interaction:
        return await self.slack.click(user, "contracts", ts, action, value=value, answers=answers)

    async def shown(self, ts: str, word: str) -> dict[str, Any]:
        """The message, once it says that."""
        messages = {str(message["ts"]): message for message in self.slack.bot_messages("contracts")}
        await self.slack.wait_for(lambda: word in str(messages[ts]), what=word)
        return messages[ts]


async def _no_name(_: Job) -> str:
    return ""


@pytest.fixture
async def bot(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Bot]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    bot = Bot(slack, clients, database)
    socket = await bot.connect()
    yield bot
    await socket.stop()
    await database.close()


@pytest.fixture
async def job(slack: FakeSlack) -> Job:
    root = await slack.say("contracts", "ann", "could we sign this?")
    return Job("doc-1", TEAM, root.channel, root.ts, "F1", "U0ANN00001", "message", root.ts, 1, 3, WISHES)


def user_id(slack: FakeSlack, name: str) -> str:
    return slack.workspace.user(name).id


def buttons(message: dict[str, Any]) -> list[str]:
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    return [item["action_id"] for row in rows for item in row["elements"]]


def people_in(message: dict[str, Any]) -> list[str]:
    """Whom the message mentions, in its order."""
    parts = [part for block in message["blocks"] for part in block.get("elements", [])]
    return [word["user_id"] for part in parts for word in part.get("elements", []) if word["type"] == "user"]


async def test_a_yes_starts_the_job_once_more_and_the_question_says_whose_it_was(slack, bot, job) -> None:
    ts = await bot.asks(job)
    question = await bot.shown(ts, QUESTION)
    assert buttons(question) == [CONSENT_ACTION]
    answer = await bot.press("bob", ts, job.id)
    assert answer.acked
    agreed = await bot.shown(ts, "agreed to the cost")
    assert (buttons(agreed), people_in(agreed)) == ([], [user_id(slack, "bob")])
    assert QUESTION in str(agreed["blocks"])
    assert await bot.store.get("doc-1-consented") == Job(
        "doc-1-consented", TEAM, job.channel, job.thread_ts, "F1", user_id(slack, "bob"), "consent",
        brief=replace(WISHES, cost_accepted=True),
    )  # fmt: skip
    assert answer.said == []


async def test_the_new_job_answers_under_the_question(slack, bot, job) -> None:
    ts = await bot.asks(job)
    await bot.press("bob", ts, job.id)
    await bot.shown(ts, "agreed to the cost")
    (new,) = bot.written
    await bot.delivery.deliver(new, replace(earlier_report(), analysis_id=new.id, earlier=None))
    question, result = slack.replies("contracts", job.thread_ts)
    assert question["ts"] == ts
    assert "High risk" in result["text"]


async def test_two_who_press_at_once_and_one_who_presses_again_make_one_job(slack, bot, job) -> None:
    ts = await bot.asks(job)
    await asyncio.gather(bot.press("bob", ts, job.id), bot.press("olly", ts, job.id))
    await bot.press("ann", ts, job.id)
    await slack.wait_for(lambda: len(slack.calls_to("chat.update")) >= 4, what="every press shown")
    assert [row.id for row in await bot.store.accepted()] == ["doc-1", "doc-1-consented"]
    first = await bot.store.get("doc-1-consented")
    assert people_in(await bot.shown(ts, "agreed")) == [first.user]


@pytest.mark.parametrize("person", ["eve", "stranger"])
async def test_guests_and_strangers_are_told_whom_to_ask(slack, bot, job, person) -> None:
    ts = await bot.asks(job)
    answer = await bot.press(person, ts, job.id, answers=1)
    assert NOT_FOR_GUESTS in str(answer.said)
    assert answer.answers[0]["response_type"] == "ephemeral"
    assert answer.answers[0]["thread_ts"] == job.thread_ts
    assert bot.written == []
    assert buttons(await bot.shown(ts, QUESTION)) == [CONSENT_ACTION]


async def test_when_slack_does_not_say_who_somebody_is_the_answer_is_no(slack, bot, job) -> None:
    ts = await bot.asks(job)
    slack.fail("users.info", Fault.ERROR, error="user_not_found")
    assert NOT_FOR_GUESTS in str((await bot.press("bob", ts, job.id, answers=1)).said)
    assert bot.written == []


async def test_a_job_that_is_not_known_or_of_another_conversation_is_not_started(slack, bot, job) -> None:
    ts = await bot.asks(job)
    await bot.asks(replace(job, id="doc-2", channel=DM_ANN, thread_ts=""))
    for value in ("doc-unknown", "doc-2", ""):
        assert UNKNOWN_JOB in str((await bot.press("bob", ts, value, answers=1)).said)
    assert bot.written == []


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [(DatabaseUnavailable(), DatabaseUnavailable.sentence), (IntakeStopped(), STOPPING)],
)
async def test_what_could_not_be_written_down_leaves_the_button(bot, job, trouble, sentence) -> None:
    ts = await bot.asks(job)
    bot.troubles.append(trouble)
    answer = await bot.press("bob", ts, job.id, answers=1)
    assert answer_message(sentence).text in answer.said[0]["text"]
    assert buttons(await bot.shown(ts, QUESTION)) == [CONSENT_ACTION]
    await bot.press("bob", ts, job.id)
    await bot.shown(ts, "agreed to the cost")


async def test_a_message_that_could_not_be_changed_does_not_stop_the_job_and_heals_at_the_next_press(
    slack, bot, job
) -> None:
    ts = await bot.asks(job)
    slack.fail("chat.update", Fault.ERROR, error="invalid_blocks")
    await bot.press("bob", ts, job.id)
    await slack.wait_for(lambda: bot.written, what="the job")
    await slack.wait_for(lambda: len(slack.calls_to("chat.update")) >= 2, what="the refused update")
    await bot.press("olly", ts, job.id)
    assert people_in(await bot.shown(ts, "agreed")) == [user_id(slack, "bob")]
    assert len(await bot.store.accepted()) == 2


async def test_a_command_s_job_is_answered_in_the_thread_that_the_command_opened(slack, bot, job) -> None:
    asked = replace(job, id="cmd-1-F1", thread_ts="", trigger="command", message_ts="cmd-1", of=1)
    ts = await bot.asks(asked)
    await bot.press("bob", ts, asked.id)
    message = await bot.shown(ts, "agreed to the cost")
    (new,) = bot.written
    assert new.thread_ts == message["thread_ts"]
    await bot.delivery.announce(new)
    assert slack.replies("contracts", new.thread_ts)[0]["ts"] == ts
    assert len(slack.replies("contracts", new.thread_ts)) == 2


async def test_run_again_analyses_anew_and_asks_about_the_cost_again(slack, bot, job) -> None:
    accepted = replace(job, brief=replace(WISHES, cost_accepted=True))
    ts = await bot.shows_again(accepted)
    assert buttons(await bot.shown(ts, "analysed before")) == [
        ALL_ACTION,
        AGAIN_ACTION,
        EXPORT_ACTION,
        RESULT_MENU_ACTION,
    ]
    for person in ("bob", "bob", "olly"):
        await bot.press(person, ts, job.id, action=AGAIN_ACTION)
    message = await bot.shown(ts, "asked for a new analysis")
    assert buttons(message) == [ALL_ACTION, EXPORT_ACTION, RESULT_MENU_ACTION]
    assert people_in(message) == ["U02ANN7", user_id(slack, "bob")]
    new = await bot.store.get("doc-1-again")
    assert (new.brief, new.trigger) == (replace(WISHES, again=True), "again")
    assert len(await bot.store.accepted()) == 2
