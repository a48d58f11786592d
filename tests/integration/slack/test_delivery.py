"""The placeholder, the result in its place, the report beside it: each once, whatever Slack does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smallprint.errors import SlackUnavailable
from smallprint.models.domain import Progress, Step
from smallprint.slack.client import SlackClients
from tests.fakes.reports import critical_report, low_report, thorough_report
from tests.fakes.slack import FakeSlack, Fault
from tests.integration.slack.threads import Thread, thread_in


@pytest.fixture
async def thread(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Thread]:
    async with thread_in(tmp_path, slack, clients) as thread:
        yield thread


async def test_the_result_takes_the_placeholders_place(thread: Thread) -> None:
    delivery = thread.process()
    await delivery.announce(thread.job)
    await delivery.progress(thread.job, Progress(Step.ANALYSING))
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


async def test_thirty_findings_are_one_message_without_a_file(thread: Thread) -> None:
    await thread.process().deliver(thread.job, critical_report())
    assert len(thread.replies()) == 1
    assert thread.files() == []


async def test_a_table_that_slack_does_not_take_becomes_a_list(thread: Thread) -> None:
    thread.slack.fail("chat.update", Fault.ERROR, error="invalid_attachments")
    await thread.process().deliver(thread.job, thorough_report())
    (reply,) = thread.replies()
    kinds = {block["type"] for block in reply["blocks"]}
    assert "rich_text" in kinds
    assert not kinds & {"table", "context_actions"}
    assert thread.files() == []


async def test_when_slack_refuses_every_block_the_text_and_one_file_say_everything(thread: Thread) -> None:
    for _ in range(2):
        thread.slack.fail("chat.update", Fault.ERROR, error="invalid_blocks", times=2)
        await thread.process().deliver(thread.job, low_report())
    assert "Low risk" in str(thread.replies()[0]["text"])
    assert len(thread.files()) == 1


async def test_an_upload_whose_answer_is_lost_is_found_again(thread: Thread) -> None:
    thread.slack.fail("chat.update", Fault.ERROR, error="invalid_blocks", times=2)
    thread.slack.fail("files.completeUploadExternal", Fault.LOST_ANSWER)
    await thread.process().deliver(thread.job, critical_report())
    assert len(thread.files()) == 1


async def test_a_failure_is_told_in_the_placeholders_place(thread: Thread) -> None:
    await thread.process().fail(thread.job, "empty", "This file is empty.")
    (reply,) = thread.replies()
    assert "This file is empty." in str(reply["text"])
