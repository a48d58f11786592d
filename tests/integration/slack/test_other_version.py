"""“Run with another version” under a result: a modal for admins, one new job for each choice, a kind word for others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smallprint.errors import DatabaseUnavailable
from smallprint.jobs.intake import Intake, IntakeStopped
from smallprint.models.domain import Brief, Job, Profile, Report
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.prompts import PromptStore
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.limits import validate_view
from smallprint.slack.blocks.report import report_message
from smallprint.slack.blocks.rerun_modal import MORE_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.actions import NOT_KEPT
from smallprint.slack.listeners.other_version import (
    AS_BEFORE,
    ASKED_BEFORE,
    NOT_FOR_MEMBERS,
    NOTHING_TO_CHOOSE,
    ON_IT,
    OtherVersionListener,
)
from smallprint.slack.listeners.repeat import STOPPING, UNKNOWN_JOB
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from tests.fakes.prompt_files import FakePromptFiles, prompt
from tests.fakes.reports import medium_report
from tests.fakes.slack import FakeSlack, Interaction
from tests.fakes.slack.workspace import TEAM, Json
from tests.integration.slack.prompting import AGENT, REVIEWER, release, words

WISHES = Brief(profile=Profile.THOROUGH, side="the tenant", cost_accepted=True)


class Shelf:
    """Reports in memory."""

    def __init__(self) -> None:
        self.reports: dict[str, Report] = {}

    async def report(self, analysis_id: str) -> Report | None:
        return self.reports.get(analysis_id)


class Bot:
    """The listener with real jobs and prompt versions. `troubles` are raised by accept, one a call."""

    def __init__(
        self, slack: FakeSlack, clients: SlackClients, database: Database, files: FakePromptFiles
    ) -> None:
        self.slack, self.clients = slack, clients
        self.jobs, self.shelf = JobStore(database), Shelf()
        self.prompts = PromptVersions(files, PromptStore(database), contracts={"analysis/1"})
        self.troubles: list[Exception] = []
        self._intake = Intake(self.jobs, wait_for_message_s=1, committed=lambda: None)

    async def accept(self, jobs: Sequence[Job]) -> None:
        if self.troubles:
            raise self.troubles.pop()
        await self._intake.accept(jobs)

    async def connect(self) -> slack_app.SocketMode:
        await self.prompts.import_templates()
        identity = await slack_app.identify(self.clients)
        permissions = Permissions(self.clients, team=TEAM, admin_users=frozenset())
        inbox = Inbox(SharedFiles(self.accept, bot_user=identity.bot_user))
        listener = OtherVersionListener(
            self.prompts, self.shelf, self.jobs, permissions, Modals(self.clients), self.accept
        )
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, [listener])
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

    async def chooses(self, user: str, ts: str, value: str, answers: int = 0) -> Interaction:
        return await self.slack.choose(user, "contracts", ts, MORE_ACTION, value=value, answers=answers)

    async def modal(self, ts: str, job: Job) -> Json:
        await self.chooses("ann", ts, job.id)
        shown: Json = await self.slack.wait_for(
            lambda: self.slack.core.views and self.slack.modal(), what="modal"
        )
        return shown


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    yield database
    await database.close()


@pytest.fixture
async def bot(slack: FakeSlack, clients: SlackClients, database: Database) -> AsyncIterator[Bot]:
    bot = Bot(slack, clients, database, release())
    socket = await bot.connect()
    yield bot
    await socket.stop()


@pytest.fixture
async def job(slack: FakeSlack) -> Job:
    root = await slack.say("contracts", "ann", "could we sign this?")
    return Job("doc-1", TEAM, root.channel, root.ts, "F1", "U0ANN00001", "message", root.ts, 1, 3, WISHES)


def choosing(**versions: int) -> dict[str, Json]:
    return {agent: {"selected_option": {"value": str(version)}} for agent, version in versions.items()}


async def test_admins_choose_among_usable_versions_and_see_which_were_used(bot: Bot, job: Job) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    sent = {
        key: modal[key] for key in ("title", "submit", "close", "blocks", "callback_id", "private_metadata")
    }
    assert validate_view({"type": "modal", **sent}) == []
    menus = {block["block_id"]: block["element"] for block in modal["blocks"] if block["type"] == "input"}
    assert list(menus) == [AGENT, REVIEWER]
    assert [option["value"] for option in menus[AGENT]["options"]] == ["3", "2", "1"]
    used = {run.agent: run.prompt_version for run in medium_report().agents}
    assert menus[AGENT]["initial_option"]["value"] == str(used[AGENT])
    assert "as before" in menus[AGENT]["initial_option"]["text"]["text"]


async def test_the_new_job_has_the_versions_and_is_compared_with_the_first_report(bot: Bot, job: Job) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    sent = await bot.slack.submit("ann", modal, choosing(document_analysis=1, findings_review=2))
    assert ON_IT.split(".")[0] in words(sent.view)
    new = (await bot.jobs.accepted())[-1]
    assert new.id.startswith("doc-1-with-")
    assert (new.trigger, new.user, new.thread_ts, new.file_id) == ("with", "U0ANN00001", job.thread_ts, "F1")
    assert new.brief == replace(
        WISHES,
        prompts={AGENT: 1, REVIEWER: 2},
        again=True,
        cost_accepted=False,
        compare_with="doc-1",
    )


async def test_the_same_choice_sent_twice_or_asked_for_again_is_one_job(bot: Bot, job: Job) -> None:
    ts = await bot.shows(job)
    modal = await bot.modal(ts, job)
    choice = choosing(document_analysis=1, findings_review=2)
    await asyncio.gather(*(bot.slack.submit("ann", modal, choice) for _ in range(2)))
    assert ASKED_BEFORE in words((await bot.slack.submit("olly", modal, choice)).view)
    await bot.slack.submit("ann", modal, choosing(document_analysis=3, findings_review=2))
    assert len(await bot.jobs.accepted()) == 3


async def test_exactly_the_versions_of_the_report_are_not_run_again(bot: Bot, job: Job) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    used: dict[str, Any] = {run.agent: run.prompt_version for run in medium_report().agents}
    sent = await bot.slack.submit("ann", modal, choosing(**{AGENT: used[AGENT], REVIEWER: used[REVIEWER]}))
    assert sent.errors == {AGENT: AS_BEFORE}
    assert len(await bot.jobs.accepted()) == 1


@pytest.mark.parametrize("person", ["bob", "eve", "stranger"])
async def test_others_get_a_kind_sentence_and_no_modal(bot: Bot, job: Job, person: str) -> None:
    answer = await bot.chooses(person, await bot.shows(job), job.id, answers=1)
    assert NOT_FOR_MEMBERS in words(answer.answers)
    assert answer.answers[0]["response_type"] == "ephemeral"
    assert bot.slack.core.views == []


async def test_rights_are_asked_again_when_it_is_sent(bot: Bot, job: Job) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    await bot.slack.submit("bob", modal, choosing(document_analysis=1, findings_review=2))
    assert len(await bot.jobs.accepted()) == 1


async def test_what_is_not_known_or_of_another_conversation_is_not_run(bot: Bot, job: Job) -> None:
    ts = await bot.shows(job)
    elsewhere = replace(job, id="doc-2", channel="D0ANN00001", thread_ts="")
    await bot.accept([elsewhere])
    for value in ("doc-unknown", "doc-2"):
        assert UNKNOWN_JOB in words((await bot.chooses("ann", ts, value, answers=1)).answers)
    bot.shelf.reports.clear()
    assert NOT_KEPT in words((await bot.chooses("ann", ts, job.id, answers=1)).answers)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [(DatabaseUnavailable(), DatabaseUnavailable.sentence), (IntakeStopped(), STOPPING)],
)
async def test_what_could_not_be_written_down_is_said(
    bot: Bot, job: Job, trouble: Exception, sentence: str
) -> None:
    modal = await bot.modal(await bot.shows(job), job)
    bot.troubles.append(trouble)
    choice = choosing(document_analysis=1, findings_review=2)
    assert sentence in words((await bot.slack.submit("ann", modal, choice)).view)
    assert len(await bot.jobs.accepted()) == 1


async def test_with_one_version_of_each_prompt_there_is_nothing_to_choose(
    slack: FakeSlack, clients: SlackClients, database: Database, job: Job
) -> None:
    bot = Bot(slack, clients, database, FakePromptFiles(prompt(1)))
    socket = await bot.connect()
    answer = await bot.chooses("ann", await bot.shows(job), job.id, answers=1)
    assert NOTHING_TO_CHOOSE in words(answer.answers)
    await socket.stop()
