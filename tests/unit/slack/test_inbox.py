"""Which jobs an event asks for, and that they are on disk before Bolt goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import Job
from smallprint.slack.inbox import Inbox, SharedFiles, jobs_in

BOT = "UBOT"


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event": {"type": kind, **fields}}


def shared(**fields: Any) -> dict[str, Any]:
    return event(
        "message",
        **{
            "subtype": "file_share",
            "channel": "C1",
            "user": "UANN",
            "ts": "1.1",
            "files": [{"id": "F1"}],
            **fields,
        },
    )


def test_each_file_of_a_message_is_a_job_in_its_thread() -> None:
    jobs = jobs_in(shared(files=[{"id": "F1"}, {"id": "F2"}]), bot_user=BOT)
    assert [(job.file_id, job.thread_ts, job.user) for job in jobs] == [
        ("F1", "1.1", "UANN"),
        ("F2", "1.1", "UANN"),
    ]


def test_the_jobs_of_a_message_know_their_place_in_it() -> None:
    jobs = jobs_in(shared(thread_ts="0.5", files=[{"id": "F2"}, {"id": "F1"}]), bot_user=BOT)
    assert [(job.file_id, job.message_ts, job.ordinal, job.of) for job in jobs] == [
        ("F2", "1.1", 0, 2),
        ("F1", "1.1", 1, 2),
    ]


def test_a_file_in_a_thread_is_answered_in_that_thread() -> None:
    (job,) = jobs_in(shared(thread_ts="0.5"), bot_user=BOT)
    assert job.thread_ts == "0.5"


def test_a_message_and_a_mention_of_one_gesture_are_one_job() -> None:
    mention = event("app_mention", channel="C1", user="UANN", ts="1.1", files=[{"id": "F1"}])
    assert jobs_in(shared(), bot_user=BOT)[0].id == jobs_in(mention, bot_user=BOT)[0].id


def test_a_bare_file_shared_knows_no_thread_yet() -> None:
    (job,) = jobs_in(
        event("file_shared", channel_id="C1", user_id="UANN", file_id="F1", file={"id": "F1"}), bot_user=BOT
    )
    assert (job.thread_ts, job.trigger) == ("", "file_shared")


@pytest.mark.parametrize(
    "body",
    [
        shared(bot_id="B1"),
        shared(user=BOT),
        shared(subtype="message_changed"),
        shared(files=[]),
        shared(files=None),
        event("file_shared", channel_id="C1", user_id=BOT, file_id="F1"),
        event("reaction_added"),
        {"type": "url_verification"},
        {"command": "/analyse"},
        {},
    ],
)
def test_bots_our_own_posts_and_other_events_ask_for_nothing(body: dict[str, Any]) -> None:
    assert jobs_in(body, bot_user=BOT) == ()


def test_a_stub_from_a_shared_channel_is_a_job_of_the_workspace_that_installed_us() -> None:
    body = shared(files=[{"id": "F9", "file_access": "check_file_info"}]) | {
        "authorizations": [{"team_id": "THOME"}]
    }
    assert jobs_in(body, bot_user=BOT)[0].team == "THOME"


class Bolt:
    """The rest of the chain behind the inbox."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.request = AsyncBoltRequest(body=body, mode="socket_mode")
        self.went_on = False

    async def next(self) -> BoltResponse:
        self.went_on = True
        return BoltResponse(status=404)

    async def through(self, inbox: Inbox) -> BoltResponse:
        return await inbox.async_process(req=self.request, resp=BoltResponse(status=404), next=self.next)


async def test_an_event_is_acked_once_its_jobs_are_kept() -> None:
    kept: list[Job] = []

    async def accept(jobs: Sequence[Job]) -> None:
        kept.extend(jobs)

    bolt = Bolt(shared())
    response = await bolt.through(Inbox(SharedFiles(accept, bot_user=BOT)))
    assert (response.status, len(kept), bolt.went_on) == (200, 1, False)


async def test_everything_else_goes_on_to_its_listener() -> None:
    async def accept(jobs: Sequence[Job]) -> None:
        pytest.fail("nothing to keep")

    bolt = Bolt(event("message", channel="C1", user="UANN", ts="1.1", text="hello"))
    await bolt.through(Inbox(SharedFiles(accept, bot_user=BOT)))
    assert bolt.went_on


async def test_without_a_durable_row_there_is_no_ack() -> None:
    async def accept(jobs: Sequence[Job]) -> None:
        raise DatabaseUnavailable

    with pytest.raises(DatabaseUnavailable):
        await Bolt(shared()).through(Inbox(SharedFiles(accept, bot_user=BOT)))
