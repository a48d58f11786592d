"""A comparison in its thread: one message and one file, whatever Slack does, and nothing before there is something."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from smallprint.jobs.changes import ASKED, VERSIONS
from smallprint.models.domain import Job, JobKind
from smallprint.services.database.connection import Database
from smallprint.services.database.posts import PostStore
from smallprint.slack.changes import ThreadChanges
from smallprint.slack.client import SlackClients
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.versions import a_change, some_changes

MANY = some_changes(*(a_change(number) for number in range(1, 101)), explanations=())


class Thread:
    """A message with a file, and processes that compare it with another one."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database, ts: str) -> None:
        self.slack = slack
        self.clients = clients
        self.database = database
        self.asked = Job(
            "chg-1", "T0ACME0001", "C0CONTRACT", ts, "F2", "U0ANN00001", ASKED, kind=JobKind.CHANGES
        )
        self.silent = replace(self.asked, trigger=VERSIONS)

    def process(self, owner: str = "first") -> ThreadChanges:
        """With nothing in memory: what a restart leaves."""
        posts = Posts(self.clients, PostStore(self.database), owner)
        return ThreadChanges(self.clients, posts, Destinations(self.clients, posts))

    def replies(self) -> list[dict[str, object]]:
        return self.slack.replies("contracts", self.asked.thread_ts)

    def files(self) -> list[dict[str, object]]:
        return [reply for reply in self.replies() if reply.get("files")]


@pytest.fixture
async def thread(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Thread]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'posts.db'}")
    share = await slack.say("contracts", "ann", "what changed?")
    yield Thread(slack, clients, database, share.ts)
    await database.close()


async def test_what_was_asked_for_takes_the_place_of_its_announcement(thread: Thread) -> None:
    process = thread.process()
    await process.announce(thread.asked)
    assert "Comparing" in str(thread.replies()[0]["text"])
    await process.deliver(thread.asked, some_changes())
    (reply,) = thread.replies()
    assert "risk medium → high" in str(reply["text"])


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_ANSWER_500])
async def test_a_new_version_is_told_once_over_crashes_and_lost_answers(thread: Thread, fault: Fault) -> None:
    thread.slack.fail("chat.postMessage", fault)
    await thread.process().deliver(thread.silent, some_changes())
    await thread.process("second").deliver(thread.silent, some_changes())
    (reply,) = thread.replies()
    assert "risk medium → high" in str(reply["text"])


@pytest.mark.parametrize("kind", ["asked", "silent"])
async def test_what_has_no_room_is_uploaded_once(thread: Thread, kind: str) -> None:
    job = getattr(thread, kind)
    await thread.process().deliver(job, MANY)
    await thread.process("second").deliver(job, MANY)
    assert (len(thread.replies()), len(thread.files())) == (2, 1)


async def test_when_slack_refuses_the_blocks_the_text_and_the_file_say_everything(thread: Thread) -> None:
    thread.slack.fail("chat.update", Fault.ERROR, error="invalid_blocks")
    await thread.process().deliver(thread.asked, some_changes())
    assert "risk medium → high" in str(thread.replies()[0]["text"])
    assert len(thread.files()) == 1


async def test_a_deleted_announcement_is_replaced_by_one_new_message(thread: Thread) -> None:
    process = thread.process()
    await process.announce(thread.asked)
    await thread.slack.delete_message("contracts", str(thread.replies()[0]["ts"]))
    await process.deliver(thread.asked, some_changes())
    await thread.process().deliver(thread.asked, some_changes())
    (reply,) = thread.replies()
    assert "risk medium → high" in str(reply["text"])


async def test_why_there_is_no_comparison_is_told_in_the_announcement_s_place(thread: Thread) -> None:
    await thread.process().announce(thread.asked)
    await thread.process().fail(thread.asked, "The older document: it was deleted.")
    (reply,) = thread.replies()
    assert "The older document: it was deleted." in str(reply["text"])
