"""What people type and press in Slack, through Bolt and Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from smallprint.errors import DatabaseError, LinkRefused, LinksOff
from smallprint.jobs.intake import job_id
from smallprint.models.domain import Brief, Job, Profile, Report, SharedFile
from smallprint.services.database.jobs import JobState
from smallprint.slack import app as slack_app
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.actions import NOT_KEPT, ActionListeners
from smallprint.slack.listeners.analyse import ACCEPTED_LINK
from smallprint.slack.listeners.shortcuts import ShortcutListener
from smallprint.slack.permissions import Permissions
from smallprint.slack.sources import Sources
from tests.fakes.reports import low_report
from tests.fakes.slack import FakeSlack, Interaction, Share, Upload
from tests.fakes.slack.workspace import DM_ANN, TEAM
from tests.integration.slack.setting import analyse_listener, asking_of, files_of

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


class Standings:
    """What became of jobs, by their ids."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[JobState, str]] = {}

    async def standing(self, job_id: str) -> tuple[JobState, str] | None:
        return self.known.get(job_id)


class Bot:
    def __init__(self, slack: FakeSlack, clients: SlackClients, links: AllowedLinks | None) -> None:
        self._slack, self._clients = slack, clients
        self.jobs: list[Job] = []
        self.reports = OneReport()
        self.record = Standings()
        self.sources = Sources(files_of(slack, clients), links)

    async def accept(self, jobs: Sequence[Job]) -> None:
        self.jobs.extend(jobs)

    async def connect(self) -> slack_app.SocketMode:
        files = files_of(self._slack, self._clients)
        permissions = Permissions(self._clients, team=TEAM, admin_users=frozenset())
        asking = asking_of(self._clients, files, self.sources, permissions, self.accept)
        identity = await slack_app.identify(self._clients)
        inbox = Inbox(SharedFiles(self.accept, bot_user=identity.bot_user))
        app = slack_app.build_app(
            self._clients,
            self._slack.bot_token,
            identity,
            inbox,
            [
                analyse_listener(self._clients, asking),
                ShortcutListener(asking, self.sources, self.record, self.accept),
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


# --- the modal -----------------------------------------------------------------------------------------------


async def opened(slack: FakeSlack, channel: str = "contracts", user: str = "ann") -> dict[str, Any]:
    """What `/analyse` alone opens."""
    await slack.slash_command(user, channel, "/analyse")
    view: dict[str, Any] = await slack.wait_for(lambda: slack.core.views and slack.modal())
    return view


def chosen(value: str) -> dict[str, Any]:
    return {"selected_option": {"text": {"type": "plain_text", "text": "-"}, "value": value}}


async def test_the_command_alone_opens_a_form_with_everything_one_may_wish(slack, bot) -> None:
    view = await opened(slack)
    asked = [block["block_id"] for block in view["blocks"]]
    assert asked == ["files", "source", "themes", "focus", "side", "profile", "language", "where"]


async def test_a_form_with_files_and_wishes_becomes_jobs(slack, bot) -> None:
    view = await opened(slack)
    ticked = [{"text": {"type": "plain_text", "text": "-"}, "value": value} for value in ("payment", "ip")]
    values = {
        "files": {"files": [{"id": "F0AAA"}, {"id": "F0BBB"}]},
        "themes": {"selected_options": ticked},
        "focus": {"value": "exit <!channel>"},
        "side": {"value": " the tenant "},
        "profile": chosen("thorough"),
        "language": {"value": "deutsch"},
    }
    sent = await slack.submit("ann", view, values)
    assert not sent.errors
    assert [(job.file_id, job.ordinal, job.of, job.channel) for job in bot.jobs] == [
        ("F0AAA", 0, 2, "C0CONTRACT"),
        ("F0BBB", 1, 2, "C0CONTRACT"),
    ]
    assert bot.jobs[0].brief == Brief(
        profile=Profile.THOROUGH,
        side="the tenant",
        focus="payment; intellectual property; exit <!channel>",
        language="German",
    )
    assert "On it" in str(sent.view)


async def test_a_form_sent_twice_is_one_request(slack, bot) -> None:
    view = await opened(slack)
    for _ in range(2):
        await slack.submit("ann", view, {"files": {"files": [{"id": "F0AAA"}]}})
    assert len({job.id for job in bot.jobs}) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "source"),
        (
            {"source": {"value": f"{LINK} and please look at all that I say about it here, will you"}},
            "source",
        ),
        ({"source": {"value": "https://private.example/"}}, "source"),
        ({"source": {"value": LINK}, "language": {"value": "Klingon"}}, "language"),
    ],
    ids=["nothing", "a link and words", "not public", "no language"],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_begins(slack, bot, values, field) -> None:
    sent = await slack.submit("ann", await opened(slack), values)
    assert list(sent.errors) == [field]
    assert bot.jobs == []


