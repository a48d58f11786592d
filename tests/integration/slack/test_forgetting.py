"""Forgetting, from Slack's event to the bytes of the database: texts are gone, numbers stay, and the thread says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smallprint.jobs.erasing import Eraser
from smallprint.jobs.messages import message_id
from smallprint.models.domain import AnalysisRequest, Brief, Erasure, ErasureKind, Job
from smallprint.services.database.analyses import AnalysisStore
from smallprint.services.database.connection import Database
from smallprint.services.database.erasures import ErasureStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack.alerts import ALERT
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.text import escape_mrkdwn
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.erasures import Erasures
from smallprint.slack.forget_command import NOTHING, USAGE, ForgetCommand
from smallprint.slack.forgetting import FORGOTTEN, Forgetting
from smallprint.slack.listeners.share import SHARED_TAG
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from tests.fakes.passages import document_of
from tests.fakes.reports import medium_report
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import ANN, BOB, CONTRACTS, DM_ANN, GENERAL, TEAM

SECRET = "zanzibarquince"


class Office:
    """A thread with a result, the database behind it, and who forgets."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database, folder: Path) -> None:
        self.slack, self.clients, self.database, self.folder = slack, clients, database, folder
        self.store = ErasureStore(database)
        self.posts = Posts(clients, PostStore(database), "one")
        destinations = Destinations(clients, self.posts)
        self.delivery = ThreadDelivery(clients, self.posts, destinations, name_of=_no_name)
        self.stopped: list[str] = []
        forgetting = Forgetting(clients, self.store, destinations)
        self.eraser = Eraser(self.store, stop_job=self._stop, delivery=forgetting)
        self.permissions = Permissions(clients, team="T0ACME0001", admin_users=frozenset({"U0OLLY0001"}))
        self.command = ForgetCommand(self.store, self.store.add, self.permissions, noticed=self.eraser.notice)

    async def _stop(self, job: Job, _user: str) -> None:
        self.stopped.append(job.id)

    async def analysed(self, ts: str, file: str = "F1", state: JobState = JobState.DONE) -> Job:
        brief = Brief(side=f"the {SECRET}")
        job = Job(
            f"doc-{file}{ts}", "T0ACME0001", "C0CONTRACT", ts, file, "U0ANN00001", "message", ts, brief=brief
        )
        await JobStore(self.database).add([Arrival(job, JobState.QUEUED, datetime.now(UTC))])
        request = AnalysisRequest(job.id, job.team, job.channel, job.user, job.trigger)
        report = replace(
            medium_report(), analysis_id=job.id, document_name=f"{SECRET}.pdf", summary=f"{SECRET} x"
        )
        analyses = AnalysisStore(self.database)
        await analyses.begin(request, document_of("The rent."), {}, offline=True)
        await analyses.finish(report)
        await self.delivery.deliver(job, report)
        if state is JobState.DONE:
            await JobStore(self.database).finish(job.id, state, "medium")
        return job

    def thread(self, ts: str) -> list[str]:
        return [str(reply["text"]) for reply in self.slack.replies("contracts", ts)]

    def bytes_hold_the_secret(self) -> bool:
        return any(SECRET.encode() in file.read_bytes() for file in self.folder.glob("app.db*"))

    async def report(self, job: Job) -> object:
        return await AnalysisStore(self.database).report(job.id)


async def _no_name(_: Job) -> str:
    return ""


@pytest.fixture
async def office(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Office]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    yield Office(slack, clients, database, tmp_path)
    await database.close()


