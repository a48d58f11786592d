"""“Compare with…” under a result: a modal with the conversation's documents, and one job for each pair."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smallprint.errors import DatabaseUnavailable, ReportGone
from smallprint.jobs.intake import Intake, IntakeStopped
from smallprint.models.domain import Brief, Job, JobKind, Report
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.versions import AnalysedDocument
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.result_menu import RESULT_MENU_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.compare_with import (
    ASKED_BEFORE,
    NOT_FOR_GUESTS,
    NOTHING_ELSE,
    ON_IT,
    CompareWithListener,
)
from smallprint.slack.listeners.repeat import STOPPING, UNKNOWN_JOB
from smallprint.slack.listeners.result_menu import ResultMenuListener
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from tests.fakes.reports import medium_report
from tests.fakes.slack import FakeSlack, Interaction
from tests.fakes.slack.workspace import LEGAL, TEAM, Json
from tests.integration.slack.prompting import words

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
WISHES = Brief(side="the tenant", cost_accepted=True)


def document(number: int, name: str = "") -> AnalysedDocument:
    return AnalysedDocument(
        f"doc-{number}",
        f"F{number}",
        name or f"paper {number}.pdf",
        f"{number:064x}",
        "high",
        START + timedelta(days=number),
        0,
        "",
    )


MINE = replace(document(5), sha256=medium_report().document_sha256)


class Shelf:
    """Reports and the documents of the channel, in memory."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}
        self.documents = [document(7, "Prices.xlsx"), MINE, document(3, medium_report().document_name)]

    async def report(self, analysis_id: str) -> Report | None:
        return self.reports.get(analysis_id)

    async def of_channel(self, team: str, channel: str, since: datetime) -> list[AnalysedDocument]:
        return self.documents

    async def of_file(self, job: Job) -> AnalysedDocument | None:
        return MINE


class Bot:
    """The menu and the modal with real jobs. `troubles` are raised by accept, one a call."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database) -> None:
        self.slack, self.clients = slack, clients
        self.jobs, self.shelf = JobStore(database), Shelf()
        self.troubles: list[Exception] = []
        self._intake = Intake(self.jobs, wait_for_message_s=1, committed=lambda: None)

    async def accept(self, jobs: Sequence[Job]) -> None:
        if self.troubles:
            raise self.troubles.pop()
        await self._intake.accept(jobs)

    async def connect(self) -> slack_app.SocketMode:
        identity = await slack_app.identify(self.clients)
        permissions = Permissions(self.clients, team=TEAM, admin_users=frozenset())
        inbox = Inbox(SharedFiles(self.accept, bot_user=identity.bot_user))
        listener = CompareWithListener(
            self.shelf, self.shelf, self.jobs, permissions, Modals(self.clients), self.accept
        )
        menu = ResultMenuListener({"compare": listener.chosen})
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, [menu, listener])
        socket = slack_app.SocketMode(app, self.slack.app_token, self.clients, inbox)
        await socket.start()
        return socket

    async def shows(self, job: Job) -> str:
        """The job's result in its thread; its ts."""
        await self.accept([job])
        report = replace(medium_report(), analysis_id=job.id)
        self.shelf.reports[job.id] = report
        message = report_message(report)
        posted = await self.clients.write.chat_postMessage(
            channel=job.channel, thread_ts=job.thread_ts, text=message.text, blocks=message.blocks
        )
        return str(posted["ts"])

    async def chooses(self, user: str, ts: str, job_id: str, answers: int = 0) -> Interaction:
        value = f"compare {job_id}"
        return await self.slack.choose(
            user, "contracts", ts, RESULT_MENU_ACTION, value=value, answers=answers
        )

    async def modal(self, ts: str, job: Job) -> Json:
        await self.chooses("ann", ts, job.id)
        shown: Json = await self.slack.wait_for(
            lambda: self.slack.core.views and self.slack.modal(), what="modal"
        )
        return shown

    async def comparisons(self) -> list[Job]:
        return [job for job in await self.jobs.accepted() if job.kind is JobKind.CHANGES]


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
    return Job("doc-5", TEAM, root.channel, root.ts, "F5", "U0ANN00001", "message", root.ts, brief=WISHES)


def choosing(job_id: str) -> dict[str, Json]:
    return {"with": {"selected_option": {"value": job_id}}}


