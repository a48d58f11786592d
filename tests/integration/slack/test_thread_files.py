"""The files that people shared in a thread before anybody asked us."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smallprint.errors import NotInChannel
from smallprint.jobs.intake import job_id
from smallprint.models.domain import Job
from smallprint.slack.client import SlackClients
from smallprint.slack.thread_files import MOST_FILES, ThreadFiles
from tests.fakes.questions import a_question
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.files import Upload
from tests.fakes.slack.workspace import BOT_USER, CONTRACTS, TEAM


def asked(root: str) -> Job:
    return replace(a_question(), team=TEAM, channel=CONTRACTS, thread_ts=root)


def files(clients: SlackClients) -> ThreadFiles:
    return ThreadFiles(clients, bot_user=BOT_USER)


async def test_files_on_the_root_and_in_replies_become_jobs_as_if_they_were_shared_with_a_mention(
    slack: FakeSlack, clients: SlackClients
) -> None:
    root = await slack.share("contracts", "ann", "one.txt", "1")
    reply = await slack.share(
        "contracts", "bob", files=(Upload("two.txt", b"2"), Upload("three.txt", b"3")), thread_ts=root.ts
    )
    found = await files(clients).files(asked(root.ts))
    assert found[0].id == job_id(TEAM, CONTRACTS, root.ts, root.file_id)
    assert [(job.trigger, job.message_ts, job.ordinal, job.of) for job in found] == [
        ("app_mention", root.ts, 0, 1),
        ("app_mention", reply.ts, 0, 2),
        ("app_mention", reply.ts, 1, 2),
    ]


async def test_our_own_files_are_no_documents(slack: FakeSlack, clients: SlackClients) -> None:
    root = await slack.say("contracts", "ann", "hello")
    await clients.write.files_upload_v2(
        channel=CONTRACTS, thread_ts=root.ts, filename="report.md", title="Report", content="x"
    )
    assert await files(clients).files(asked(root.ts)) == ()


async def test_in_a_long_thread_the_latest_are_meant(slack: FakeSlack, clients: SlackClients) -> None:
    root = await slack.say("contracts", "ann", "hello")
    shared = [
        await slack.share("contracts", "ann", f"{number}.txt", "x", thread_ts=root.ts)
        for number in range(MOST_FILES + 2)
    ]
    found = await files(clients).files(asked(root.ts))
    assert [job.file_id for job in found] == [share.file_id for share in shared[2:]]


async def test_a_thread_that_is_gone_has_none_and_a_closed_one_is_said(
    slack: FakeSlack, clients: SlackClients
) -> None:
    assert await files(clients).files(asked("1.1")) == ()
    with pytest.raises(NotInChannel):
        await files(clients).files(replace(asked("1.1"), channel="C0VAULT001"))
