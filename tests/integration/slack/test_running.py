"""What a thread shows while a job runs, when it was stopped, and who is notified in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import EarlierAnalysis, Job, Progress, Step, Stop
from smallprint.services.database.connection import Database
from smallprint.services.database.posts import PostStore
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.nudges import Nudges
from smallprint.slack.posts import Posts
from smallprint.slack.status import ThreadStatus
from tests.fakes.reports import low_report
from tests.fakes.slack import FakeSlack, Fault

READING = Progress(Step.READING)


class Thread:
    """A message with a file, and one process that answers it."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, database: Database, ts: str) -> None:
        self.slack = slack
        self.job = Job("doc-1234567890", "T0ACME0001", "C0CONTRACT", ts, "F1", "U0ANN00001", "message")
        self.posts = Posts(clients, PostStore(database), "one")
        self.destinations = Destinations(clients, self.posts)
        self.status = ThreadStatus(clients, self.destinations)
        self._clients = clients

    def process(self, **more: Any) -> ThreadDelivery:
        return ThreadDelivery(
            self._clients, self.posts, self.destinations, name_of=_no_name, status=self.status, **more
        )

    def nudges(self, *, minutes: float) -> Nudges:
        """For a job that came in so long ago."""
        came = datetime.now(UTC) - timedelta(minutes=minutes)

        async def came_at(_: str) -> datetime:
            return came

        return Nudges(self.posts, self.destinations, came_at)

    def replies(self) -> list[dict[str, Any]]:
        return self.slack.replies("contracts", self.job.thread_ts)

    def statuses(self) -> list[str]:
        return [each["status"] for each in self.slack.core.statuses]

    def sessions(self) -> list[str]:
        return [each["status"] for each in self.slack.core.sessions]

    async def updated(self, times: int = 1) -> None:
        await self.slack.wait_for(
            lambda: len(self.slack.calls_to("chat.update")) >= times, what="an update of the placeholder"
        )


async def _no_name(_: Job) -> str:
    return ""


@pytest.fixture
async def thread(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path, monkeypatch
) -> AsyncIterator[Thread]:
    monkeypatch.setattr("smallprint.slack.progress.BETWEEN_S", 0.02)
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'posts.db'}")
    share = await slack.say("contracts", "ann", "please read")
    yield Thread(slack, clients, database, share.ts)
    await database.close()


async def test_a_job_that_was_stopped_says_who_did_it_and_what_it_had_cost(thread: Thread) -> None:
    async def stop_of(_: str) -> Stop:
        return Stop("U0BOB00001", 120_000_000, 1)

    delivery = thread.process(stop_of=stop_of)
    await delivery.announce(thread.job)
    (placeholder,) = thread.replies()
    assert placeholder["blocks"][-1]["elements"][0]["value"] == thread.job.id
    await delivery.fail(thread.job, "stopped", "This was stopped.")
    (reply,) = thread.replies()
    assert "U0BOB00001" in str(reply["blocks"])
    assert "It had cost $0.12 so far, and a little more" in reply["text"]
    assert "run_again" in str(reply["blocks"])


async def test_who_waits_sees_from_the_first_how_many_come_before(thread: Thread) -> None:
    async def ahead_of(_: str) -> int:
        return 3

    await thread.process(ahead_of=ahead_of).announce(thread.job)
    assert "Waiting: 3 documents before this one" in thread.replies()[0]["text"]


async def test_places_that_can_not_be_counted_keep_no_placeholder_back(thread: Thread) -> None:
    async def ahead_of(_: str) -> int:
        raise DatabaseUnavailable

    await thread.process(ahead_of=ahead_of).announce(thread.job)
    assert "Waiting for my turn" in thread.replies()[0]["text"]


# --- status --------------------------------------------------------------------------------------------------------