async def test_the_other_documents_are_offered_those_with_a_like_name_first(bot: Bot, job: Job) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    sent = {
        key: modal[key] for key in ("title", "submit", "close", "blocks", "callback_id", "private_metadata")
    }
    assert validate_view({"type": "modal", **sent}) == []
    (menu,) = [block["element"] for block in modal["blocks"] if block["type"] == "input"]
    assert [option["value"] for option in menu["options"]] == ["doc-3", "doc-7"]


@pytest.mark.parametrize(("chosen", "file_id", "older"), [("doc-3", "F5", "doc-3"), ("doc-7", "F7", "doc-5")])
async def test_the_one_that_was_shared_first_is_the_old_version(
    bot: Bot, job: Job, chosen: str, file_id: str, older: str
) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    sent = await bot.slack.submit("ann", modal, choosing(chosen))
    assert ON_IT in words(sent.view)
    (new,) = await bot.comparisons()
    assert (new.trigger, new.user, new.thread_ts, new.file_id) == (
        "compare",
        "U0ANN00001",
        job.thread_ts,
        file_id,
    )
    assert new.brief == Brief(side="the tenant", compare_with=older)


async def test_the_same_pair_sent_twice_or_asked_for_again_is_one_job(bot: Bot, job: Job) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    await asyncio.gather(*(bot.slack.submit("ann", modal, choosing("doc-3")) for _ in range(2)))
    assert ASKED_BEFORE in words((await bot.slack.submit("bob", modal, choosing("doc-3"))).view)
    assert len(await bot.comparisons()) == 1


async def test_what_the_list_does_not_offer_cannot_be_compared(bot: Bot, job: Job) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    assert ReportGone.sentence in words((await bot.slack.submit("ann", modal, choosing("doc-99"))).view)
    assert await bot.comparisons() == []


async def test_a_document_that_is_alone_has_nothing_to_be_compared_with(bot: Bot, job: Job) -> None:
    bot.shelf.documents = [MINE]
    answer = await bot.chooses("ann", await bot.shows(job), job.id, answers=1)
    assert NOTHING_ELSE in words(answer.answers)
    assert answer.answers[0]["response_type"] == "ephemeral"


async def test_guests_get_a_kind_sentence_and_no_modal(bot: Bot, job: Job) -> None:
    answer = await bot.chooses("eve", await bot.shows(job), job.id, answers=1)
    assert NOT_FOR_GUESTS in words(answer.answers)
    assert bot.slack.core.views == []


async def test_what_is_not_known_or_of_another_conversation_is_not_compared(bot: Bot, job: Job) -> None:
    ts = await bot.shows(job)
    await bot.accept([replace(job, id="doc-2", channel="D0ANN00001", thread_ts="")])
    for job_id in ("doc-unknown", "doc-2"):
        assert UNKNOWN_JOB in words((await bot.chooses("ann", ts, job_id, answers=1)).answers)
    bot.shelf.reports.clear()
    assert ReportGone.sentence in words((await bot.chooses("ann", ts, job.id, answers=1)).answers)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [(DatabaseUnavailable(), DatabaseUnavailable.sentence), (IntakeStopped(), STOPPING)],
)
async def test_what_could_not_be_written_down_is_said(
    bot: Bot, job: Job, trouble: Exception, sentence: str
) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    bot.troubles.append(trouble)
    assert sentence in words((await bot.slack.submit("ann", modal, choosing("doc-3"))).view)
    assert await bot.comparisons() == []


@pytest.mark.parametrize("left", [False, True])
async def test_a_private_result_lists_the_channel_only_for_who_is_still_in_it(
    bot: Bot, job: Job, *, left: bool
) -> None:
    ts = await bot.shows(job)
    private = replace(job, id="ask-1-F5", channel=LEGAL, thread_ts="", brief=Brief(private=True))
    await bot.accept([private])
    bot.shelf.reports[private.id] = replace(medium_report(), analysis_id=private.id)
    if left:
        bot.slack.workspace.channel("legal").members.remove("U0ANN00001")
        answer = await bot.chooses("ann", ts, private.id, answers=1)
        assert NOTHING_ELSE in words(answer.answers)
    else:
        assert "doc-3" in str(await bot.modal(ts, private))
