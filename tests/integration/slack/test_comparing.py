"""The comparison under a result: once, whatever Slack does and wherever the process dies."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from smallprint.errors import SlackUnavailable
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.repeats import with_prompts
from smallprint.jobs.workflow import DocumentTools
from smallprint.models.domain import Report
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.comparing_process import DEATHS
from tests.fakes.files import PlainReader
from tests.fakes.reports import critical_report, low_report, medium_report
from tests.fakes.slack import FakeSlack, Fault, Share
from tests.integration.slack.setting import files_of, job_for
from tests.integration.slack.threads import Thread, thread_in

ROOT = Path(__file__).parents[3]
TITLE = "Compared with the analysis of"


@pytest.fixture
async def thread(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Thread]:
    async with thread_in(tmp_path, slack, clients, trigger="with") as thread:
        yield thread


async def test_the_comparison_is_a_message_of_its_own(thread: Thread) -> None:
    await thread.process().compare(thread.job, medium_report(), low_report())
    (reply,) = thread.replies()
    assert "Low risk" in str(reply["text"])
    assert TITLE in str(reply["blocks"])


async def test_whoever_compares_and_however_often_there_is_one_message(thread: Thread) -> None:
    await asyncio.gather(
        *(thread.process().compare(thread.job, medium_report(), low_report()) for _ in range(3))
    )
    await thread.process("second").compare(thread.job, medium_report(), low_report())
    assert len(thread.replies()) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_ANSWER_500])
async def test_a_comparison_whose_answer_is_lost_is_found_again(thread: Thread, fault: Fault) -> None:
    thread.slack.fail("chat.postMessage", fault)
    await thread.process().compare(thread.job, medium_report(), low_report())
    assert len(thread.replies()) == 1


async def test_a_process_that_died_while_posting_it_is_not_repeated_by_the_next(thread: Thread) -> None:
    thread.slack.fail("chat.postMessage", Fault.LOST_ANSWER)
    thread.slack.fail("conversations.replies", Fault.UNAVAILABLE, times=20)
    with pytest.raises(SlackUnavailable):
        await thread.process("first").compare(thread.job, medium_report(), low_report())
    thread.slack.heal()
    await thread.process("first").compare(thread.job, medium_report(), low_report())
    assert len(thread.replies()) == 1


async def test_a_long_comparison_is_complete_in_a_file_that_is_uploaded_once(thread: Thread) -> None:
    await thread.process().compare(thread.job, _many(), critical_report())
    await thread.process().compare(thread.job, _many(), critical_report())
    (reply,) = thread.files()
    assert "-comparison-" in str(reply["files"])


async def test_when_slack_refuses_its_blocks_the_text_and_the_file_say_everything(thread: Thread) -> None:
    thread.slack.fail("chat.postMessage", Fault.ERROR, error="invalid_blocks")
    await thread.process().compare(thread.job, medium_report(), low_report())
    assert [bool(reply.get("files")) for reply in thread.replies()] == [False, True]
    assert "Low risk" in str(thread.replies()[0]["text"])


async def test_an_earlier_report_that_is_gone_is_said_to_be_gone(thread: Thread) -> None:
    await thread.process().compare(thread.job, None, low_report())
    (reply,) = thread.replies()
    assert "nothing to compare" in str(reply["text"])


def _many() -> Report:
    found = critical_report().findings
    return replace(
        critical_report(),
        findings=tuple(
            replace(each, evidence=(), finding=replace(each.finding, title=f"Else {number} " * 20))
            for number, each in enumerate(found * 4)
        ),
    )


# --- as a job --------------------------------------------------------------------------------------------


class Bot:
    """Everything between the job and the thread; opened again on the same folder it is the next process."""

    def __init__(self, slack: FakeSlack, clients: SlackClients, folder: Path) -> None:
        self.slack, self.clients, self.folder = slack, clients, folder
        self.analyser = HarmlessAnalyser()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[DocumentJobs]:
        database = await Database.open(f"sqlite+aiosqlite:///{self.folder}/app.db")
        sources = Sources(files_of(self.slack, self.clients), None)
        posts = Posts(self.clients, PostStore(database), "one")
        jobs = DocumentJobs(
            engine_url=f"sqlite:///{self.folder}/jobs.db",
            store=JobStore(database),
            documents=DocumentTools(
                files=sources,
                reader=PlainReader(),
                analyser=self.analyser,
                reports=self.analyser,
                delivery=ThreadDelivery(
                    self.clients, posts, Destinations(self.clients, posts), name_of=sources.name_of
                ),
                concurrency=2,
            ),
            retry_interval_s=0.01,
        )
        await jobs.start()
        try:
            yield jobs
        finally:
            await jobs.stop(5)
            await database.close()


async def test_a_stop_between_report_and_comparison_loses_neither_and_repeats_neither(
    slack: FakeSlack, clients: SlackClients, tmp_path: Path
) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", "Rent is due.")
    first = replace(job_for(share), user="U0ANN00001")
    again = with_prompts(first, {"document_analysis": 2}, user="U0ANN00001", thread_ts=share.ts)
    bot = Bot(slack, clients, tmp_path)

    def texts() -> list[str]:
        return [str(reply["text"]) for reply in slack.replies("contracts", share.ts)]

    async with bot.open() as jobs:
        await jobs.accept([first])
        await slack.wait_for(lambda: texts() and "Low risk" in texts()[0], 10, what="the first result")
        slack.fail("chat.postMessage", Fault.UNAVAILABLE, after=1, times=500)
        await jobs.accept([again])
        await slack.wait_for(lambda: len(texts()) == 2 and "Low risk" in texts()[1], 10, what="the second")
        assert not any(TITLE in text for text in texts())
    slack.heal()
    async with bot.open():
        await slack.wait_for(lambda: any(TITLE in text for text in texts()), 10, what="the comparison")
    async with bot.open():
        await asyncio.sleep(0.5)
    assert [TITLE in text for text in texts()] == [False, False, True]
    assert bot.analyser.runs == [first.id, again.id]


async def test_kill_9_before_and_after_the_comparison_leaves_one(slack: FakeSlack, tmp_path: Path) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", "Rent is due.")
    ends = [await _process(slack, tmp_path, share, death) for death in DEATHS]
    assert ends == [-signal.SIGKILL, -signal.SIGKILL, 0]
    texts = [str(reply["text"]) for reply in slack.replies("contracts", share.ts)]
    assert [TITLE in text for text in texts] == [False, False, True]
    assert (tmp_path / "reports.log").read_text().splitlines() == [
        job.id
        for job in (
            job_for(share),
            with_prompts(job_for(share), {"document_analysis": 2}, user="", thread_ts=""),
        )
    ]


async def _process(slack: FakeSlack, folder: Path, share: Share, death: str) -> int:
    """How it ended."""
    given = (folder, slack.api_url, slack.bot_token, share.channel, share.ts, share.file_id, death)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.comparing_process", *map(str, given), cwd=ROOT
    )
    async with asyncio.timeout(60):
        return await process.wait()
