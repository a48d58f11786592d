"""The placeholder, the result in its place, the report beside it: each once, whatever Slack does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smallprint.errors import SlackUnavailable
from smallprint.models.domain import Job, Step
from smallprint.services.database.connection import Database
from smallprint.services.database.posts import PostStore
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts
from tests.fakes.reports import critical_report, low_report
from tests.fakes.slack import FakeSlack, Fault


class Thread:
    """A message with a file, and one process that answers it."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database, ts: str) -> None:
        self.slack = slack
        self.clients = clients
        self.database = database
        self.job = Job("doc-1234567890", "T0ACME0001", "C0CONTRACT", ts, "F1", "U0ANN00001", "message")

    def process(self, owner: str = "first") -> ThreadDelivery:
        """A delivery with nothing in memory: what a restart leaves."""
        posts = Posts(self.clients, PostStore(self.database), owner)
        return ThreadDelivery(self.clients, posts, Destinations(self.clients, posts), name_of=_no_name)

    def replies(self) -> list[dict[str, object]]:
        return self.slack.replies("contracts", self.job.thread_ts)

    def files(self) -> list[dict[str, object]]:
        return [reply for reply in self.replies() if reply.get("files")]


async def _no_name(_: Job) -> str:
    return ""


@pytest.fixture
async def thread(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Thread]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'posts.db'}")
    share = await slack.say("contracts", "ann", "please read")
    yield Thread(slack, clients, database, share.ts)
    await database.close()


async def test_the_result_takes_the_placeholders_place(thread: Thread) -> None:
    delivery = thread.process()
    await delivery.announce(thread.job)
    await delivery.progress(thread.job, Step.ANALYSING)
    await delivery.deliver(thread.job, low_report())
    (reply,) = thread.replies()
    assert "Low risk" in str(reply["text"])


async def test_whoever_announces_and_however_often_there_is_one_placeholder(thread: Thread) -> None:
    await thread.process().announce(thread.job)
    await thread.process().announce(thread.job)
    assert len(thread.replies()) == 1


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.LOST_ANSWER, Fault.SERVER_ERROR])
async def test_many_who_want_the_same_post_at_once_get_one(thread: Thread, fault: Fault) -> None:
    thread.slack.fail("chat.postMessage", fault, delay_s=0.1)
    delivery = thread.process()

    async def later(delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        await delivery.announce(thread.job)

    await asyncio.gather(*(later(number * 0.03) for number in range(12)), return_exceptions=True)
    assert len(thread.replies()) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_ANSWER_500])
async def test_a_post_whose_answer_is_lost_is_found_again(thread: Thread, fault: Fault) -> None:
    thread.slack.fail("chat.postMessage", fault)
    delivery = thread.process()
    await delivery.announce(thread.job)
    await delivery.deliver(thread.job, low_report())
    assert len(thread.replies()) == 1


async def test_a_process_that_died_while_posting_is_not_repeated_by_the_next(thread: Thread) -> None:
    thread.slack.fail("chat.postMessage", Fault.LOST_ANSWER)
    thread.slack.fail("conversations.replies", Fault.UNAVAILABLE, times=20)
    with pytest.raises(SlackUnavailable):
        await thread.process("first").announce(thread.job)
    thread.slack.heal()
    await thread.process("first").announce(thread.job)
    assert len(thread.replies()) == 1


async def test_a_deleted_placeholder_is_replaced_by_one_new_message(thread: Thread) -> None:
    delivery = thread.process()
    await delivery.announce(thread.job)
    await thread.slack.delete_message("contracts", str(thread.replies()[0]["ts"]))
    await delivery.deliver(thread.job, low_report())
    await thread.process().deliver(thread.job, low_report())
    (reply,) = thread.replies()
    assert "Low risk" in str(reply["text"])


async def test_what_does_not_fit_is_uploaded_once(thread: Thread) -> None:
    await thread.process().deliver(thread.job, critical_report())
    await thread.process().deliver(thread.job, critical_report())
    assert len(thread.files()) == 1


async def test_an_upload_whose_answer_is_lost_is_found_again(thread: Thread) -> None:
    thread.slack.fail("files.completeUploadExternal", Fault.LOST_ANSWER)
    await thread.process().deliver(thread.job, critical_report())
    assert len(thread.files()) == 1


async def test_when_slack_refuses_the_blocks_the_text_and_the_file_say_everything(thread: Thread) -> None:
    thread.slack.fail("chat.update", Fault.ERROR, error="invalid_blocks")
    await thread.process().deliver(thread.job, low_report())
    assert "Low risk" in str(thread.replies()[0]["text"])
    assert len(thread.files()) == 1


async def test_a_failure_is_told_in_the_placeholders_place(thread: Thread) -> None:
    await thread.process().fail(thread.job, "empty", "This file is empty.")
    (reply,) = thread.replies()
    assert "This file is empty." in str(reply["text"])


async def test_progress_never_raises_and_leaves_most_updates_to_results(thread: Thread) -> None:
    delivery = thread.process()
    await delivery.announce(thread.job)
    thread.slack.fail("chat.update", Fault.ERROR, error="internal_error", times=1)
    for _ in range(40):
        await delivery.progress(thread.job, Step.READING)
    assert len(thread.slack.calls_to("chat.update")) <= 21
