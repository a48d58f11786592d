"""What people press under a result: all findings, accept, dismiss, and what the message says then; through Socket Mode."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smallprint.models.domain import Brief, Decision, Job, Report
from smallprint.services.database.connection import Database
from smallprint.services.database.feedback import FeedbackStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.all_findings import PAGE_ACTION, POST_ACTION
from smallprint.slack.blocks.decision import DECIDE_ACTION
from smallprint.slack.blocks.feedback import FEEDBACK_ACTION
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.result_row import ALL_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox
from smallprint.slack.listeners.actions import NOT_KEPT
from smallprint.slack.listeners.decisions import NOT_FOR_GUESTS, DecisionListener
from smallprint.slack.listeners.feedback import FeedbackListener
from smallprint.slack.listeners.findings import POSTED, FindingsListener
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.results import Results
from smallprint.slack.seen_result import SeenResult
from tests.fakes.reports import NOW, critical_report, decision, earlier_report
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import ANN, TEAM, Json

ANALYSIS = "doc-1"


class Shelf:
    """Reports in memory."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}

    async def report(self, analysis_id: str) -> Report | None:
        return self.reports.get(analysis_id)


class Bot:
    """A result in a thread, and the listeners of what stands under it, on real stores."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database) -> None:
        self.slack, self.clients = slack, clients
        self.shelf, self.store = Shelf(), FeedbackStore(database)
        self.results = Results(clients, self.shelf, self.store, JobStore(database))
        self._posts = Posts(clients, PostStore(database), "first")
        self.ts = self.root = ""

    async def connect(self) -> slack_app.SocketMode:
        identity = await slack_app.identify(self.clients)
        permissions = Permissions(self.clients, team=TEAM, admin_users=frozenset())
        modals = Modals(self.clients)
        listeners: list[slack_app.Listener] = [
            FindingsListener(self.results, self._posts, modals),
            DecisionListener(self.results, self.store, permissions, modals),
            FeedbackListener(self.store, modals),
        ]
        inbox = Inbox()
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, listeners)
        socket = slack_app.SocketMode(app, self.slack.app_token, self.clients, inbox)
        await socket.start()
        return socket

    async def shows(self, report: Report) -> None:
        root = await self.slack.say("contracts", "ann", "could we sign this?")
        self.shelf.reports[ANALYSIS] = report
        message = report_message(report)
        posted = await self.clients.write.chat_postMessage(
            channel=root.channel, thread_ts=root.ts, text=message.text, blocks=message.blocks
        )
        self.ts, self.root = str(posted["ts"]), root.ts

    async def opens_all(self, user: str = "bob") -> Json:
        await self.slack.click(user, "contracts", self.ts, ALL_ACTION, value=ANALYSIS)
        modal: Json = await self.slack.wait_for(
            lambda: self.slack.core.views and self.slack.modal(), what="modal"
        )
        return modal

    async def decides(self, user: str, decided: Decision, finding: str = "F1", answers: int = 0) -> Any:
        value = f"{decided.value} {finding} {ANALYSIS}"
        return await self.slack.choose(
            user, "contracts", self.ts, DECIDE_ACTION, value=value, answers=answers
        )

    async def in_list(self, user: str, view: Json, decided: Decision, finding: str) -> None:
        value = f"{decided.value} {finding} {ANALYSIS}"
        await self.slack.press_in_modal(user, view, f"{DECIDE_ACTION}_{decided.value}", value)

    async def message_says(self, words: str) -> Json:
        def found() -> Json | None:
            message = self.message()
            return message if words in json.dumps(message, ensure_ascii=False) else None

        message: Json = await self.slack.wait_for(found, what=words)
        return message

    async def modal_says(self, words: str) -> Json:
        def found() -> Json | None:
            view = self.slack.modal() if self.slack.core.views else {}
            return view if words in json.dumps(view, ensure_ascii=False) else None

        view: Json = await self.slack.wait_for(found, what=words)
        return view

    def message(self) -> Json:
        return next(each for each in self.slack.bot_messages("contracts") if each["ts"] == self.ts)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    yield database
    await database.close()


@pytest.fixture
async def bot(slack: FakeSlack, clients: SlackClients, database: Database) -> AsyncIterator[Bot]:
    bot = Bot(slack, clients, database)
    socket = await bot.connect()
    await bot.shows(replace(critical_report(), analysis_id=ANALYSIS))
    yield bot
    await quiet(slack)
    await socket.stop()


async def quiet(slack: FakeSlack) -> None:
    """Until nothing is being shown any more: the listeners outlive the press."""
    calls = -1
    while calls != len(slack.core.calls):
        calls = len(slack.core.calls)
        await asyncio.sleep(0.05)


def people_in(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["user_id"]] if node.get("type") == "user" else []
        return own + [person for value in node.values() for person in people_in(value)]
    return [person for item in node for person in people_in(item)] if isinstance(node, list) else []


def reason(words: str) -> dict[str, Json]:
    return {"reason": {"value": words}}


async def test_all_findings_open_as_a_modal_with_pages(slack: FakeSlack, bot: Bot) -> None:
    modal = await bot.opens_all("eve")
    sent = {key: modal[key] for key in ("title", "close", "blocks", "callback_id", "private_metadata")}
    assert validate_view({"type": "modal", **sent}) == []
    assert "Findings 1–8 of 30" in json.dumps(modal, ensure_ascii=False)
    await slack.press_in_modal("eve", modal, f"{PAGE_ACTION}_next", "1")
    second = await bot.modal_says("Findings 9–16 of 30")
    assert second["id"] == modal["id"]


async def test_posted_in_the_thread_they_are_one_file_however_often(slack: FakeSlack, bot: Bot) -> None:
    modal = await bot.opens_all()
    for _ in range(2):
        await slack.press_in_modal("bob", modal, POST_ACTION, ANALYSIS)
    await bot.modal_says(POSTED)
    files = [reply["files"][0] for reply in slack.replies("contracts", bot.root) if reply.get("files")]
    assert [file["name"].startswith("master-services-agreement") for file in files] == [True]


async def test_accepted_by_one_it_says_so_in_the_message_for_all_and_can_be_undone(
    slack: FakeSlack, bot: Bot
) -> None:
    await bot.decides("bob", Decision.ACCEPTED)
    message = await bot.message_says("Accepted")
    assert people_in(message["blocks"]) == [slack.workspace.user("bob").id]
    await bot.decides("ann", Decision.UNDONE)
    await slack.wait_for(lambda: "Accepted" not in json.dumps(bot.message()), what="undone")
    assert await bot.store.decisions(ANALYSIS) == {}


async def test_dismissing_asks_why_and_says_it_in_place(slack: FakeSlack, bot: Bot) -> None:
    await bot.decides("bob", Decision.DISMISSED, "F2")
    modal = await bot.modal_says("What is wrong with it?")
    assert "Schedule" not in modal["private_metadata"]
    sent = await slack.submit("bob", modal, reason("the annex <!channel> allows it"))
    assert sent.view is None
    message = await bot.message_says("the annex <!channel> allows it")
    assert people_in(message["blocks"]) == [slack.workspace.user("bob").id]
    held = (await bot.store.decisions(ANALYSIS))["F2"]
    assert (held.decision, held.reason) == (Decision.DISMISSED, "the annex <!channel> allows it")


async def test_the_reason_is_optional(slack: FakeSlack, bot: Bot) -> None:
    await bot.decides("bob", Decision.DISMISSED)
    await slack.submit("bob", await bot.modal_says("What is wrong with it?"))
    await bot.message_says("Dismissed")


async def test_decided_in_the_list_the_list_and_the_message_say_so(slack: FakeSlack, bot: Bot) -> None:
    modal = await bot.opens_all()
    await bot.in_list("bob", modal, Decision.ACCEPTED, "F3")
    await bot.modal_says("Accepted")
    await bot.message_says("Accepted")
    await bot.in_list("bob", slack.modal(), Decision.DISMISSED, "F4")
    asking = await bot.modal_says("What is wrong with it?")
    assert asking["id"] != modal["id"]
    await slack.submit("bob", asking, reason("not ours"))
    listed = await bot.modal_says("not ours")
    assert listed["id"] == modal["id"]
    await bot.message_says("✖️")


async def test_many_who_press_at_once_end_in_a_message_that_shows_all_of_it(
    slack: FakeSlack, bot: Bot
) -> None:
    people = ("ann", "bob", "olly")
    await asyncio.gather(
        *(bot.decides(person, Decision.ACCEPTED, f"F{number}") for number, person in enumerate(people, 1))
    )
    ids = [slack.workspace.user(person).id for person in people]
    await slack.wait_for(lambda: people_in(bot.message()["blocks"]) == ids, what="all three")


async def test_an_update_of_another_process_that_comes_late_does_not_hide_what_was_decided_meanwhile(
    slack: FakeSlack, clients: SlackClients, database: Database, bot: Bot
) -> None:
    channel = slack.workspace.channel("contracts").id
    seen = SeenResult(ANALYSIS, channel, bot.ts, bot.root)
    slow = Results(clients, bot.shelf, bot.store, JobStore(database))
    await bot.store.decide(decision("F1", Decision.ACCEPTED))
    slack.fail("chat.update", Fault.STALLED, delay_s=0.3)
    late = asyncio.create_task(slow.show(seen))
    await slack.wait_for(lambda: slack.calls_to("chat.update"), what="the late update")
    await bot.store.decide(decision("F2", Decision.ACCEPTED))
    await bot.results.show(seen)
    assert len(people_in(bot.message()["blocks"])) == 2
    await late
    assert len(people_in(bot.message()["blocks"])) == 2


async def test_a_private_result_that_was_shared_says_by_whom_also_after_a_decision(
    slack: FakeSlack, database: Database, bot: Bot
) -> None:
    channel = slack.workspace.channel("contracts").id
    private = Job(ANALYSIS, TEAM, channel, bot.root, "F1", ANN, "command", brief=Brief(private=True))
    await JobStore(database).add([Arrival(private, JobState.ACCEPTED, NOW)])
    await bot.decides("bob", Decision.ACCEPTED)
    message = await bot.message_says("shares it here")
    assert people_in(message["blocks"]) == [ANN, slack.workspace.user("bob").id]
    assert "share_result" not in json.dumps(message["blocks"])


async def test_of_two_who_accept_the_same_the_first_one_stays(slack: FakeSlack, bot: Bot) -> None:
    await bot.decides("bob", Decision.ACCEPTED)
    await bot.message_says("Accepted")
    await bot.decides("ann", Decision.ACCEPTED)
    await slack.wait_for(lambda: len(slack.calls_to("chat.update")) >= 2, what="shown again")
    assert people_in(bot.message()["blocks"]) == [slack.workspace.user("bob").id]


@pytest.mark.parametrize("person", ["eve", "stranger"])
async def test_guests_may_look_but_not_decide(slack: FakeSlack, bot: Bot, person: str) -> None:
    for decided in (Decision.ACCEPTED, Decision.DISMISSED):
        answer = await bot.decides(person, decided, answers=1)
        assert NOT_FOR_GUESTS in json.dumps(answer.answers)
    modal = await bot.opens_all(person)
    await bot.in_list(person, modal, Decision.ACCEPTED, "F1")
    await bot.modal_says(NOT_FOR_GUESTS)
    assert await bot.store.decisions(ANALYSIS) == {}


async def test_rights_are_asked_again_when_a_reason_is_sent(slack: FakeSlack, bot: Bot) -> None:
    await bot.decides("bob", Decision.DISMISSED)
    modal = await bot.modal_says("What is wrong with it?")
    sent = await slack.submit("eve", modal, reason("no"))
    assert NOT_FOR_GUESTS in json.dumps(sent.view)
    assert await bot.store.decisions(ANALYSIS) == {}


async def test_of_a_report_that_is_not_kept_every_button_says_so(slack: FakeSlack, bot: Bot) -> None:
    modal = await bot.opens_all()
    bot.shelf.reports.clear()
    answers = [
        await slack.click("bob", "contracts", bot.ts, ALL_ACTION, value=ANALYSIS, answers=1),
        await bot.decides("bob", Decision.ACCEPTED, answers=1),
        await bot.decides("bob", Decision.DISMISSED, answers=1),
    ]
    assert all(NOT_KEPT in json.dumps(answer.answers) for answer in answers)
    await slack.press_in_modal("bob", modal, POST_ACTION, ANALYSIS)
    await bot.modal_says(NOT_KEPT)
    assert await bot.store.decisions(ANALYSIS) == {}


async def test_a_value_that_is_none_of_ours_is_answered(slack: FakeSlack, bot: Bot) -> None:
    answer = await slack.choose("bob", "contracts", bot.ts, DECIDE_ACTION, value="nonsense", answers=1)
    assert "what this button stands for" in json.dumps(answer.answers)
    assert (await bot.decides("bob", Decision.ACCEPTED, "F99", answers=1)).answers


async def test_what_was_decided_while_slack_refused_the_update_is_shown_by_the_next_press(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.fail("chat.update", Fault.ERROR, error="message_not_found")
    await bot.decides("bob", Decision.ACCEPTED, "F1")
    await slack.wait_for(lambda: slack.calls_to("chat.update"), what="the refused update")
    await bot.decides("ann", Decision.ACCEPTED, "F2")
    await slack.wait_for(lambda: len(people_in(bot.message()["blocks"])) == 2, what="both")


async def test_who_asked_to_run_it_again_still_stands_there_after_a_decision(
    slack: FakeSlack, database: Database, bot: Bot
) -> None:
    bot.shelf.reports[ANALYSIS] = replace(earlier_report(), analysis_id=ANALYSIS)
    channel = slack.workspace.channel("contracts").id
    jobs = [
        Job(name, TEAM, channel, bot.root, "F1", user, "message")
        for name, user in ((ANALYSIS, "U0ANN00001"), (f"{ANALYSIS}-again", "U0OLLY0001"))
    ]
    await JobStore(database).add([Arrival(job, JobState.ACCEPTED, NOW) for job in jobs])
    await bot.decides("bob", Decision.ACCEPTED)
    message = await bot.message_says("asked for a new analysis")
    assert "run_again" not in json.dumps(message["blocks"])


async def test_a_thumb_up_is_thanked_and_the_last_thumb_of_a_person_counts(
    slack: FakeSlack, database: Database, bot: Bot
) -> None:
    answer = await slack.thumb("eve", "contracts", bot.ts, FEEDBACK_ACTION, value=f"up {ANALYSIS}", answers=1)
    assert "👍" in answer.answers[0]["text"]
    assert answer.answers[0]["response_type"] == "ephemeral"


async def test_a_thumb_down_counts_at_once_and_may_be_explained(
    slack: FakeSlack, database: Database, bot: Bot
) -> None:
    await slack.thumb("bob", "contracts", bot.ts, FEEDBACK_ACTION, value=f"down {ANALYSIS}")
    modal = await bot.modal_says("What was wrong or missing?")
    assert await thumbs(database) == [("down", "")]
    sent = await slack.submit("bob", modal, reason("it missed\nthe penalty"))
    assert "Thank you" in json.dumps(sent.view)
    assert await thumbs(database) == [("down", ""), ("down", "it missed the penalty")]


async def test_a_thumb_whose_modal_slack_does_not_open_is_thanked_all_the_same(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.fail("views.open", Fault.ERROR, error="expired_trigger_id")
    answer = await slack.thumb(
        "bob", "contracts", bot.ts, FEEDBACK_ACTION, value=f"down {ANALYSIS}", answers=1
    )
    assert "👎" in answer.answers[0]["text"]


async def thumbs(database: Database) -> list[tuple[str, str]]:
    async with database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT thumb, reason FROM feedback ORDER BY id")
        return [(row.thumb, row.reason) for row in rows]
