"""Which events ask us something, and what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Job, JobKind
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.questions import MOST, Questions, question_in, question_text

BOT = "UBOT"


def event(kind: str = "app_mention", **fields: Any) -> dict[str, Any]:
    given = {"channel": "C1", "user": "UANN", "ts": "2.1", "thread_ts": "1.1", "text": "<@UBOT> who pays?"}
    return {"type": "event_callback", "team_id": "T1", "event": {"type": kind, **given, **fields}}


def direct(**fields: Any) -> dict[str, Any]:
    return event("message", **{"channel": "D1", "channel_type": "im", "text": "who pays?", **fields})


def asked(body: dict[str, Any]) -> Job | None:
    return question_in(body, bot_user=BOT)


def test_a_mention_in_a_thread_is_a_question_about_that_thread() -> None:
    job = asked(event())
    assert job is not None
    assert (job.kind, job.thread_ts, job.message_ts, job.user, job.trigger) == (
        JobKind.QUESTION,
        "1.1",
        "2.1",
        "UANN",
        "app_mention",
    )
    assert job.brief.question == "who pays?"


def test_a_mention_outside_of_threads_opens_one() -> None:
    job = asked(event(thread_ts=None))
    assert job is not None
    assert job.thread_ts == job.message_ts == "2.1"


def test_every_delivery_of_one_message_is_one_question() -> None:
    assert asked(event()) == asked(event())
    assert asked(event()) != asked(event(ts="2.2"))


def test_a_direct_message_needs_no_mention() -> None:
    job = asked(direct())
    assert job is not None
    assert (job.trigger, job.brief.question) == ("message", "who pays?")


@pytest.mark.parametrize(
    "body",
    [
        event("message", channel_type="channel", text="who pays?"),
        event("message", channel_type="channel", text="<@UBOT> who pays?"),
        event("message", channel_type="mpim"),
        event(files=[{"id": "F1"}]),
        direct(files=[{"id": "F1"}]),
        direct(subtype="message_changed"),
        direct(subtype="file_share"),
        direct(bot_id="B1"),
        direct(user=BOT),
        direct(user=None),
        direct(text="  "),
        direct(hidden=True),
        event(bot_id="B1"),
        event("reaction_added"),
        event(channel=None),
        {"type": "block_actions"},
    ],
)
def test_what_people_say_among_themselves_and_what_bots_say_is_no_question(body) -> None:
    assert asked(body) is None


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("<@UBOT> who pays?", "who pays?"),
        ("<@UBOT>", ""),
        ("hey <@UBOT|smallprint>, who pays <@U2|bob>?", "hey , who pays @bob?"),
        ("ask <@U2> in <#C2|legal> <!here>", "ask @somebody in #legal @here"),
        ("see <https://a.example/x?a=1&amp;b=2|the annex>", "see the annex (https://a.example/x?a=1&b=2)"),
        ("is 3 &lt; 4 &amp;lt; 5?", "is 3 < 4 &lt; 5?"),
        ("two\n\n\n\nlines\u202e", "two\n\nlines"),
    ],
)
def test_the_question_is_what_was_written_in_plain_words(written, question) -> None:
    assert question_text(written, BOT) == question


@given(st.text(max_size=300))
def test_any_text_gives_a_question_of_bounded_length(text) -> None:
    assert len(question_text(text * 20, BOT)) <= MOST


class Kept:
    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def accept(self, jobs: Sequence[Job]) -> None:
        self.jobs += jobs


async def test_beside_the_keeper_of_files_each_gesture_is_one_job() -> None:
    kept = Kept()
    inbox = Inbox(SharedFiles(kept.accept, bot_user=BOT), Questions(kept.accept, bot_user=BOT))
    assert await inbox.keep(event(files=[{"id": "F1"}]))
    assert await inbox.keep(event(ts="3.1"))
    assert not await inbox.keep(event("message", channel_type="channel", text="lunch?"))
    assert [job.kind for job in kept.jobs] == [JobKind.DOCUMENT, JobKind.QUESTION]
