"""What people type and press in Slack, through Bolt and Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from smallprint.errors import DatabaseError, LinkRefused, LinksOff
from smallprint.models.domain import Brief, Job, Profile, Report, SharedFile
from smallprint.slack import app as slack_app
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.actions import NOT_KEPT, ActionListeners
from smallprint.slack.listeners.analyse import ACCEPTED_LINK, AnalyseListener
from smallprint.slack.permissions import Permissions
from smallprint.slack.sources import Sources
from tests.fakes.reports import low_report
from tests.fakes.slack import FakeSlack, Interaction, Upload
from tests.fakes.slack.workspace import DM_ANN, TEAM
from tests.integration.slack.setting import files_of

LINK = "https://example.com/terms.pdf?signature=s3cret"


class AllowedLinks:
    def check(self, url: str) -> None:
        if "private" in url:
            raise LinkRefused

    async def fetch(self, url: str) -> SharedFile:
        return SharedFile("terms.pdf", url.encode())


class OneReport:
    def __init__(self) -> None:
        self.kept: Report | None = replace(low_report(), document_name="lease.pdf")
        self.broken = False

    async def report(self, analysis_id: str) -> Report | None:
        if self.broken:
            raise DatabaseError("I can't read this report any more.")
        return self.kept if self.kept and self.kept.analysis_id == analysis_id else None


class Bot:
    def __init__(self, slack: FakeSlack, clients: SlackClients, links: AllowedLinks | None) -> None:
        self._slack, self._clients = slack, clients
        self.jobs: list[Job] = []
        self.reports = OneReport()
        self.sources = Sources(files_of(slack, clients), links)

    async def accept(self, jobs: Sequence[Job]) -> None:
        self.jobs.extend(jobs)

    async def connect(self) -> slack_app.SocketMode:
        files = files_of(self._slack, self._clients)
        permissions = Permissions(self._clients, team=TEAM, admin_users=frozenset())
        identity = await slack_app.identify(self._clients)
        inbox = Inbox(SharedFiles(self.accept, bot_user=identity.bot_user))
        app = slack_app.build_app(
            self._clients,
            self._slack.bot_token,
            identity,
            inbox,
            [
                AnalyseListener(self._clients, files, self.sources, permissions, self.accept),
                ActionListeners(self.reports),
            ],
        )
        socket = slack_app.SocketMode(app, self._slack.app_token, self._clients, inbox)
        await socket.start()
        return socket


@pytest.fixture
async def bot(slack: FakeSlack, clients: SlackClients) -> AsyncIterator[Bot]:
    bot = Bot(slack, clients, AllowedLinks())
    socket = await bot.connect()
    yield bot
    await socket.stop()


@pytest.fixture
async def linkless_bot(slack: FakeSlack, clients: SlackClients) -> AsyncIterator[Bot]:
    bot = Bot(slack, clients, None)
    socket = await bot.connect()
    yield bot
    await socket.stop()


def said(interaction: Interaction) -> str:
    return " ".join(f"{message.get('text', '')} {message.get('blocks', '')}" for message in interaction.said)


async def test_a_public_link_becomes_a_job_whose_id_keeps_its_secrets(slack, bot) -> None:
    answer = await slack.slash_command("ann", "contracts", "/analyse", f"<{LINK}|terms>")
    assert ACCEPTED_LINK in said(answer)
    (job,) = bot.jobs
    assert (job.file_id, job.trigger, job.of) == (LINK, "command", 1)
    assert "s3cret" not in job.id
    assert (await bot.sources.fetch(job)).name == "terms.pdf"
    assert await bot.sources.name_of(job) == "example.com"
    assert await bot.sources.thread_of(job) is None


async def test_when_links_are_off_the_answer_says_so(slack, linkless_bot) -> None:
    answer = await slack.slash_command("ann", "contracts", "/analyse", LINK)
    assert "setting ALLOW_LINKS" in said(answer)
    assert linkless_bot.jobs == []
    with pytest.raises(LinksOff):
        await linkless_bot.sources.fetch(Job("cmd-1-link", "T1", "C1", "", LINK, "U1", "command"))


async def test_a_link_that_is_not_public_is_refused_at_once(slack, bot) -> None:
    answer = await slack.slash_command("ann", "contracts", "/analyse", "https://private.example/")
    assert "public pages" in said(answer)
    assert bot.jobs == []


async def test_the_files_of_a_message_asked_for_are_one_request(slack, bot) -> None:
    share = await slack.share("contracts", "bob", files=[Upload("a.txt", b"a"), Upload("b.txt", b"b")])
    await slack.slash_command("ann", "contracts", "/analyse", share.permalink)
    asked = [job for job in bot.jobs if job.trigger == "command"]
    assert [(job.file_id, job.ordinal, job.of) for job in asked] == [
        (share.file_ids[0], 0, 2),
        (share.file_ids[1], 1, 2),
    ]
    assert len({job.message_ts for job in asked}) == 1


async def test_wishes_beside_the_link_go_with_every_job_and_are_repeated(slack, bot) -> None:
    share = await slack.share("contracts", "bob", files=[Upload("a.txt", b"a"), Upload("b.txt", b"b")])
    text = f"Thorough {share.permalink} for the tenant focus liability &amp; exit in english"
    answer = await slack.slash_command("ann", "contracts", "/analyse", text)
    asked = [job for job in bot.jobs if job.trigger == "command"]
    wished = Brief(profile=Profile.THOROUGH, side="the tenant", focus="liability & exit", language="English")
    assert [job.brief for job in asked] == [wished, wished]
    assert "I understood: for “the tenant”, focus “liability & exit”, in English, thorough." in said(answer)


async def test_what_is_no_wish_is_answered_kindly_and_nothing_begins(slack, bot) -> None:
    answer = await slack.slash_command("ann", "contracts", "/analyse", f"{LINK} for us quickly in Klingon")
    assert bot.jobs[0].brief == Brief(side="us quickly in Klingon")  # a party may have any name
    bot.jobs.clear()
    answer = await slack.slash_command("ann", "contracts", "/analyse", f"{LINK} in Klingon quickly")
    assert "“in Klingon quickly”" in said(answer)
    assert "economy" in said(answer)
    assert bot.jobs == []


async def test_a_colleague_s_words_cannot_mention_anybody(slack, bot) -> None:
    answer = await slack.slash_command(
        "ann", "contracts", "/analyse", f"{LINK} for <!channel> focus <@U0BOB00001> *now*"
    )
    assert bot.jobs[0].brief.side == "<!channel>"
    (shown,) = answer.said
    assert "<" not in shown["text"]
    assert {block["type"] for block in shown["blocks"]} == {"rich_text"}


@pytest.fixture
async def result(slack: FakeSlack, clients: SlackClients) -> dict[str, Any]:
    """A message of ours in a thread."""
    root = await slack.say("contracts", "ann", "look at this")
    answer = await clients.write.chat_postMessage(channel=root.channel, thread_ts=root.ts, text="result")
    return dict(answer["message"])


async def press(slack: FakeSlack, ts: str, value: str) -> Interaction:
    return await slack.click("bob", "contracts", ts, "receipt", value=value, answers=1)


async def test_the_button_shows_what_was_read_to_who_pressed_in_the_thread(slack, bot, result) -> None:
    answer = await press(slack, result["ts"], low_report().analysis_id)
    (shown,) = answer.answers
    assert "lease.pdf" in said(answer)
    assert (shown["response_type"], shown["replace_original"]) == ("ephemeral", False)
    assert shown["thread_ts"] == result["thread_ts"]
    assert len(slack.replies("contracts", result["thread_ts"])) == 1


async def test_a_receipt_that_is_not_kept_any_more_says_so(slack, bot, result) -> None:
    assert NOT_KEPT in said(await press(slack, result["ts"], "another"))
    bot.reports.broken = True
    assert "can't read this report" in said(await press(slack, result["ts"], "x"))


async def test_the_button_works_in_a_direct_message_too(slack, bot, clients) -> None:
    posted = await clients.write.chat_postMessage(channel=DM_ANN, text="result")
    answer = await slack.click(
        "ann", DM_ANN, posted["ts"], "receipt", value=low_report().analysis_id, answers=1
    )
    assert "lease.pdf" in said(answer)