async def test_pasted_text_becomes_a_file_in_the_thread_and_a_job_on_it(slack, bot) -> None:
    sent = await slack.submit("ann", await opened(slack), {"source": {"value": "The rent is 900 euros."}})
    assert not sent.errors
    (job,) = bot.jobs
    assert slack.core.files[job.file_id].upload.content == b"The rent is 900 euros."
    (root,) = [
        m for m in slack.bot_messages("contracts") if "thread_ts" not in m or m["thread_ts"] == m["ts"]
    ]
    assert "asked me to read" in root["text"]


async def test_a_private_answer_needs_no_bot_in_the_channel_and_leaves_no_trace_there(slack, bot) -> None:
    view = await opened(slack, "lobby")
    where = next(block for block in view["blocks"] if block["block_id"] == "where")
    assert [option["value"] for option in where["element"]["options"]] == ["me"]
    sent = await slack.submit("ann", view, {"source": {"value": LINK}, "where": chosen("me")})
    assert not sent.errors
    assert bot.jobs[0].brief.private
    assert slack.bot_messages("lobby") == []


async def test_guests_may_share_but_not_ask(slack, bot) -> None:
    answer = await slack.slash_command("eve", "contracts", "/analyse", LINK)
    assert "full member" in said(answer)
    assert bot.jobs == []


async def test_a_long_text_in_the_command_is_the_document_itself(slack, bot) -> None:
    text = "The rent is 900 &amp; due on the first. " * 8
    await slack.slash_command("ann", "contracts", "/analyse", text)
    (job,) = bot.jobs
    assert b"900 & due" in slack.core.files[job.file_id].upload.content


async def test_what_a_pasted_document_says_is_no_wish_of_who_pastes_it(slack, bot) -> None:
    text = "The landlord, for the benefit of the tenant, sues in German courts after a thorough review. " * 3
    await slack.slash_command("ann", "contracts", "/analyse", text)
    (job,) = bot.jobs
    assert job.brief == Brief()


def shared_as(share: Share) -> str:
    """Id of the job for its file in its thread."""
    return job_id(TEAM, share.channel, share.ts, share.file_id)


async def test_a_long_text_with_a_link_in_it_is_the_document_and_not_the_link(slack, bot) -> None:
    text = f"The terms at {LINK} apply to every order, for the buyer and for the seller alike. " * 4
    await slack.slash_command("ann", "contracts", "/analyse", text)
    (job,) = bot.jobs
    assert b"apply to every order" in slack.core.files[job.file_id].upload.content
    assert job.brief == Brief()


# --- the shortcut --------------------------------------------------------------------------------------------


async def test_the_shortcut_reads_the_files_of_an_old_message_in_its_thread(slack, bot) -> None:
    share = await slack.share("contracts", "bob", files=[Upload("a.txt", b"a"), Upload("b.txt", b"b")])
    answer = await slack.message_shortcut("ann", "contracts", share.ts, "analyse_document")
    assert "2 files" in said(answer)
    asked = [(job.file_id, job.thread_ts) for job in bot.jobs if job.trigger == "shortcut"]
    assert asked == [(file, share.ts) for file in share.file_ids]


async def test_a_file_that_was_read_there_is_not_paid_for_again_unasked(slack, bot) -> None:
    share = await slack.share("contracts", "bob", files=[Upload("a.txt", b"a")])
    bot.record.known[shared_as(share)] = (JobState.DONE, "low")
    answer = await slack.message_shortcut("ann", "contracts", share.ts, "analyse_document")
    assert "read this here already" in said(answer)
    assert "run_again" in said(answer)
    assert not [job for job in bot.jobs if job.trigger == "shortcut"]


async def test_a_file_that_was_not_read_then_is_read_now(slack, bot) -> None:
    share = await slack.share("contracts", "bob", files=[Upload("a.txt", b"a")])
    bot.record.known[shared_as(share)] = (JobState.DECLINED, "offered")
    await slack.message_shortcut("ann", "contracts", share.ts, "analyse_document")
    asked = [job.id for job in bot.jobs if job.trigger == "shortcut"]
    assert asked == [shared_as(share)]


async def test_a_message_without_a_document_gets_a_sentence(slack, bot) -> None:
    share = await slack.say("contracts", "ann", "hello")
    answer = await slack.message_shortcut("ann", "contracts", share.ts, "analyse_document")
    assert "no file on this message" in said(answer)


async def test_guests_cannot_use_the_shortcut(slack, bot) -> None:
    share = await slack.say("contracts", "ann", "hello")
    answer = await slack.message_shortcut("eve", "contracts", share.ts, "analyse_document")
    assert "full member" in said(answer)
