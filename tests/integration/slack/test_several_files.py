"""Ten files in one message: ten outcomes in their order in one thread, and one headline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smallprint.errors import EncryptedDocument, ScannedDocument
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.workflow import DocumentTools
from smallprint.models.domain import Document, Ending, RiskLevel
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.inbox import jobs_in
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.files import PlainReader
from tests.fakes.job_store import jobs_of_message
from tests.fakes.reports import low_report
from tests.fakes.slack import FakeSlack, Fault, Upload
from tests.fakes.slack.workspace import BOT_USER
from tests.integration.slack.setting import files_of

CHANNEL = "C0CONTRACT"


class PickyReader(PlainReader):
    """Cannot read a scan and a locked file."""

    async def read(self, name: str, content: bytes) -> Document:
        if name.startswith("scan"):
            raise ScannedDocument
        if name.startswith("locked"):
            raise EncryptedDocument
        return await super().read(name, content)


@asynccontextmanager
async def delivery_on(
    slack: FakeSlack, clients: SlackClients, folder: Path
) -> AsyncIterator[tuple[ThreadDelivery, Database]]:
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/app.db")
    sources = Sources(files_of(slack, clients), None)
    posts = Posts(clients, PostStore(database), owner="this process")
    try:
        yield ThreadDelivery(clients, posts, Destinations(clients, posts), name_of=sources.name_of), database
    finally:
        await database.close()


@asynccontextmanager
async def working(slack: FakeSlack, clients: SlackClients, folder: Path) -> AsyncIterator[DocumentJobs]:
    analyser = HarmlessAnalyser(seconds=0.01)
    async with delivery_on(slack, clients, folder) as (delivery, database):
        jobs = DocumentJobs(
            engine_url=f"sqlite:///{folder}/jobs.db",
            store=JobStore(database),
            documents=DocumentTools(
                files=Sources(files_of(slack, clients), None),
                reader=PickyReader(),
                analyser=analyser,
                reports=analyser,
                delivery=delivery,
                concurrency=4,
            ),
            retry_interval_s=0.01,
        )
        await jobs.start()
        try:
            yield jobs
        finally:
            await jobs.stop(5)


def shown(message: dict[str, Any]) -> str:
    return f"{message['text']} {message.get('blocks', '')}"


async def test_ten_files_end_in_their_order_under_one_headline(slack, clients, tmp_path) -> None:
    names = [f"{number}.txt" for number in range(8)]
    names.insert(2, "scan.txt")
    names.append("locked.txt")
    async with working(slack, clients, tmp_path) as jobs:
        share = await slack.share("contracts", "ann", files=[Upload(name, b"words") for name in names])
        for body in slack.core.events:
            if wanted := jobs_in(body, bot_user=BOT_USER):
                await jobs.accept(wanted)
        await slack.wait_for(
            lambda: len(slack.replies(share.channel, share.ts)) == 11, 20, what="eleven replies"
        )
        await asyncio.sleep(0.3)
    *outcomes, headline = slack.replies(share.channel, share.ts)
    assert len(outcomes) == 10
    for name, outcome in zip(names, outcomes, strict=True):
        expected = {"scan.txt": "no text", "locked.txt": "password"}.get(name, name)
        assert expected in shown(outcome)
    assert headline["text"] == "10 documents: 8 low; 2 could not be read"
    items = next(
        part["elements"] for part in headline["blocks"][0]["elements"] if part["type"] == "rich_text_list"
    )
    lines = ["".join(word["text"] for word in item["elements"]) for item in items]
    assert lines[:4] == [
        "🟢 Low: 0.txt",
        "🟢 Low: 1.txt",
        "⚪ a scan without text: scan.txt",
        "🟢 Low: 2.txt",
    ]
    assert lines[9] == "⚪ password-protected: locked.txt"
    assert [call.error for call in slack.calls if call.error] == []


async def test_a_single_file_has_no_headline(slack, clients, tmp_path) -> None:
    async with working(slack, clients, tmp_path) as jobs:
        share = await slack.share("contracts", "ann", "a.txt", b"words")
        await jobs.accept(jobs_in(slack.core.events[0], bot_user=BOT_USER))
        await slack.wait_for(lambda: slack.calls_to("chat.update"), 20)
        await asyncio.sleep(0.3)
    assert len(slack.replies(share.channel, share.ts)) == 1


async def test_a_headline_is_posted_once_even_when_slacks_answer_is_lost(slack, clients, tmp_path) -> None:
    root = await slack.say("contracts", "ann", "two files")
    slack.fail("chat.postMessage", Fault.LOST_ANSWER)
    endings = [
        Ending(
            replace(job, channel=CHANNEL, thread_ts=root.ts),
            "critical",
            replace(low_report(), document_name=name, risk_level=RiskLevel.CRITICAL),
        )
        for job, name in zip(jobs_of_message(2), ("<!channel>.pdf", "b.pdf"), strict=True)
    ]
    async with delivery_on(slack, clients, tmp_path) as (delivery, _):
        await delivery.sum_up(endings)
        await delivery.sum_up(endings)
    (headline,) = slack.replies(CHANNEL, root.ts)
    assert headline["text"] == "2 documents: 2 critical"


async def test_files_of_a_command_are_summed_up_in_the_commands_thread(slack, clients, tmp_path) -> None:
    endings = [
        Ending(
            replace(job, id=f"cmd-1-{job.file_id}", channel=CHANNEL, thread_ts="", message_ts="cmd-1"),
            "model_overloaded",
        )
        for job in jobs_of_message(2)
    ]
    async with delivery_on(slack, clients, tmp_path) as (delivery, _):
        await delivery.announce(endings[0].job)
        await delivery.sum_up(endings)
    root, _, headline = slack.bot_messages("contracts")
    assert headline["thread_ts"] == root["ts"]
    assert "2 could not be analysed" in headline["text"]
    assert "file 2" in shown(headline)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.UNAVAILABLE])
async def test_placeholders_keep_their_order_when_slack_stumbles(slack, clients, tmp_path, fault) -> None:
    slack.fail("chat.postMessage", fault, after=1, retry_after_s=0)
    async with working(slack, clients, tmp_path) as jobs:
        names = [f"{number}.txt" for number in range(4)]
        share = await slack.share("contracts", "ann", files=[Upload(name, b"words") for name in names])
        await jobs.accept(jobs_in(slack.core.events[0], bot_user=BOT_USER))
        await slack.wait_for(
            lambda: len(slack.replies(share.channel, share.ts)) == 5, 20, what="five replies"
        )
        await asyncio.sleep(0.3)
    *outcomes, _ = slack.replies(share.channel, share.ts)
    assert [name in shown(outcome) for name, outcome in zip(names, outcomes, strict=True)] == [True] * 4