async def test_slack_s_status_and_its_stop_come_and_go_with_the_work(thread: Thread) -> None:
    delivery = thread.process()
    await delivery.announce(thread.job)
    await delivery.progress(thread.job, READING)
    await thread.updated()
    assert thread.status.jobs_in("C0CONTRACT", thread.job.thread_ts) == [thread.job.id]
    await delivery.deliver(thread.job, low_report())
    assert thread.statuses() == ["is reading the document…", ""]
    assert thread.sessions() == ["processing", "active"]
    assert thread.slack.core.sessions[0]["thread_ts"] == thread.job.thread_ts
    assert thread.status.jobs_in("C0CONTRACT", thread.job.thread_ts) == []
    await asyncio.sleep(0.05)
    assert "Low risk" in thread.replies()[0]["text"]


async def test_the_status_stays_until_the_last_job_of_a_thread_has_ended(thread: Thread) -> None:
    delivery, other = thread.process(), replace(thread.job, id="doc-2")
    for job in (thread.job, other):
        await delivery.announce(job)
        await delivery.progress(job, READING)
    await thread.slack.wait_for(lambda: len(thread.statuses()) == 2, what="two lines")
    await delivery.deliver(thread.job, low_report())
    assert thread.sessions() == ["processing"]
    await delivery.fail(other, "empty", "This file is empty.")
    assert thread.sessions() == ["processing", "active"]


@pytest.mark.parametrize("code", ["unknown_method", "not_allowed", "missing_scope"])
async def test_what_slack_does_not_offer_is_asked_for_once(thread: Thread, code: str) -> None:
    methods = ("assistant.threads.setStatus", "agents.sessions.setStatus")
    for method in methods:
        thread.slack.fail(method, Fault.ERROR, error=code, times=10)
    delivery = thread.process()
    for number in range(3):
        job = replace(thread.job, id=f"doc-{number}")
        await delivery.announce(job)
        await delivery.progress(job, READING)
        await thread.updated(2 * number + 1)
        await delivery.deliver(job, low_report())
    assert [len(thread.slack.calls_to(method)) for method in methods] == [1, 1]


async def test_an_update_that_slack_holds_back_does_not_overwrite_the_result(thread: Thread) -> None:
    delivery = thread.process()
    await delivery.announce(thread.job)
    thread.slack.fail("chat.update", Fault.STALLED, delay_s=0.2, times=1)
    await delivery.progress(thread.job, READING)
    await thread.updated()
    await delivery.deliver(thread.job, low_report())
    await asyncio.sleep(0.25)
    assert "Low risk" in thread.replies()[0]["text"]
    assert len(thread.slack.calls_to("chat.update")) == 2


# --- who is notified ------------------------------------------------------------------------------------------------


async def test_after_a_long_run_one_reply_mentions_the_asker(thread: Thread) -> None:
    for _ in range(2):
        await thread.nudges(minutes=2).after(thread.job, low_report())
    (reply,) = thread.replies()
    assert {"type": "user", "user_id": thread.job.user} in reply["blocks"][0]["elements"][0]["elements"]
    assert "<@" not in reply["text"]


async def test_a_long_run_without_a_result_is_told_too_but_a_stopped_one_is_not(thread: Thread) -> None:
    delivery = thread.process(nudges=thread.nudges(minutes=2))
    await delivery.fail(thread.job, "stopped", "This was stopped.")
    assert len(thread.replies()) == 1
    await delivery.fail(thread.job, "scanned", "This looks like a scan.")
    assert "There is no result" in thread.replies()[1]["text"]


@pytest.mark.parametrize(
    ("minutes", "job", "report"),
    [
        (0.5, {}, {}),
        (2, {"of": 3}, {}),
        (2, {}, {"stopped_by": "U0ANN00001"}),
        (2, {}, {"earlier": EarlierAnalysis("an0", datetime(2026, 11, 1, tzinfo=UTC), "U1")}),
    ],
    ids=["short", "headline", "stopped", "earlier"],
)
async def test_nobody_is_notified_of_what_they_have_seen(thread: Thread, minutes, job, report) -> None:
    nudges = thread.nudges(minutes=minutes)
    await nudges.after(replace(thread.job, **job), replace(low_report(), **report))
    assert thread.replies() == []