async def test_a_deleted_message_leaves_no_text_behind_and_a_sentence_in_the_thread(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    job = await office.analysed(share.ts)
    assert office.bytes_hold_the_secret()
    wish = Erasure("e1", ErasureKind.MESSAGE, "T0ACME0001", "C0CONTRACT", share.ts)
    await office.store.add([wish, wish])
    assert await office.eraser.look()
    assert office.thread(share.ts) == [FORGOTTEN]
    assert await office.report(job) is None
    assert not office.bytes_hold_the_secret()
    assert await office.store.open() == []


async def test_numbers_and_the_level_stay(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    before = await JobStore(office.database).counts()
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    await office.eraser.look()
    assert await JobStore(office.database).counts() == before


async def test_other_documents_stay_as_they_are(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts, "F1")
    other = await office.analysed(share.ts, "F2")
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    await office.eraser.look()
    assert await office.report(other) is not None
    assert office.thread(share.ts)[0] == FORGOTTEN
    assert office.thread(share.ts)[1] != FORGOTTEN


async def test_a_running_analysis_is_stopped_first_and_forgotten_when_it_has_ended(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    job = await office.analysed(share.ts, state=JobState.QUEUED)
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    assert not await office.eraser.look()
    assert office.stopped == [job.id]
    await JobStore(office.database).finish(job.id, JobState.FAILED, "stopped")
    assert await office.eraser.look()
    assert not office.bytes_hold_the_secret()


@pytest.mark.parametrize("kind", [ErasureKind.CHANNEL, ErasureKind.WORKSPACE])
async def test_where_we_can_no_longer_speak_the_texts_go_in_silence(
    office: Office, kind: ErasureKind
) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    await office.store.add([Erasure("e1", kind, "T0ACME0001", "C0CONTRACT")])
    assert await office.eraser.look()
    assert not office.bytes_hold_the_secret()
    assert FORGOTTEN not in office.thread(share.ts)


async def test_while_slack_is_down_the_texts_go_and_the_sentence_follows(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    await office.store.add([Erasure("e1", ErasureKind.FILE, "T0ACME0001", "", "F1")])
    office.slack.fail("chat.update", Fault.UNAVAILABLE, times=20)
    assert not await office.eraser.look()
    assert await office.store.open() != []
    office.slack.heal()
    assert await office.eraser.look()
    assert office.thread(share.ts) == [FORGOTTEN]


async def test_the_event_of_a_deleted_message_reaches_the_eraser(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    keeper = Erasures(office.store.add, bot_user="U0BOT00001", noticed=office.eraser.notice)
    office.eraser.start()
    before = {"user": "U0ANN00001", "ts": share.ts, "files": [{"id": "F1"}]}
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C0CONTRACT",
        "message": {"subtype": "tombstone", "ts": share.ts},
        "previous_message": before,
    }
    assert await keeper.keep({"type": "event_callback", "event_id": "Ev1", "event": event})
    await office.slack.wait_for(lambda: office.thread(share.ts) == [FORGOTTEN])
    async with asyncio.timeout(5):
        while await office.store.open():  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)
    await office.eraser.stop()
    assert not office.bytes_hold_the_secret()


def asked(text: str, user: str = "U0ANN00001") -> dict[str, str]:
    return {"user_id": user, "text": text}


def link_to(ts: str) -> str:
    return f"https://acme.slack.com/archives/C0CONTRACT/p{ts.replace('.', '')}"


async def test_who_shared_a_document_can_have_it_forgotten(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    told = await office.command.answer(asked(link_to(share.ts)))
    assert told.text.startswith("Done within a minute")
    await office.eraser.look()
    assert not office.bytes_hold_the_secret()


async def test_our_own_answer_can_be_pointed_at_too(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    ours = str(office.slack.replies("contracts", share.ts)[0]["ts"])
    await office.command.answer(asked(link_to(ours)))
    await office.eraser.look()
    assert office.thread(share.ts) == [FORGOTTEN]


async def test_others_cannot_and_admins_can_and_nobody_learns_what_there_is(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    refused = await office.command.answer(asked(link_to(share.ts), "U0BOB00001"))
    nothing = await office.command.answer(asked(link_to("1700000000.000100"), "U0BOB00001"))
    assert refused == nothing
    assert await office.store.open() == []
    await office.command.answer(asked(link_to(share.ts), "U0OLLY0001"))
    assert len(await office.store.open()) == 1


async def test_words_that_are_no_link_and_links_to_nothing_get_a_sentence(office: Office) -> None:
    usage = await office.command.answer(asked("everything"))
    assert usage.text == escape_mrkdwn(USAGE)
    nowhere = await office.command.answer(asked(link_to("1700000000.000100")))
    assert nowhere.text == escape_mrkdwn(NOTHING)


async def posted(office: Office, tag: str, channel: str, thread: str | None) -> None:
    """Returns once it is noted, which happens after the posting."""
    await office.posts.message(tag, channel, thread, Message(f"{SECRET}.pdf", []))
    async with asyncio.timeout(5):
        while not await office.store.posts_of(tag.partition("/")[0]):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


async def forgotten(office: Office, job: Job) -> None:
    await office.store.add([Erasure(f"e-{job.id}", ErasureKind.JOB, job.team, job.channel, job.id)])
    assert await office.eraser.look()


async def test_a_private_result_is_forgotten_where_its_asker_shared_it_too(office: Office) -> None:
    brief = Brief(private=True)
    job = Job("cmd-1-F1", TEAM, CONTRACTS, "", "F1", ANN, "command", "cmd-1", brief=brief)
    await JobStore(office.database).add([Arrival(job, JobState.QUEUED, datetime.now(UTC))])
    await office.delivery.deliver(job, replace(medium_report(), analysis_id=job.id))
    await posted(office, f"{job.id}/{SHARED_TAG}", job.channel, None)
    await JobStore(office.database).finish(job.id, JobState.DONE, "medium")
    await forgotten(office, job)
    assert [message["text"] for message in office.slack.bot_messages("contracts")] == [FORGOTTEN]
    assert FORGOTTEN in [message["text"] for message in office.slack.bot_messages(DM_ANN)]


async def test_who_was_told_of_a_high_risk_elsewhere_is_told_no_more(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    job = await office.analysed(share.ts)
    await posted(office, f"{job.id}/{ALERT}/{GENERAL}", GENERAL, None)
    await forgotten(office, job)
    assert office.slack.bot_messages("general") == []


async def test_the_headline_over_several_files_names_a_forgotten_one_no_more(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    job = replace(await office.analysed(share.ts), of=2)
    await posted(office, f"{message_id(job)}/summary", job.channel, share.ts)
    await Forgetting(office.clients, office.store, Destinations(office.clients, office.posts)).forget(job)
    assert office.thread(share.ts) == [FORGOTTEN]


async def test_a_text_that_we_keep_in_slack_for_its_writer_is_deleted_there(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    file = await office.posts.file("ask-1-text/pasted", CONTRACTS, share.ts, "pasted text.txt", "t", SECRET)
    job = Job("ask-1-text", TEAM, CONTRACTS, "", file, ANN, "command", "ask-1")
    await JobStore(office.database).add([Arrival(job, JobState.DONE, datetime.now(UTC))])
    await forgotten(office, job)
    assert [call.arguments["file"] for call in office.slack.calls_to("files.delete")] == [file]


async def test_asking_about_somebody_elses_file_gives_no_right_over_their_results(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    own = Job("cmd-1-F1", TEAM, GENERAL, "", "F1", BOB, "command", "cmd-1")
    await JobStore(office.database).add([Arrival(own, JobState.DONE, datetime.now(UTC))])
    await office.command.answer(asked("https://acme.slack.com/files/U0ANN00001/F1/lease.pdf", BOB))
    assert [wish.reference for wish in await office.store.open()] == [own.id]


async def test_what_was_asked_since_is_forgotten_when_it_is_asked_for_again(office: Office) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    await office.analysed(share.ts)
    for trigger in ("t1", "t1", "t2"):
        await office.command.answer(asked(link_to(share.ts)) | {"trigger_id": trigger})
        await office.eraser.look()
    assert len(office.slack.calls_to("chat.update")) == 1 + 2
