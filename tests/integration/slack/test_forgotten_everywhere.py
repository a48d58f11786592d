"""What a forgotten analysis left in Slack is gone wherever it stands: shared, announced, named in a headline, kept for its writer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smallprint.jobs.messages import message_id
from smallprint.models.domain import Brief, Erasure, ErasureKind, Job
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.slack.alerts import ALERT
from smallprint.slack.blocks.message import Message
from smallprint.slack.client import SlackClients
from smallprint.slack.destinations import Destinations
from smallprint.slack.forgetting import FORGOTTEN, Forgetting
from smallprint.slack.listeners.share import SHARED_TAG
from tests.fakes.reports import medium_report
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import ANN, CONTRACTS, DM_ANN, GENERAL, TEAM
from tests.integration.slack.forgetting import SECRET, Office, an_office


@pytest.fixture
async def office(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(slack, clients, tmp_path) as office:
        yield office


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
    brief = Brief(private=True, side=f"the {SECRET}")
    job = Job("cmd-1-F1", TEAM, CONTRACTS, "", "F1", ANN, "command", "cmd-1", brief=brief)
    await JobStore(office.database).add([Arrival(job, JobState.QUEUED, datetime.now(UTC))])
    await office.delivery.deliver(job, replace(medium_report(), analysis_id=job.id))
    await posted(office, f"{job.id}/{SHARED_TAG}", job.channel, None)
    await JobStore(office.database).finish(job.id, JobState.DONE, "medium")
    await forgotten(office, job)
    assert [message["text"] for message in office.slack.bot_messages("contracts")] == [FORGOTTEN]
    assert SECRET not in str(office.slack.bot_messages(DM_ANN))
    (private,) = [each for each in office.slack.bot_messages(DM_ANN) if each["text"] == FORGOTTEN]
    assert [found.id for found in await office.store.about_message(DM_ANN, private["ts"])] == [job.id]
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


@pytest.mark.parametrize(("of", "left"), [(1, 0), (3, 1)], ids=["the only file", "one of three"])
async def test_an_offer_to_read_goes_with_its_only_file(office: Office, of: int, left: int) -> None:
    share = await office.slack.say("contracts", "ann", "please read")
    job = Job("doc-1", TEAM, CONTRACTS, share.ts, "F1", ANN, "message", share.ts, of=of)
    await JobStore(office.database).add([Arrival(job, JobState.DECLINED, datetime.now(UTC))])
    await posted(office, f"{job.id}/offer", CONTRACTS, share.ts)
    await forgotten(office, job)
    assert len(office.thread(share.ts)) == left
