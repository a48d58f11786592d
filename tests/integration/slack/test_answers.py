"""An answer in its thread: streamed while it comes, whole at the end, once, whatever Slack does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smallprint.errors import SlackUnavailable, Stopped
from smallprint.jobs.stops import NOBODY
from smallprint.models.domain import Job, JobKind, Progress, Stop
from smallprint.services.database.connection import Database
from smallprint.services.database.posts import PostStore
from smallprint.slack.answers import ThreadAnswers
from smallprint.slack.blocks.answer import LOOKING
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import StopOf
from smallprint.slack.destinations import Destinations
from smallprint.slack.posts import Posts
from tests.fakes.asked import a_verified_point, a_whole_answer
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.streams import is_streaming
from tests.fakes.slack.workspace import ANN, BOT_USER, CONTRACTS, TEAM

FIRST = a_verified_point("Notice is ninety days.")
SECOND = a_verified_point("It must be in writing.", "written notice")


class RecordingStatus:
    def __init__(self) -> None:
        self.said: list[str] = []

    async def show(self, job: Job, progress: Progress) -> None:
        self.said.append(job.id)

    async def clear(self, job: Job) -> None:
        self.said.append("cleared")


class Conversation:
    """A thread with a question in it, and processes that answer."""

    def __init__(
        self, slack: FakeSlack, clients: SlackClients, database: Database, root: str, ts: str
    ) -> None:
        self.slack, self.clients, self.database = slack, clients, database
        self.status = RecordingStatus()
        self.now_s = 0.0
        self.job = Job(
            "ask-1234567890",
            TEAM,
            CONTRACTS,
            root,
            "",
            ANN,
            "app_mention",
            message_ts=ts,
            kind=JobKind.QUESTION,
        )

    def process(self, owner: str = "first", stop_of: StopOf | None = None) -> ThreadAnswers:
        """With nothing in memory: what a restart leaves."""
        posts = Posts(self.clients, PostStore(self.database), owner)
        return ThreadAnswers(
            self.clients,
            posts,
            Destinations(self.clients, posts),
            bot_user=BOT_USER,
            status=self.status,
            stop_of=stop_of,
            clock=lambda: self.now_s,
            update_every_s=0.0,
        )

    def replies(self) -> list[dict[str, Any]]:
        return self.slack.replies("contracts", self.job.thread_ts)

    def only(self) -> str:
        """The one reply, in the end no stream any more, as a reader sees it."""
        (reply,) = self.replies()
        assert not is_streaming(reply)
        return str(reply["blocks"])

    def count(self, method: str) -> int:
        return sum(not call.error for call in self.slack.calls_to(method))


@pytest.fixture
async def talk(slack: FakeSlack, clients: SlackClients, tmp_path: Path) -> AsyncIterator[Conversation]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'posts.db'}")
    root = await slack.say("contracts", "ann", "please read")
    asked = await slack.say("contracts", "ann", "who pays?", thread_ts=root.ts)
    yield Conversation(slack, clients, database, root.ts, asked.ts)
    await database.close()


async def answered(talk: Conversation, answers: ThreadAnswers) -> None:
    await answers.announce(talk.job)
    async with answers.live(talk.job) as show:
        await show([FIRST])
        await show([SECOND])
    await answers.deliver(talk.job, a_whole_answer(FIRST, SECOND))


async def test_points_are_streamed_as_they_come_and_the_whole_answer_takes_their_place(talk) -> None:
    answers = talk.process()
    await answers.announce(talk.job)
    assert LOOKING in str(talk.replies())
    async with answers.live(talk.job) as show:
        await show([FIRST])
        assert "Notice is ninety days." in str(talk.replies())
        assert talk.status.said == [talk.job.id]
    await answers.deliver(talk.job, a_whole_answer(FIRST, SECOND))
    text = talk.only()
    assert "It must be in writing." in text
    assert LOOKING not in text
    assert talk.status.said[-1] == "cleared"
    assert (talk.count("chat.appendStream"), talk.count("chat.stopStream")) == (1, 1)


async def test_a_stream_names_its_reader_as_slack_wants_in_channels(talk) -> None:
    await talk.process().announce(talk.job)
    (call,) = talk.slack.calls_to("chat.startStream")
    assert (call.arguments["recipient_user_id"], call.arguments["recipient_team_id"]) == (ANN, TEAM)


async def test_after_four_minutes_the_message_is_updated_instead(talk) -> None:
    answers = talk.process()
    await answers.announce(talk.job)
    async with answers.live(talk.job) as show:
        await show([FIRST])
        talk.now_s = 241.0
        await show([SECOND])
        assert "It must be in writing." in talk.only()
    await answers.deliver(talk.job, a_whole_answer(FIRST, SECOND))
    assert talk.count("chat.appendStream") == 1
    assert "✓ verified" in talk.only()


async def test_a_stream_that_slack_has_ended_is_gone_on_with_by_updates(talk) -> None:
    talk.slack.core.stream_life_s = 0.0
    await answered(talk, talk.process())
    assert "It must be in writing." in talk.only()
    assert talk.count("chat.appendStream") == 0


@pytest.mark.parametrize("error", ["unknown_method", "missing_recipient_user_id", "feature_not_enabled"])
async def test_where_slack_has_no_streams_a_placeholder_is_updated(talk, error) -> None:
    talk.slack.fail("chat.startStream", Fault.ERROR, error=error, times=9)
    await answered(talk, talk.process())
    assert "It must be in writing." in talk.only()
    assert talk.count("chat.postMessage") == 1


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.update", "chat.stopStream"])
async def test_a_slack_that_stumbles_on_the_way_shows_the_answer_in_the_end(talk, method) -> None:
    answers = talk.process()
    await answers.announce(talk.job)
    talk.slack.fail(method, Fault.SERVER_ERROR, times=2)
    async with answers.live(talk.job) as show:
        await show([FIRST])
        await show([SECOND])
    for _ in range(3):
        try:
            await answers.deliver(talk.job, a_whole_answer(FIRST, SECOND))
            break
        except SlackUnavailable:
            continue
    assert "It must be in writing." in talk.only()


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_ANSWER_500])
async def test_a_stream_whose_beginning_nobody_confirmed_is_found_again(talk, fault) -> None:
    talk.slack.fail("chat.startStream", fault)
    await answered(talk, talk.process())
    assert "It must be in writing." in talk.only()
    assert len(talk.slack.calls_to("chat.startStream")) == 1


@pytest.mark.parametrize("keeps_ids", [True, False])
async def test_after_a_crash_between_a_stream_and_its_note_there_is_still_one_answer(talk, keeps_ids) -> None:
    """The claim stands in the table, the message in Slack, and nobody knows its ts."""
    other = replace(talk.job, id="ask-other")
    await talk.process().announce(other)
    await PostStore(talk.database).claim(f"{talk.job.id}/answer", "second")
    await talk.clients.write.chat_startStream(
        channel=talk.job.channel,
        thread_ts=talk.job.thread_ts,
        recipient_user_id=ANN,
        recipient_team_id=TEAM,
        chunks=[{"type": "blocks", "blocks": [_first_block(talk.job, keeps_ids=keeps_ids)]}],
    )
    await answered(talk, talk.process("second"))
    assert len(talk.replies()) == 2
    assert LOOKING in str(talk.replies()[0])
    assert "It must be in writing." in str(talk.replies()[1])


@pytest.mark.parametrize("step", ["announced", "showing", "delivered"])
async def test_another_process_goes_on_in_the_same_message(talk, step) -> None:
    first = talk.process()
    await first.announce(talk.job)
    if step != "announced":
        async with first.live(talk.job) as show:
            await show([FIRST])
    if step == "delivered":
        await first.deliver(talk.job, a_whole_answer(FIRST))
    await answered(talk, talk.process("second"))
    assert "It must be in writing." in talk.only()


async def test_a_sentence_stands_in_the_answers_place(talk) -> None:
    answers = talk.process()
    await answers.announce(talk.job)
    await answers.say(talk.job, "The month's budget is used up.")
    assert "budget" in talk.only()


@pytest.mark.parametrize(("by", "kept"), [(ANN, True), (NOBODY, False)], ids=["somebody", "to be forgotten"])
async def test_a_stopped_answer_keeps_what_was_found_unless_it_is_to_be_forgotten(talk, by, kept) -> None:
    async def stop_of(_: str) -> Stop:
        return Stop(by, 12_000_000, 0)

    delivery = talk.process(stop_of=stop_of)
    with suppress(Stopped):
        async with delivery.live(talk.job) as show:
            await show([FIRST])
            raise Stopped(by=by)
    await delivery.stopped(talk.job)
    assert ("Notice is ninety days." in talk.only()) is kept
    assert "$0.01" in talk.only()


async def test_help_is_one_message_without_a_stream(talk) -> None:
    await talk.process().say(talk.job, "Share a document.")
    await talk.process().say(talk.job, "Share a document.")
    assert "Share a document." in talk.only()
    assert talk.slack.calls_to("chat.startStream") == []


async def test_an_answer_that_does_not_fit_is_followed_by_a_file_with_all_of_it(talk) -> None:
    answers = talk.process()
    await answers.announce(talk.job)
    long = a_whole_answer(*[a_verified_point("so " * 300, "word " * 200)] * 8)
    await answers.deliver(talk.job, long)
    await answers.deliver(talk.job, long)
    assert [bool(reply.get("files")) for reply in talk.replies()] == [False, True]


async def test_an_answer_whose_message_was_deleted_is_posted_again(talk) -> None:
    answers = talk.process()
    await answers.announce(talk.job)
    (begun,) = talk.replies()
    await talk.clients.write.chat_delete(channel=talk.job.channel, ts=begun["ts"])
    await answers.deliver(talk.job, a_whole_answer(SECOND))
    assert "It must be in writing." in talk.only()


def _first_block(job: Job, *, keeps_ids: bool) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "context", "elements": [{"type": "plain_text", "text": LOOKING}]}
    return {**block, "block_id": f"question-{job.id}"} if keeps_ids else block
